/**
 * A child has its turn in a rollback: it undoes what it did, and tells when it is over. Meanwhile its parent's token waits.
 *
 * Invariant: one child at a time, in the reverse order in which they ended, between the compensations of the parent itself.
 */
import type { ChildCompensatedCommand } from "../../message/command.js";
import type { Compensation } from "../../model/compensation.js";
import type { Token } from "../../model/snapshot.js";
import { advanceAgenda } from "../actions/tries.js";
import { emitLink, record, type Turn } from "../turn.js";

export function askChild(turn: Turn, token: Token, { undoes: childId }: Compensation): void {
  const { agenda } = token;
  if (agenda === undefined) return;
  const key = emitLink(turn, "undo", { kind: "compensate-child", childId });
  agenda.awaits = { childId, key };
  record(turn, "child-undo-asked", { childId });
}

/** What is not undone has its incident in the child: the parent goes on. One that nobody waits for any more is recorded. */
export function endChildUndo(turn: Turn, { key, notUndone }: ChildCompensatedCommand): void {
  const { draft } = turn;
  const token = draft.tokens.find(({ agenda }) => agenda?.awaits?.key === key);
  const childId = token?.agenda?.awaits?.childId;
  if (token?.agenda === undefined || childId === undefined) {
    record(turn, "late-result", { key, outcome: "compensated" });
    return;
  }
  record(turn, "child-compensated", { childId, notUndone });
  if (draft.undo !== undefined) draft.undo = { ...draft.undo, notUndone: draft.undo.notUndone + notUndone };
  delete token.agenda.awaits;
  advanceAgenda(token);
}
