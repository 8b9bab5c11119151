/**
 * What happens when something fails: a further try, an error route, the strategies, in this order.
 *
 * 1. A try that can be repeated is repeated, each wait a durable timer.
 * 2. `onTimeout` is asked each time a try runs out of time; any strategy but `retry` acts at once.
 * 3. `onError` is asked when the tries are used up or the failure is final.
 * 4. An explicit error route beats every strategy.
 */
import type { Failure } from "../../message/failure.js";
import type { Strategy } from "../../model/machine.js";
import type { ActionRun, Token } from "../../model/snapshot.js";
import { actionNamed } from "../agenda.js";
import { record, stateOf, type Turn } from "../turn.js";
import { abort, errorDataOf, rememberError } from "./abort.js";
import { takeErrorRoute } from "./error-route.js";
import { openIncident } from "./incidents.js";
import { applyStrategies } from "./strategies.js";
import { giveUp, isRepeatable, scheduleRetry, type Trouble } from "./trouble.js";

/** Decides about a failed try of the token's running action. */
export function handleActionFailure(turn: Turn, token: Token, run: ActionRun, failure: Failure): void {
  const trouble: Trouble = { token, action: actionNamed(turn, run.actionId), run, failure };
  delete run.effect;
  record(turn, "try-failed", {
    actionId: run.actionId,
    try: run.tries,
    code: failure.code,
    message: failure.message,
    isFinal: failure.isFinal,
    responseStatus: failure.responseStatus,
  });
  if (failure.timedOut === true) handleTimeout(turn, trouble);
  else if (mayRetry(trouble)) scheduleRetry(turn, trouble);
  else conclude(turn, trouble, trouble.action.onError);
}

/** Decides about a failure that no action made: a decision without a way out. */
export function handleStateFailure(turn: Turn, token: Token, failure: Failure): void {
  if (takeErrorRoute(turn, token, failure)) return;
  const strategy = turn.machine.onError.find(
    (candidate) => candidate.strategy === "notify" || candidate.strategy === "abort",
  );
  if (strategy?.strategy !== "notify") {
    abort(turn, token, failure);
    return;
  }
  rememberError(turn, errorDataOf(turn, token, failure));
  openIncident(turn, token, { code: failure.code, message: failure.message, suspends: true });
}

function handleTimeout(turn: Turn, trouble: Trouble): void {
  const { action } = trouble;
  const [first, ...others] = action.onTimeout;
  if (first?.strategy !== "retry") conclude(turn, trouble, action.onTimeout);
  else if (mayRetry(trouble)) scheduleRetry(turn, trouble);
  else conclude(turn, trouble, others.length > 0 ? others : action.onError);
}

function mayRetry(trouble: Trouble): boolean {
  const { action, run } = trouble;
  const triesAllowed = run.round === 0 ? 1 + action.retry.retryCount : action.retry.retryCount;
  return isRepeatable(trouble) && run.triesInRound < triesAllowed;
}

/** The tries are used up: an error route, else the strategies. A final state has no routes. */
function conclude(turn: Turn, trouble: Trouble, strategies: readonly Strategy[]): void {
  const { token, failure } = trouble;
  const hasRoutes = !stateOf(turn, token).isFinal;
  if (hasRoutes && takeErrorRoute(turn, token, failure, () => giveUp(turn, trouble))) return;
  applyStrategies(turn, trouble, strategies);
}
