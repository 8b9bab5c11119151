/**
 * Done: when a token ends, when a scope is done, and what that means for the state around it (SCXML appendix D:
 * `isInFinalState` and the done events; BPMN: a sub-process is over when no token is left inside).
 *
 * Invariant: the last token of a scope that is done stays in its final state until the scope is left; others go at once.
 */

import { ROOT_SCOPE } from "../../model/machine.js";
import type { ScopeRecord, Token } from "../../model/snapshot.js";
import { endInstance } from "../end.js";
import { emitNotice } from "../notices.js";
import { raise } from "../raised.js";
import { hasEnded, record, stateOf, type Turn } from "../turn.js";
import { callOff, clearTimers } from "./leave.js";
import { ownerOfScope, scopeModel, scopesOf, tokensIn } from "./token-tree.js";

/** A token is at its end: in a final state whose entry actions are over, or in an event sub-process that is done. */
export function endToken(turn: Turn, token: Token): void {
  const { draft } = turn;
  token.phase = "ended";
  if (token.timers.length > 0) clearTimers(turn, token);
  if (hasEnded(draft)) return;
  const hasOthers = tokensIn(draft, token.scopeId).some(
    (other) => other !== token && other.phase !== "ended",
  );
  if (hasOthers) callOff(turn, token, "ended");
  else if (token.scopeId === ROOT_SCOPE) endCompleted(turn, token);
  else lookWhetherDone(turn, token.scopeId);
}

/** Completes the instance; its last token is where it ends. */
export function endCompleted(turn: Turn, token: Token): void {
  endInstance(turn, "completed", { state: token.stateId });
  emitNotice(turn, "completed", { state: token.stateId });
}

/** Settles the state around a scope, when all that is inside of it is over. */
export function lookWhetherDone(turn: Turn, scopeId: string): void {
  const { draft } = turn;
  const owner = ownerOfScope(draft, scopeId);
  if (owner?.phase !== "inside" || !scopesOf(draft, owner).every((scope) => isDone(turn, scope))) return;
  owner.phase = "settled";
  turn.unsettled.add(owner.tokenId);
  turn.mayTakeKept = true;
  if (owner.isDone !== true) {
    owner.isDone = true;
    record(turn, "state-done", { state: owner.stateId });
    raise(turn, { eventId: `done.state.${owner.stateId}`, data: null });
  }
  if (stateOf(turn, owner).isTriggered) endToken(turn, owner);
  else lookWhetherDone(turn, owner.scopeId);
}

/** A region is also done when its token rests in a state that is done and goes nowhere by itself. */
function isDone(turn: Turn, { scopeId }: ScopeRecord): boolean {
  const { isRegion } = scopeModel(turn.machine, turn.draft, scopeId);
  return tokensIn(turn.draft, scopeId).every(
    (token) => token.phase === "ended" || (isRegion && restsDone(turn, token)),
  );
}

function restsDone(turn: Turn, token: Token): boolean {
  const { innerScopeIds, transitions } = stateOf(turn, token);
  return (
    token.phase === "settled" &&
    innerScopeIds.length > 0 &&
    !transitions.some((transition) => transition.isAutomatic && !transition.interrupts)
  );
}
