/**
 * The end of a rollback: the compensations are over, and the token is where it was.
 *
 * Invariants:
 * 1. Nothing is entered again: no entry action runs, and no entry is counted. Where the visit was closed, a new one opens.
 * 2. The timers of the state begin anew; its automatic transitions wait for data or an event, so that nothing spins.
 */
import type { Failure } from "../../message/failure.js";
import type { StateModel } from "../../model/machine.js";
import type { Mark, Snapshot, Token } from "../../model/snapshot.js";
import { addToken, goalsInside, openScope } from "../enter.js";
import { abort } from "../failure/abort.js";
import { openIncident } from "../failure/incidents.js";
import { emitNotice, noticeOfEntry } from "../notices.js";
import { setTimers } from "../timing/set-timers.js";
import { endToken } from "../tokens/done.js";
import { arrange, hasLostChild } from "../tokens/token-tree.js";
import { closeVisit, openVisit } from "../tokens/visits.js";
import { record, stateNamed, type Turn } from "../turn.js";
import { endAskedUndo } from "./asked-undo.js";
import { forgetUnreachable } from "./compensation-log.js";
import { restored } from "./mark.js";

export function endRollback(turn: Turn, token: Token): void {
  const rollback = token.agenda?.rollback;
  delete token.agenda;
  turn.mayTakeKept = true;
  if (rollback === undefined)
    throw new Error(`Broken invariant: token "${token.tokenId}" rolls nothing back.`);
  switch (rollback.kind) {
    case "again":
      token.phase = rollback.phase;
      return;
    case "asked":
      token.phase = rollback.phase;
      endAskedUndo(turn);
      return;
    case "start":
      record(turn, "rolled-back", { from: token.stateId });
      delete token.cameFrom;
      delete turn.draft.returns;
      abort(turn, token, rollback.failure);
      forgetUnreachable(turn);
      return;
    case "mark":
      goBack(turn, token, rollback.mark, rollback.failure);
  }
}

function goBack(turn: Turn, token: Token, mark: Mark, failure: Failure): void {
  const { draft, machine } = turn;
  record(turn, "rolled-back", { from: token.stateId, to: mark.stateId });
  restore(draft, mark);
  delete token.cameFrom;
  forgetReturns(draft, mark);
  if (mark.isInternal === true) stay(turn, token, mark);
  else if (mark.isNew === true) {
    endToken(turn, token);
    return;
  } else putBack(turn, token, mark);
  token.waitsForNews = true;
  forgetUnreachable(turn);
  holdWhereItCannotRest(turn, token, stateNamed(machine, mark.stateId), failure);
}

/** Children that ended meanwhile are not called back: their state is done. */
function stay({ machine }: Turn, token: Token, { phase }: Mark): void {
  token.phase = phase;
  if (hasLostChild(stateNamed(machine, token.stateId), token)) token.phase = "settled";
}

function restore(draft: Snapshot, mark: Mark): void {
  draft.data = restored(draft.data, mark.data);
  // Why it was rolled back stays known.
  draft.variables = restored(draft.variables, mark.variables, "lastError");
}

/** Where it was settled after the mark it has, by now, never been. */
function forgetReturns(draft: Snapshot, mark: Mark): void {
  if (draft.returns === undefined) return;
  const left = Object.entries(draft.returns).filter(
    ([, other]) => other.visit < mark.visits || other.tokenId !== mark.tokenId,
  );
  if (left.length > 0) draft.returns = Object.fromEntries(left);
  else delete draft.returns;
}

function putBack(turn: Turn, token: Token, mark: Mark): void {
  const { machine } = turn;
  const state = stateNamed(machine, mark.stateId);
  if (token.visit.ordinal !== mark.visit) {
    closeVisit(turn, token);
    delete token.isNew;
    token.stateId = mark.stateId;
    token.visit = openVisit(turn, token, mark.stateId, { actor: "system" });
  }
  rest(turn, token, state);
  if (state.kind === "join") token.hasJoined = true;
  if (state.innerScopeIds.length > 0) restInside(turn, token, state, mark.inside ?? []);
  if (mark.phase === "settled") token.phase = "settled";
  else if (mark.phase === "inside" && state.child !== undefined) reportLostChild(turn, token);
  if (!state.isRouting && token.toldState !== mark.stateId) {
    emitNotice(turn, "state-changed", noticeOfEntry(token, token.toldState));
    token.toldState = mark.stateId;
  }
  arrange(machine, turn.draft);
}

function rest(turn: Turn, token: Token, state: StateModel): void {
  token.phase = state.innerScopeIds.length > 0 ? "inside" : "settled";
  delete token.isDone;
  setTimers(turn, token, state);
}

/** Puts tokens where the scopes inside were, at rest. */
function restInside(turn: Turn, owner: Token, state: StateModel, inside: readonly string[]): void {
  for (const modelId of state.innerScopeIds) {
    const scopeId = openScope(turn, owner, modelId);
    for (const [stateId, further] of goalsInside(turn, modelId, inside)) {
      const inner = stateNamed(turn.machine, stateId);
      const token = addToken(turn, scopeId);
      token.stateId = stateId;
      token.visit = openVisit(turn, token, stateId, { actor: "system" });
      token.waitsForNews = true;
      if (inner.isFinal) {
        token.phase = "ended";
        continue;
      }
      rest(turn, token, inner);
      if (inner.innerScopeIds.length > 0) restInside(turn, token, inner, further);
      if (inner.child !== undefined) reportLostChild(turn, token);
    }
  }
}

function reportLostChild(turn: Turn, token: Token): void {
  token.phase = "inside";
  openIncident(turn, token, {
    code: "CHILD_CANCELLED",
    message: `State "${token.stateId}" was come back to, and its children were cancelled before: retry starts new ones.`,
    suspends: true,
  });
}

/** What is only passed through cannot be waited in: somebody decides whether it goes on. */
function holdWhereItCannotRest(turn: Turn, token: Token, { isRouting }: StateModel, failure: Failure): void {
  if (isRouting) openIncident(turn, token, { code: failure.code, message: failure.message, suspends: true });
}
