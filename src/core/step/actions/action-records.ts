/** What the history keeps of each action: one record for each time it began, in the open visit. */
import type { ActionError, ActionOutcome, ActionRecord, PlannedAction, Token } from "../../model/snapshot.js";
import type { Turn } from "../turn.js";

/** Records of one action that an open visit keeps, the newest; the trail has all. */
const MAX_RECORDS_OF_ACTION = 50;

export function openRecord(turn: Turn, token: Token, planned: PlannedAction): ActionRecord {
  const actionRecord: ActionRecord = {
    actionId: planned.actionId,
    phase: planned.phase,
    status: "pending",
    startedAt: turn.nowText,
    tries: 0,
  };
  const { visit } = token;
  visit.actions.push(actionRecord);
  const records = visit.actions.filter((candidate) => candidate.actionId === planned.actionId);
  if (records.length > MAX_RECORDS_OF_ACTION) {
    const [oldest] = records;
    visit.actions = visit.actions.filter((candidate) => candidate !== oldest);
  }
  return actionRecord;
}

export function closeRecord(turn: Turn, actionRecord: ActionRecord, outcome: ActionOutcome): void {
  actionRecord.status = outcome.status;
  actionRecord.completedAt = turn.nowText;
  if (outcome.result !== undefined) actionRecord.result = outcome.result;
  if (outcome.error !== undefined) actionRecord.error = outcome.error;
  keepOutcome(turn, actionRecord.actionId, outcome);
}

/** It was sent, and nobody knows whether it was done: not over, and nothing that has failed. */
export function markUnknown(turn: Turn, actionRecord: ActionRecord, error: ActionError, key: string): void {
  actionRecord.status = "unknown";
  actionRecord.error = error;
  keepOutcome(turn, actionRecord.actionId, { status: "unknown", error, key });
}

/** What expressions see under `actions.<actionId>`. Built anew, because an id may be any word. */
export function keepOutcome(turn: Turn, actionId: string, outcome: ActionOutcome): void {
  turn.draft.actions = { ...turn.draft.actions, [actionId]: outcome };
}

/** The newest record of an action in the open visit. */
export function currentRecord(token: Token, actionId: string): ActionRecord {
  const found = token.visit.actions.findLast((candidate) => candidate.actionId === actionId);
  if (found === undefined) throw new Error(`Broken invariant: action "${actionId}" runs without a record.`);
  return found;
}
