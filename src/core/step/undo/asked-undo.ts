/**
 * Undoing on the word of the parent: the instance is over, and stays as it ended; what it did is undone in reverse order,
 * its own children in their place, and then its parent is told.
 *
 * Invariant: last actions that are under way end first, so what they do is undone too.
 */
import { closeIncident } from "../failure/incidents.js";
import { emitLink, record, type Turn } from "../turn.js";
import { removeCompensations, undoableOnAsking } from "./compensation-log.js";
import { begin } from "./roll-back.js";

/** True when it began, or was over at once. */
export function beginAskedUndo(turn: Turn): boolean {
  const { draft } = turn;
  if (draft.undo?.stage !== "asked" || draft.tokens.some(({ agenda }) => agenda !== undefined)) return false;
  draft.undo = { ...draft.undo, stage: "begun" };
  const entries = undoableOnAsking(draft);
  const [token] = draft.tokens;
  if (token === undefined || entries.length === 0) {
    endAskedUndo(turn);
    return true;
  }
  for (const incident of [...draft.incidents]) {
    if (entries.some(({ incidentId }) => incidentId === incident.incidentId))
      closeIncident(turn, incident, "undone by the parent");
  }
  removeCompensations(turn, entries);
  begin(turn, token, [...entries].reverse(), { kind: "asked", phase: token.phase });
  return true;
}

/** Everything was tried: the parent goes on, and is told how much is left to the incidents here. */
export function endAskedUndo(turn: Turn): void {
  const { draft } = turn;
  const { undo, parent, compensations = [] } = draft;
  if (undo === undefined || parent === undefined) return;
  const failed = new Set(compensations.flatMap(({ incidentId }) => incidentId ?? []));
  const left = draft.incidents.filter(
    ({ incidentId, code }) =>
      failed.has(incidentId) || code === "NOT_COMPENSATED" || code === "OUTCOME_UNKNOWN",
  );
  const notUndone = undo.notUndone + left.length;
  draft.undo = { ...undo, stage: "over", notUndone };
  record(turn, "compensated", { notUndone });
  emitLink(turn, "undone", {
    kind: "tell-compensated",
    parentId: parent.instanceId,
    askedKey: undo.key,
    notUndone,
  });
}
