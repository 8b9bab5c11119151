/**
 * Callbacks: what is posted to the address that a try has given out.
 *
 * Invariants:
 * 1. An address is bound to one try: it counts while that try is under way or has ended well, and until its time is up.
 * 2. What does not fit what the action expects is refused and changes nothing: the right one may still come.
 * 3. One that comes too late is recorded and changes nothing; an instance that has ended takes no record of it.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { parseInstant } from "../../instant.js";
import { isJsonObject, type Json } from "../../json/json.js";
import type { Rejection } from "../../message/answer.js";
import type { CallbackCommand } from "../../message/command.js";
import type { Failure } from "../../message/failure.js";
import type { Response } from "../../message/response.js";
import type { ActionModel } from "../../model/machine.js";
import type { ActionRun, Token } from "../../model/snapshot.js";
import { actionScope } from "../actions/action-scope.js";
import { actionNamed } from "../actions/agenda.js";
import { keepResponse } from "../actions/tries.js";
import { handleActionFailure } from "../failure/handle-failure.js";
import { clearTimer, hasEnded, record, type Turn } from "../turn.js";
import { done, type Handled } from "./handled.js";

export function takeCallback(turn: Turn, command: CallbackCommand): Handled {
  const token = turn.draft.tokens.find((candidate) => isAwaited(turn, candidate, command));
  const run = token?.agenda?.running;
  if (token === undefined || run === undefined) return comeLate(turn, command);
  const action = actionNamed(turn, run.actionId);
  const response: Response = { status: 200, headers: {}, body: command.body };
  const failure = failureIn(action, response);
  const rejection = failure === undefined ? misfit(turn, token, action, response) : undefined;
  if (rejection !== undefined) return { rejection };
  record(turn, "callback-taken", { actionId: run.actionId, try: run.tries });
  endWait(turn, run);
  const problem = failure ?? keepResponse(turn, token, action, response);
  if (problem !== undefined) handleActionFailure(turn, token, run, { ...problem, response });
  return done(turn);
}

function isAwaited(turn: Turn, token: Token, { key, tryNumber }: CallbackCommand): boolean {
  const run = token.agenda?.running;
  if (run?.callback === undefined || run.key !== key || run.tries !== tryNumber) return false;
  return turn.nowMs < (parseInstant(run.callback.dueAt) ?? 0);
}

function comeLate(turn: Turn, { key, tryNumber }: CallbackCommand): Handled {
  const message = `Nobody waits for the callback of try ${tryNumber} of "${key}" any more: its time is up, another try was made, or the action is over.`;
  if (hasEnded(turn.draft)) return { rejection: { code: "CALLBACK_GONE", message } };
  record(turn, "late-callback", { key, try: tryNumber });
  return { answer: { outcome: "late", seq: turn.draft.seq, message } };
}

/** What the try itself says is not waited for any more either. */
function endWait(turn: Turn, run: ActionRun): void {
  if (run.callback !== undefined) clearTimer(turn, run.callback.timerId);
  if (run.effect !== undefined) turn.effects.push({ kind: "end-effect", ...run.effect });
  delete run.callback;
  delete run.effect;
}

function misfit(turn: Turn, token: Token, action: ActionModel, response: Response): Rejection | undefined {
  const refuse = (message: string, violations: Rejection["violations"] = []): Rejection => ({
    code: "VALIDATION_FAILED",
    message: `Action "${action.actionId}": the callback ${message}`,
    violations,
  });
  const violations = action.awaits?.check(response.body) ?? [];
  if (violations.length > 0) {
    const list = violations.map((violation) => violation.message).join("; ");
    return refuse(
      `is not as expected: ${list}`,
      violations.map(({ path, message }) => ({ path, message })),
    );
  }
  const condition = action.awaits?.condition;
  if (condition === undefined) return undefined;
  const unmet = `does not meet the condition ${condition.source}`;
  try {
    const extras = { response: response as unknown as Json };
    if (condition.holds(actionScope(turn, token, extras))) return undefined;
    return refuse(unmet, [{ path: "", message: `It ${unmet}.` }]);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return refuse(error.message);
  }
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const MAX_MESSAGE_CHARS = 2_000;

/** `{ "error": … }`: the work has failed, and says so. It names a code where it can. */
function failureIn({ actionId }: ActionModel, { body }: Response): Failure | undefined {
  if (!isJsonObject(body) || body.error === undefined || body.error === null) return undefined;
  const { error } = body;
  const details = isJsonObject(error) ? error : {};
  const code = [details.code, details.errorCode, body.errorCode].find(
    (named): named is string => typeof named === "string" && CODE.test(named),
  );
  const said = typeof error === "string" ? error : details.message;
  const message = typeof said === "string" ? said.slice(0, MAX_MESSAGE_CHARS) : "it failed";
  return {
    code: code ?? "ACTION_FAILED",
    message: `Action "${actionId}": its callback says: ${message}`,
    isFinal: true,
  };
}
