/**
 * What happens when something fails for good: an explicit error route first, then the strategies in their order.
 *
 * 1. A try that can be repeated is repeated, each wait a durable timer.
 * 2. `onTimeout` is asked each time a try runs out of time; any strategy but `retry` acts at once.
 * 3. `onError` is asked when the tries are used up or the failure is final; its `retry` makes further rounds, which a
 *    final failure skips.
 * 4. A list that ends nothing ends in `abort`.
 * 5. In a final state nothing can change the outcome: what is not ignored opens an incident, and the rest still runs.
 */
import { formatInstant } from "../instant.js";
import type { JsonObject } from "../json/json.js";
import type { ErrorData, Failure } from "../message/failure.js";
import type { ActionModel, Strategy } from "../model/machine.js";
import { retryDelayMs } from "../model/retry-delay.js";
import type { ActionRun, Token } from "../model/snapshot.js";
import {
  actionNamed,
  advanceAgenda,
  cancelAgenda,
  closeRecord,
  currentRecord,
  finishAction,
} from "./agenda.js";
import { countAutomaticStep } from "./automatic-limit.js";
import { clearTimers } from "./enter.js";
import { closeIncidents, openIncident } from "./incidents.js";
import { emitActionCallback, emitNotice } from "./notices.js";
import { selectErrorRoute } from "./select.js";
import { jumpTo, takeTransition } from "./take.js";
import { log, record, setTimer, stateOf, type Turn } from "./turn.js";

/** Decides about a failed try of the token's running action. */
export function handleActionFailure(turn: Turn, token: Token, run: ActionRun, failure: Failure): void {
  const action = actionNamed(turn, run.actionId);
  delete run.effect;
  record(turn, "try-failed", {
    actionId: run.actionId,
    try: run.tries,
    code: failure.code,
    message: failure.message,
    isFinal: failure.isFinal,
    responseStatus: failure.responseStatus,
  });
  if (failure.timedOut === true) handleTimeout(turn, token, action, run, failure);
  else if (mayRetry(action, run, failure)) scheduleRetry(turn, token, action, run, failure);
  else conclude(turn, token, action, run, failure, action.onError);
}

/** Decides about a failure that no action made (a decision without a way out, a condition that cannot be evaluated). */
export function handleStateFailure(turn: Turn, token: Token, failure: Failure): void {
  const errorData = errorDataOf(turn, token, failure);
  rememberError(turn, errorData);
  if (takeErrorRoute(turn, token, failure.code, errorData)) return;
  const strategy = turn.machine.onError.find(
    (candidate) => candidate.strategy === "notify" || candidate.strategy === "abort",
  );
  if (strategy?.strategy === "notify") {
    openIncident(turn, token, { code: failure.code, message: failure.message, suspends: true });
    return;
  }
  abort(turn, token, errorData);
}

function handleTimeout(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  failure: Failure,
): void {
  const [first, ...others] = action.onTimeout;
  if (first?.strategy !== "retry") {
    conclude(turn, token, action, run, failure, action.onTimeout);
  } else if (mayRetry(action, run, failure)) {
    scheduleRetry(turn, token, action, run, failure);
  } else {
    conclude(turn, token, action, run, failure, others.length > 0 ? others : action.onError);
  }
}

function mayRetry(action: ActionModel, run: ActionRun, failure: Failure): boolean {
  const triesAllowed = run.round === 0 ? 1 + action.retry.retryCount : action.retry.retryCount;
  return isRepeatable(action, failure) && run.triesInRound < triesAllowed;
}

function isRepeatable(action: ActionModel, failure: Failure): boolean {
  const { retryOn } = action.retry;
  return (
    !failure.isFinal || retryOn.includes(failure.code) || retryOn.includes(String(failure.responseStatus))
  );
}

function scheduleRetry(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  failure: Failure,
): void {
  const failedTries = Math.max(run.triesInRound, 1);
  const waitMs = retryDelayMs(action.retry, failedTries, turn.random.fraction(), failure.retryAfterMs);
  const dueAtMs = turn.nowMs + waitMs;
  run.progress = "backoff";
  run.retryTimerId = `${token.tokenId}.${token.visit.ordinal}.${run.actionId}.try-${run.tries + 1}`;
  setTimer(turn, run.retryTimerId, dueAtMs);
  record(turn, "retry-scheduled", {
    actionId: run.actionId,
    try: run.tries + 1,
    dueAt: formatInstant(dueAtMs),
  });
}

/** The tries are used up: an error route, else the strategies. */
function conclude(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  failure: Failure,
  strategies: readonly Strategy[],
): void {
  const errorData = errorDataOf(turn, token, failure);
  if (stateOf(turn, token).isFinal) {
    concludeInFinalState(turn, token, action, run, failure, strategies);
    return;
  }
  rememberError(turn, errorData);
  if (takeErrorRoute(turn, token, failure.code, errorData, () => giveUp(turn, token, action, run, failure)))
    return;
  for (const [index, strategy] of strategies.entries()) {
    if (applyStrategy(turn, token, action, run, failure, strategy, index === strategies.length - 1)) return;
  }
  giveUp(turn, token, action, run, failure);
  abort(turn, token, errorData);
}

/** True when the strategy ended the matter. */
function applyStrategy(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  failure: Failure,
  strategy: Strategy,
  isLast: boolean,
): boolean {
  switch (strategy.strategy) {
    case "retry":
      return beginRound(turn, token, action, run, failure, strategy);
    case "ignore":
      goOnWithout(turn, token, action, run, failure);
      return true;
    case "log":
      log(turn, "error", failure.message, { actionId: run.actionId, code: failure.code });
      record(turn, "log", { actionId: run.actionId, level: "error", code: failure.code });
      if (isLast) goOnWithout(turn, token, action, run, failure);
      return isLast;
    case "notify":
      emitNotice(turn, "notification", {
        state: token.stateId,
        actionId: run.actionId,
        code: failure.code,
        message: failure.message,
      });
      if (isLast) holdWithIncident(turn, token, action, run, failure);
      else
        emitActionCallback(turn, action, {
          ...currentRecord(token, run.actionId),
          status: "failed",
          error: { code: failure.code, message: failure.message },
        });
      return isLast;
    case "proceed":
      finishAction(turn, token, action, currentRecord(token, run.actionId), { timedOut: true });
      return true;
    case "abort":
      giveUp(turn, token, action, run, failure);
      abort(turn, token, errorDataOf(turn, token, failure));
      return true;
  }
}

function concludeInFinalState(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  failure: Failure,
  strategies: readonly Strategy[],
): void {
  for (const strategy of strategies) {
    if (strategy.strategy === "retry" && beginRound(turn, token, action, run, failure, strategy)) return;
    if (strategy.strategy === "proceed") {
      finishAction(turn, token, action, currentRecord(token, run.actionId), { timedOut: true });
      return;
    }
    if (strategy.strategy === "ignore" || strategy.strategy === "log") {
      if (strategy.strategy === "log")
        log(turn, "error", failure.message, { actionId: run.actionId, code: failure.code });
      goOnWithout(turn, token, action, run, failure);
      return;
    }
  }
  reportIncident(turn, token, run, failure, false);
  goOnWithout(turn, token, action, run, failure);
}

/** A further round of exactly `retryCount` tries. */
function beginRound(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  failure: Failure,
  strategy: Strategy,
): boolean {
  if (!isRepeatable(action, failure) || run.round >= strategy.maxRounds || action.retry.retryCount === 0)
    return false;
  run.round += 1;
  run.triesInRound = 0;
  scheduleRetry(turn, token, action, run, failure);
  return true;
}

function goOnWithout(turn: Turn, token: Token, action: ActionModel, run: ActionRun, failure: Failure): void {
  giveUp(turn, token, action, run, failure);
  advanceAgenda(token);
}

/** Nothing goes on until an operator or an event corrects it. */
function holdWithIncident(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  failure: Failure,
): void {
  giveUp(turn, token, action, run, failure);
  run.progress = "failed";
  reportIncident(turn, token, run, failure, true);
}

function reportIncident(turn: Turn, token: Token, run: ActionRun, failure: Failure, suspends: boolean): void {
  openIncident(turn, token, {
    code: failure.code,
    message: failure.message,
    actionId: run.actionId,
    tries: run.tries,
    ...(failure.responseStatus === undefined ? {} : { responseStatus: failure.responseStatus }),
    suspends,
  });
}

/** The action is `failed`; whoever asked to be told is told. */
function giveUp(turn: Turn, token: Token, action: ActionModel, run: ActionRun, failure: Failure): void {
  const actionRecord = currentRecord(token, run.actionId);
  run.progress = "failed";
  closeRecord(turn, actionRecord, {
    status: "failed",
    error: { code: failure.code, message: failure.message },
  });
  if (failure.timedOut === true) actionRecord.timedOut = true;
  record(turn, "action-failed", { actionId: run.actionId, code: failure.code, tries: run.tries });
  emitActionCallback(turn, action, actionRecord);
}

/** Takes the error route of the failed state, if it has one; `beforehand` runs first when it does. */
function takeErrorRoute(
  turn: Turn,
  token: Token,
  code: string,
  errorData: ErrorData,
  beforehand: () => void = () => {},
): boolean {
  const data: JsonObject = { ...errorData };
  const selection = selectErrorRoute(turn, token, code, data);
  if (selection.kind !== "enabled") return false;
  beforehand();
  // A route that leads back to what fails would spin within this very command.
  if (!countAutomaticStep(turn, token, selection.transition)) return true;
  takeTransition(turn, token, selection.transition, {
    origin: "failure",
    eventId: `error.${code}`,
    actor: "system",
    eventData: {},
    variables: {},
    errorData: data,
  });
  return true;
}

function abort(turn: Turn, token: Token, errorData: ErrorData): void {
  const { machine, draft } = turn;
  if (machine.errorStateId !== undefined && !stateOf(turn, token).isFinal) {
    jumpTo(turn, token, machine.errorStateId, { ...errorData }, "system");
    return;
  }
  closeIncidents(turn, token, "aborted");
  cancelAgenda(turn, token);
  clearTimers(turn, token);
  token.phase = "ended";
  turn.unsettled.delete(token.tokenId);
  draft.status = "error";
  draft.reason = `${errorData.errorCode}: ${errorData.errorMessage}`;
  draft.kept = [];
  record(turn, "instance-ended", { status: "error", state: token.stateId });
  emitNotice(turn, "error", {
    state: token.stateId,
    code: errorData.errorCode,
    message: errorData.errorMessage,
  });
}

function errorDataOf(turn: Turn, token: Token, failure: Failure): ErrorData {
  return {
    errorCode: failure.code,
    errorMessage: failure.message,
    errorTimestamp: turn.nowText,
    failedState: token.stateId,
  };
}

function rememberError(turn: Turn, errorData: ErrorData): void {
  turn.draft.variables = { ...turn.draft.variables, lastError: { ...errorData } };
  record(turn, "error-data", {
    code: errorData.errorCode,
    message: errorData.errorMessage,
    state: errorData.failedState,
  });
}
