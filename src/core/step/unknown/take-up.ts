/**
 * Taking up what was sent before: a rollback finds out whether it was done before it undoes anything, and an operator lets
 * the question of an ended instance be asked again.
 */
import type { Failure } from "../../message/failure.js";
import type { ActionModel } from "../../model/machine.js";
import type { ActionRecord, ActionRun, PlannedAction, Token } from "../../model/snapshot.js";
import { closeRecord } from "../actions/action-records.js";
import { failureOf } from "../actions/end-of-try.js";
import { advanceAgenda, sendTry } from "../actions/tries.js";
import { record, type Turn } from "../turn.js";

/** The run goes on where it was: its result is here, or is waited for, or is unknown. Gives what is to be decided. */
export function takeUp(
  turn: Turn,
  token: Token,
  action: ActionModel,
  actionRecord: ActionRecord,
  { settles, result }: PlannedAction,
): Failure | undefined {
  if (settles === undefined || token.agenda === undefined) return undefined;
  const run: ActionRun = { ...settles };
  token.agenda.running = run;
  actionRecord.tries = run.tries;
  actionRecord.status = run.progress === "unknown" ? "unknown" : "in-progress";
  record(turn, "action-started", { actionId: run.actionId, key: run.key, isTakenUp: true });
  if (token.agenda.rollback === undefined && action.reconcile === undefined) {
    record(turn, "action-sent-again", { actionId: run.actionId, key: run.key, try: run.tries + 1 });
    sendTry(turn, token, action, run);
    return undefined;
  }
  return result === undefined ? run.doubt : failureOf(turn, token, action, run, result);
}

/** What a rollback looked after did not happen: there is nothing to undo. */
export function dropSettled(turn: Turn, token: Token, actionRecord: ActionRecord, failure: Failure): void {
  const { code, message } = failure;
  closeRecord(turn, actionRecord, { status: "failed", error: { code, message } });
  record(turn, "action-failed", { actionId: actionRecord.actionId, code, tries: actionRecord.tries });
  advanceAgenda(token);
}
