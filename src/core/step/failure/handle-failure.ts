/**
 * What happens when something fails: a further try, an error route, the strategies, in this order.
 *
 * 1. A try that can be repeated is repeated, each wait a durable timer.
 * 2. `onTimeout` is asked each time a try runs out of time; any strategy but `retry` acts at once.
 * 3. `onError` is asked when the tries are used up or the failure is final.
 * 4. An explicit error route beats every strategy.
 * 5. What may have been done has not failed: none of this is asked (`unknown/`).
 */
import type { Failure } from "../../message/failure.js";
import type { Strategy } from "../../model/machine.js";
import type { ActionRun, Token } from "../../model/snapshot.js";
import { currentRecord } from "../actions/action-records.js";
import { actionNamed } from "../actions/agenda.js";
import { isSettling } from "../actions/tries.js";
import { hasLostChild } from "../tokens/token-tree.js";
import { isHeld } from "../transition/select.js";
import { clearTimer, hasEnded, record, stateOf, type Turn } from "../turn.js";
import { failCompensation } from "../undo/failed-compensation.js";
import { rollBack } from "../undo/roll-back.js";
import { holdInDoubt } from "../unknown/hold.js";
import { enterDoubt } from "../unknown/in-doubt.js";
import { ask, concludeAsking, type Decided } from "../unknown/reconcile.js";
import { dropSettled } from "../unknown/take-up.js";
import { abort, errorDataOf, rememberError } from "./abort.js";
import { AUTOMATIC_LIMIT } from "./automatic-limit.js";
import { takeErrorRoute } from "./error-route.js";
import { type IncidentReport, openIncident } from "./incidents.js";
import { applyStrategies, tellOnly } from "./strategies.js";
import { giveUp, isRepeatable, scheduleRetry, type Trouble } from "./trouble.js";

/** Decides about a failed try of the token's running action. */
export function handleActionFailure(turn: Turn, token: Token, run: ActionRun, failure: Failure): void {
  delete run.effect;
  if (run.callback !== undefined) clearTimer(turn, run.callback.timerId);
  delete run.callback;
  if (failure.isUnknown === true) enterDoubt(turn, token, run, failure);
  else recordFailedTry(turn, run, failure);
  if (turn.draft.suspension === undefined) decide(turn, token, run, failure);
  else holdFailure(run, failure);
}

function recordFailedTry(turn: Turn, run: ActionRun, failure: Failure): void {
  record(turn, "try-failed", {
    actionId: run.actionId,
    try: run.tries,
    code: failure.code,
    message: failure.message,
    isFinal: failure.isFinal,
    responseStatus: failure.responseStatus,
  });
}

/** What an operator's hold has put off: decides about the failure now that the instance goes on. */
export function resumeFailure(turn: Turn, token: Token, run: ActionRun): void {
  const { heldFailure } = run;
  if (heldFailure === undefined) return;
  delete run.heldFailure;
  decide(turn, token, run, heldFailure);
}

/** Nothing new begins while an operator holds the instance, neither a retry nor a way out. */
function holdFailure(run: ActionRun, failure: Failure): void {
  if (failure.isUnknown !== true) run.progress = "held";
  run.heldFailure = failure;
}

function decide(turn: Turn, token: Token, run: ActionRun, failure: Failure): void {
  const trouble: Trouble = { token, action: actionNamed(turn, run.actionId), run, failure };
  if (run.asksAbout !== undefined) decideQuestion(turn, trouble);
  else if (failure.isUnknown === true) decideUnknown(turn, trouble);
  else if (isSettling(token)) dropSettled(turn, token, currentRecord(token, run.actionId), failure);
  else if (token.phase === "compensating") {
    if (mayRetry(trouble)) scheduleRetry(turn, trouble);
    else failCompensation(turn, trouble);
  } else if (failure.timedOut === true) handleTimeout(turn, trouble);
  else if (mayRetry(trouble)) scheduleRetry(turn, trouble);
  else conclude(turn, trouble, trouble.action.onError);
}

/** No strategy is asked: what may have been done has not failed. Its reconcile action finds out, else people do. */
function decideUnknown(turn: Turn, trouble: Trouble): void {
  const { token, action, run } = trouble;
  if (action.reconcile === undefined || run.isAsked === true) {
    holdInDoubt(turn, trouble);
    return;
  }
  follow(turn, token, ask(turn, token, run, action.reconcile));
}

/** A try of the question has failed: it is asked again, as declared; then it decides what it can. */
function decideQuestion(turn: Turn, trouble: Trouble): void {
  if (mayRetry(trouble)) {
    scheduleRetry(turn, trouble);
    return;
  }
  const { run, failure } = concludeAsking(turn, trouble);
  if (failure === undefined) return;
  if (failure.isUnknown === true) decide(turn, trouble.token, run, failure);
  else handleActionFailure(turn, trouble.token, run, failure);
}

/** What asking has come to already, without an answer from outside. */
export function follow(turn: Turn, token: Token, decided: Decided | undefined): void {
  if (decided?.failure !== undefined) handleActionFailure(turn, token, decided.run, decided.failure);
}

/**
 * Decides about a failure that no action made: a decision without a way out, a child that failed, what a state throws.
 * True when an incident holds the token where it is.
 */
export function handleStateFailure(turn: Turn, token: Token, failure: Failure): boolean {
  if (takeErrorRoute(turn, token, failure)) {
    if (turn.automaticSteps > AUTOMATIC_LIMIT) return true;
    if (!cannotGoOn(turn, token)) return false;
    openIncident(turn, token, incidentOf(failure));
    return true;
  }
  const strategy = turn.machine.onError.find(
    ({ strategy: word }) => word === "notify" || word === "abort" || word === "rollback",
  );
  if (strategy?.strategy === "rollback" && rollBack(turn, token, failure, strategy)) return false;
  if (strategy?.strategy !== "notify") {
    abort(turn, token, failure);
    return false;
  }
  rememberError(turn, errorDataOf(turn, token, failure));
  openIncident(turn, token, incidentOf(failure));
  return true;
}

function incidentOf({ code, message }: Failure): IncidentReport {
  return { code, message, suspends: true };
}

/** The route has left it where it was, and there it has no way on. */
function cannotGoOn(turn: Turn, token: Token): boolean {
  if (!turn.draft.tokens.includes(token) || isHeld(turn, token)) return false;
  const state = stateOf(turn, token);
  return (state.isRouting && token.phase === "settled") || hasLostChild(state, token);
}

function handleTimeout(turn: Turn, trouble: Trouble): void {
  const { action } = trouble;
  const retryAt = action.onTimeout.findIndex(({ strategy }) => strategy === "retry");
  const before = retryAt < 0 ? action.onTimeout : action.onTimeout.slice(0, retryAt);
  const endsBefore = before.some(({ strategy }) => strategy !== "log" && strategy !== "notify");
  if (retryAt < 0 || endsBefore) {
    conclude(turn, trouble, action.onTimeout);
    return;
  }
  tellOnly(turn, trouble, before);
  if (mayRetry(trouble)) {
    scheduleRetry(turn, trouble);
    return;
  }
  // When no try is left, what follows `retry` in the list decides, else `onError`.
  const after = action.onTimeout.slice(retryAt + 1);
  conclude(turn, trouble, after.length > 0 ? after : action.onError);
}

function mayRetry(trouble: Trouble): boolean {
  const { action, run } = trouble;
  const triesAllowed = run.round === 0 ? 1 + action.retry.retryCount : action.retry.retryCount;
  return isRepeatable(trouble) && run.triesInRound < triesAllowed;
}

/** The tries are used up: an error route, else the strategies. After the end there are no routes, nor for a route that fails. */
function conclude(turn: Turn, trouble: Trouble, strategies: readonly Strategy[]): void {
  const { token, failure } = trouble;
  const isOnRoute = token.agenda?.transition?.origin === "failure";
  const hasRoutes = !hasEnded(turn.draft) && !isOnRoute;
  if (hasRoutes && takeErrorRoute(turn, token, failure, () => giveUp(turn, trouble))) return;
  applyStrategies(turn, trouble, strategies);
}
