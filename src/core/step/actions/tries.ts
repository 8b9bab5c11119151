/**
 * Tries of actions that reach the world: begun, sent again, completed.
 *
 * Invariant: a request is rendered once; every try of a run sends the same bytes under the same key. Rendering draws on
 * the run's own time and randomness, so that it can be repeated and compared.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { formatInstant, parseInstant } from "../../instant.js";
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import { commandRandom } from "../../message/command-random.js";
import type { TryEffect } from "../../message/effect.js";
import type { Failure } from "../../message/failure.js";
import type { Response } from "../../message/response.js";
import type { ActionModel } from "../../model/machine.js";
import type { ActionRecord, ActionRun, Token } from "../../model/snapshot.js";
import { emitActionCallback } from "../notices.js";
import { emitTry, nextActionKey, record, setTimer, type Turn } from "../turn.js";
import { keepCompensation, undoNext } from "../undo/compensation-log.js";
import { closeRecord, currentRecord, keepOutcome } from "./action-records.js";
import { actionScope } from "./action-scope.js";
import { keepOutput } from "./assign.js";

/** The channel that performs an action; undefined for what happens in the turn itself. */
export function channelOf(action: ActionModel): TryEffect["channel"] | undefined {
  return action.kind === "webhook" || action.kind === "notification" || action.kind === "function"
    ? action.kind
    : undefined;
}

export function beginTry(turn: Turn, token: Token, action: ActionModel, channel: TryEffect["channel"]): void {
  const run = startRun(turn, token, action);
  run.request = renderRequest(turn, token, action, run);
  sendTry(turn, token, action, run, channel);
  record(turn, "action-started", { actionId: action.actionId, key: run.key });
}

/** Opens the run of an action, before anything of it is known to work. */
export function startRun(turn: Turn, token: Token, action: ActionModel): ActionRun {
  const run: ActionRun = {
    actionId: action.actionId,
    key: nextActionKey(turn, action.actionId),
    request: {},
    renderedAt: turn.nowText,
    seed: turn.command.random,
    progress: "in-progress",
    triesInRound: 0,
    round: 0,
    tries: 0,
  };
  if (action.delivery === "atMostOnce" && channelOf(action) !== undefined) run.isOnce = true;
  if (token.agenda !== undefined) token.agenda.running = run;
  return run;
}

/** What the action sends: the same for the same run, unless data has changed. Throws `EvaluationError`. */
export function renderRequest(turn: Turn, token: Token, action: ActionModel, run: ActionRun): JsonObject {
  const undo = run.asksAbout === undefined ? token.agenda?.actions[token.agenda.next]?.undo : undefined;
  if (undo?.problem !== undefined) throw new EvaluationError(undo.problem);
  if (undo?.request !== undefined) return undo.request;
  const random = commandRandom(run.seed, run.key);
  const scope = {
    ...actionScope(turn, token),
    nowMs: parseInstant(run.renderedAt) ?? turn.nowMs,
    uuid: () => random.uuid(),
  };
  return asObject(action.request.render(scope));
}

/** Puts a further try of a run into the outbox. */
export function sendTry(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  channel = channelOf(action),
): void {
  if (channel === undefined) {
    throw new Error(`Broken invariant: action "${action.actionId}" is not sent anywhere.`);
  }
  run.progress = "in-progress";
  run.tries += 1;
  run.triesInRound += 1;
  delete run.retryTimerId;
  delete run.isRetryDue;
  delete run.doubt;
  run.effect = emitTry(turn, {
    key: run.key,
    actionId: run.actionId,
    channel,
    request: run.request,
    timeoutMs: action.timeoutMs,
    tryNumber: run.tries,
    ...(action.awaits === undefined ? {} : { awaitsCallback: true }),
    ...(run.isOnce === true ? { delivery: "atMostOnce" } : {}),
  });
  if (action.awaits !== undefined) waitForCallback(turn, token, run, action.awaits.timeoutMs);
  const actionRecord = currentRecord(token, run.actionId);
  actionRecord.status = "in-progress";
  actionRecord.tries = run.tries;
  delete actionRecord.completedAt;
  delete actionRecord.error;
  keepOutcome(turn, run.actionId, { status: "in-progress" });
}

/** From the send on: the callback may come before the try's own answer. */
function waitForCallback(turn: Turn, token: Token, run: ActionRun, timeoutMs: number): void {
  const timerId = `${token.tokenId}.${token.visit.ordinal}.${run.actionId}.callback-${run.tries}`;
  const dueAtMs = turn.nowMs + timeoutMs;
  run.callback = { timerId, dueAt: formatInstant(dueAtMs) };
  setTimer(turn, timerId, dueAtMs);
}

/** What a completed try brought: checked, and kept, unless the callback is still to come. */
export function completeTry(
  turn: Turn,
  token: Token,
  action: ActionModel,
  response: Response,
): Failure | undefined {
  const extras = { response: response as unknown as Json };
  try {
    const { responseCondition } = action;
    if (responseCondition !== undefined && !responseCondition.holds(actionScope(turn, token, extras))) {
      return {
        code: "RESPONSE_MISMATCH",
        message: `Action "${action.actionId}": the response does not meet the condition ${responseCondition.source}`,
        isFinal: true,
        responseStatus: response.status,
      };
    }
  } catch (error) {
    return { ...evaluationFailure(action, error), responseStatus: response.status };
  }
  const run = token.agenda?.running;
  if (action.awaits === undefined || run === undefined) return keepResponse(turn, token, action, response);
  run.progress = "awaiting";
  delete run.effect;
  record(turn, "action-awaits", { actionId: action.actionId, dueAt: run.callback?.dueAt });
  return undefined;
}

/** What the work brought is kept where `output` says so; then the agenda goes on. */
export function keepResponse(
  turn: Turn,
  token: Token,
  action: ActionModel,
  response: Response,
): Failure | undefined {
  const extras = { response: response as unknown as Json };
  try {
    // What is settled for a rollback leaves nothing in the data that is about to be put back.
    const problem = isSettling(token) ? undefined : keepOutput(turn, token, action, extras);
    if (problem !== undefined) return { ...problem, responseStatus: response.status };
  } catch (error) {
    return { ...evaluationFailure(action, error), responseStatus: response.status };
  }
  const ending = { result: response.body, ...extras };
  finishAction(turn, token, action, currentRecord(token, action.actionId), ending);
  return undefined;
}

export function evaluationFailure(action: ActionModel, error: unknown): Failure {
  if (!(error instanceof EvaluationError)) throw error;
  return { code: "TEMPLATE_ERROR", message: `Action "${action.actionId}": ${error.message}`, isFinal: true };
}

/** Ends an action well: `completed`, or `completed` although it ran out of time (`proceed`). */
export function finishAction(
  turn: Turn,
  token: Token,
  action: ActionModel,
  actionRecord: ActionRecord,
  ending: {
    readonly result?: Json;
    readonly response?: Json;
    readonly timedOut?: boolean;
    /** Nobody knows; an operator has said so. */
    readonly takenAsDone?: boolean;
  },
): void {
  closeRecord(turn, actionRecord, {
    status: "completed",
    ...(ending.result === undefined ? {} : { result: ending.result }),
  });
  if (ending.timedOut === true) actionRecord.timedOut = true;
  record(turn, "action-completed", {
    actionId: action.actionId,
    ...(ending.timedOut === true ? { timedOut: true } : {}),
    ...(ending.takenAsDone === true ? { takenAsDone: true } : {}),
  });
  emitActionCallback(turn, action, actionRecord);
  keepCompensation(turn, token, action, ending.response);
  if (isSettling(token)) undoNext(turn, token, action, ending.response);
  noteCompensated(turn, token);
  advanceAgenda(token);
}

/** What a compensation has undone is `compensated`: for expressions, and in the visit while that is open. */
function noteCompensated(turn: Turn, token: Token): void {
  const undo = token.agenda?.actions[token.agenda.next]?.undo;
  if (undo === undefined) return;
  const known = Object.hasOwn(turn.draft.actions, undo.undoes) ? turn.draft.actions[undo.undoes] : undefined;
  keepOutcome(turn, undo.undoes, { ...known, status: "compensated" });
  const undone = token.visit.actions.findLast(({ actionId }) => actionId === undo.undoes);
  if (undone !== undefined && token.visit.ordinal === undo.visit) undone.status = "compensated";
  record(turn, "action-compensated", { actionId: undo.undoes, by: undo.actionId });
}

/** What the agenda runs was sent before, and a rollback waits to know whether it was done; not of a compensation itself. */
export function isSettling({ agenda }: Token): boolean {
  const planned = agenda?.actions[agenda.next];
  return agenda?.rollback !== undefined && planned?.settles !== undefined && planned.undo === undefined;
}

/** Marks the running action as over and lets the next one have its turn. */
export function advanceAgenda(token: Token): void {
  if (token.agenda === undefined) return;
  delete token.agenda.running;
  token.agenda.next += 1;
}

export function asObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}
