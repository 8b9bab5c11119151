/** A failed action with everything that decisions about it need. */

import { formatInstant } from "../../instant.js";
import type { Failure } from "../../message/failure.js";
import type { ActionModel } from "../../model/machine.js";
import { retryDelayMs } from "../../model/retry-delay.js";
import type { ActionRun, Token } from "../../model/snapshot.js";
import { closeRecord, currentRecord } from "../actions/action-records.js";
import { emitActionCallback } from "../notices.js";
import { record, setTimer, type Turn } from "../turn.js";
import { openIncident } from "./incidents.js";

export interface Trouble {
  readonly token: Token;
  readonly action: ActionModel;
  readonly run: ActionRun;
  readonly failure: Failure;
}

/** True when another try can get better: the failure is not final, or `retryOn` names its code or response status. */
export function isRepeatable({ action, run, failure }: Trouble): boolean {
  const { retryOn } = action.retry;
  // What could not even begin fails the same way again.
  if (run.tries === 0) return false;
  return (
    !failure.isFinal || retryOn.includes(failure.code) || retryOn.includes(String(failure.responseStatus))
  );
}

/** Waits for the next try by a durable timer. */
export function scheduleRetry(turn: Turn, { token, action, run, failure }: Trouble): void {
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

/** The action is `failed`; whoever asked to be told is told. */
export function giveUp(turn: Turn, { token, action, run, failure }: Trouble): void {
  const actionRecord = currentRecord(token, run.actionId);
  run.progress = "failed";
  closeRecord(turn, actionRecord, {
    status: "failed",
    error: { code: failure.code, message: failure.message },
  });
  if (failure.timedOut === true) actionRecord.timedOut = true;
  record(turn, "action-failed", { actionId: run.actionId, code: failure.code, tries: run.tries });
  if (run.hasTold !== true) emitActionCallback(turn, action, actionRecord);
}

export function reportIncident(turn: Turn, { token, run, failure }: Trouble, suspends: boolean): void {
  openIncident(turn, token, {
    code: failure.code,
    message: failure.message,
    actionId: run.actionId,
    tries: run.tries,
    ...(failure.responseStatus === undefined ? {} : { responseStatus: failure.responseStatus }),
    ...(failure.response === undefined ? {} : { response: failure.response }),
    suspends,
  });
}
