/**
 * The strategies: what `onError` and `onTimeout` do, one after the other, until one ends the matter.
 *
 * Once the instance has ended nothing can change the outcome any more: what is not ignored in its last state opens an
 * incident that holds nothing up, and the state's other actions still run.
 */
import type { Strategy } from "../../model/machine.js";
import { currentRecord } from "../actions/action-records.js";
import { advanceAgenda, finishAction } from "../actions/tries.js";
import { emitActionCallback, emitNotice } from "../notices.js";
import { hasEnded, log, record, type Turn } from "../turn.js";
import { rollBack } from "../undo/roll-back.js";
import { abort } from "./abort.js";
import { ESCALATION, escalate, escalateToPeople } from "./escalate.js";
import { giveUp, isRepeatable, reportIncident, scheduleRetry, type Trouble } from "./trouble.js";

/** Applies the list in order; a list that ends nothing ends in `abort`. */
export function applyStrategies(turn: Turn, trouble: Trouble, strategies: readonly Strategy[]): void {
  const isOver = hasEnded(turn.draft);
  const apply = isOver ? applyAfterEnd : applyStrategy;
  for (const [index, strategy] of strategies.entries()) {
    if (apply(turn, trouble, strategy, index === strategies.length - 1)) return;
  }
  if (isOver) {
    reportIncident(turn, trouble, false);
    goOnWithout(turn, trouble);
  } else {
    giveUp(turn, trouble);
    abort(turn, trouble.token, trouble.failure);
  }
}

/** The strategies that come before a `retry` and only tell. */
export function tellOnly(turn: Turn, trouble: Trouble, strategies: readonly Strategy[]): void {
  for (const strategy of strategies) applyStrategy(turn, trouble, strategy, false);
}

/** True when the strategy ended the matter. */
function applyStrategy(turn: Turn, trouble: Trouble, strategy: Strategy, isLast: boolean): boolean {
  switch (strategy.strategy) {
    case "retry":
      return beginRound(turn, trouble, strategy);
    case "ignore":
      goOnWithout(turn, trouble);
      return true;
    case "log":
      writeErrorLine(turn, trouble);
      if (isLast) goOnWithout(turn, trouble);
      return isLast;
    case "notify":
      notify(turn, trouble, isLast);
      return isLast;
    case "proceed":
      proceed(turn, trouble);
      return true;
    case "escalate":
      escalateAction(turn, trouble, strategy);
      return true;
    case "rollback":
      return rollBack(turn, trouble.token, trouble.failure, strategy, () => giveUp(turn, trouble));
    case "abort":
      giveUp(turn, trouble);
      abort(turn, trouble.token, trouble.failure);
      return true;
  }
}

function applyAfterEnd(turn: Turn, trouble: Trouble, strategy: Strategy): boolean {
  switch (strategy.strategy) {
    case "retry":
      return beginRound(turn, trouble, strategy);
    case "log":
      writeErrorLine(turn, trouble);
      goOnWithout(turn, trouble);
      return true;
    case "ignore":
      goOnWithout(turn, trouble);
      return true;
    case "proceed":
      proceed(turn, trouble);
      return true;
    case "notify":
    case "escalate":
    case "rollback":
    case "abort":
      return false;
  }
}

/** A further round of exactly `retryCount` tries; a final failure skips it. */
function beginRound(turn: Turn, trouble: Trouble, strategy: Strategy): boolean {
  const { action, run } = trouble;
  if (!isRepeatable(trouble) || run.round >= strategy.maxRounds || action.retry.retryCount === 0)
    return false;
  run.round += 1;
  run.triesInRound = 0;
  scheduleRetry(turn, trouble);
  return true;
}

/** Whoever in the instance waits for the event takes it; else people are told, and the token waits for them. */
function escalateAction(turn: Turn, trouble: Trouble, { event = ESCALATION }: Strategy): void {
  const { token, run, failure } = trouble;
  giveUp(turn, trouble);
  if (!escalate(turn, token, event)) {
    escalateToPeople(turn, token, failure, { actionId: run.actionId, tries: run.tries });
    return;
  }
  // It stays where it is, and goes on as if the action had been done.
  if (token.agenda?.running === run) advanceAgenda(token);
}

function goOnWithout(turn: Turn, trouble: Trouble): void {
  giveUp(turn, trouble);
  advanceAgenda(trouble.token);
}

function proceed(turn: Turn, { token, action, run }: Trouble): void {
  finishAction(turn, token, action, currentRecord(token, run.actionId), { timedOut: true });
}

/** Tells; and where nothing follows, holds the instance until an operator or an event corrects it. */
function notify(turn: Turn, trouble: Trouble, isLast: boolean): void {
  const { token, action, run, failure } = trouble;
  const error = { code: failure.code, message: failure.message };
  emitNotice(turn, "notification", { state: token.stateId, actionId: run.actionId, ...error });
  if (isLast) {
    giveUp(turn, trouble);
    reportIncident(turn, trouble, true);
  } else {
    emitActionCallback(turn, action, { ...currentRecord(token, run.actionId), status: "failed", error });
    run.hasTold = true;
  }
}

function writeErrorLine(turn: Turn, { run, failure }: Trouble): void {
  log(turn, "error", failure.message, { actionId: run.actionId, code: failure.code });
  record(turn, "log", { actionId: run.actionId, level: "error", code: failure.code });
}
