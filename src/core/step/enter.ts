/**
 * Entering a state, and settling in it.
 *
 * Invariants:
 * 1. A visit opens with the entry and closes with the exit; the last visit of an ended instance stays open for the
 *    records of its last actions.
 * 2. The instance ends when its last token enters a final state, or any an error state: entry actions still run, but
 *    nothing can change the outcome.
 */

import { currentStateData } from "../data/data-rules.js";
import { joinWay } from "../model/compile-join.js";
import { ROOT_SCOPE, type StateModel } from "../model/machine.js";
import type { EventSeen, Token, TriggerInfo } from "../model/snapshot.js";
import { endInstance } from "./end.js";
import { emitNotice, noticeOfEntry } from "./notices.js";
import { setTimers } from "./timing/set-timers.js";
import { lookWhetherDone } from "./tokens/done.js";
import { callOff, callOffInside, callOffWork } from "./tokens/leave.js";
import { arrange, pathOutwards, scopeRecord, tokensIn } from "./tokens/token-tree.js";
import { openVisit } from "./tokens/visits.js";
import { isHeld } from "./transition/select.js";
import { hasEnded, record, stateNamed, stateOf, type Turn } from "./turn.js";
import { markSettled } from "./undo/mark.js";

/** Puts a token into a state. Its entry actions become the token's agenda; the caller drives them. */
export function enterState(
  turn: Turn,
  token: Token,
  stateId: string,
  trigger: TriggerInfo,
  event: EventSeen | undefined,
  inward: readonly string[] = [],
): void {
  const { draft, machine } = turn;
  const state = stateNamed(machine, stateId);
  noteWay(token, state, trigger);
  token.stateId = stateId;
  token.phase = "entering";
  token.visit = openVisit(turn, token, stateId, trigger);
  token.agenda = {
    actions: state.entryActions.map((action) => ({ actionId: action.actionId, phase: "entry" })),
    next: 0,
    ...(event === undefined ? {} : { event }),
  };
  if (inward.length > 0) token.inward = [...inward];
  else if (token.inward !== undefined) delete token.inward;
  if (token.isDone !== undefined) delete token.isDone;
  draft.counters.entries = { ...draft.counters.entries, [stateId]: entriesOf(turn, stateId) + 1 };
  arrange(machine, draft);
  record(turn, "entered", {
    state: stateId,
    ...(trigger.transitionId === undefined ? {} : { transitionId: trigger.transitionId }),
  });
  const isEnd = state.isFinal && reachFinal(turn, token, state);
  if (!state.isFinal) setTimers(turn, token, state);
  if (!state.isRouting) {
    emitNotice(turn, "state-changed", noticeOfEntry(token, token.toldState));
    token.toldState = stateId;
  }
  if (isEnd) emitNotice(turn, state.isError ? "error" : "completed", { state: stateId });
}

/** By which way a token came into a join that counts the sources of a transition. */
function noteWay(token: Token, { join }: StateModel, { transitionId }: TriggerInfo): void {
  if (token.way !== undefined) delete token.way;
  if (token.hasJoined !== undefined) delete token.hasJoined;
  if (join === undefined || transitionId === undefined) return;
  const way = joinWay(transitionId, token.stateId);
  if (join.incoming.includes(way)) token.way = way;
}

/** True when the instance ends here. */
function reachFinal(turn: Turn, token: Token, state: StateModel): boolean {
  const { draft } = turn;
  if (state.isError) {
    recordMissing(turn, state);
    callOffOthers(turn, token);
    endInstance(turn, "error", { state: state.stateId });
    return true;
  }
  const neighbours = tokensIn(draft, token.scopeId).filter((other) => other !== token);
  if (state.terminates) {
    for (const other of neighbours) callOff(turn, other, `terminated by state "${state.stateId}"`);
  }
  const isLast = state.terminates || neighbours.every((other) => isAtEnd(turn, other));
  // What it throws may still be caught, so it ends when it has thrown.
  if (token.scopeId !== ROOT_SCOPE || !isLast || state.throws !== undefined) return false;
  endInstance(turn, "completed", { state: state.stateId });
  return true;
}

/** In a final state, and with nothing to throw any more. */
function isAtEnd(turn: Turn, token: Token): boolean {
  const { isFinal, throws } = stateOf(turn, token);
  return isFinal && (throws === undefined || token.phase === "ended");
}

/** Ends everything but the token and what is around it. */
export function callOffOthers(turn: Turn, token: Token): void {
  const { draft } = turn;
  if (draft.tokens.length === 1) return;
  const path = pathOutwards(draft, token);
  const why = `the instance ended in state "${token.stateId}"`;
  for (const owner of path.slice(1)) {
    callOffWork(turn, owner, why);
    owner.phase = "ended";
  }
  callOffInside(turn, token, why);
  for (const other of [...draft.tokens].reverse()) {
    if (path.includes(other) || !draft.tokens.includes(other)) continue;
    callOff(turn, other, why);
  }
}

/** The entry or internal actions are over: the token waits from now on, is at its end, or goes on inside its state. */
export function settle(turn: Turn, token: Token, isEntry: boolean): void {
  const event = token.agenda?.event;
  delete token.agenda;
  const state = stateOf(turn, token);
  turn.mayTakeKept = true;
  markSettled(turn, token, isEntry);
  if (state.isFinal) return;
  if (state.innerScopeIds.length === 0) {
    token.phase = !isEntry && hasChildrenAtWork(turn, token, state) ? "inside" : "settled";
    if (token.phase === "settled") turn.unsettled.add(token.tokenId);
    return;
  }
  token.phase = "inside";
  if (isEntry) enterScopes(turn, token, state, event);
  else for (const scopeId of innerScopes(turn, token)) lookWhetherDone(turn, scopeId);
}

/** An internal transition is over: its children run on, and one that failed waits for whoever resolves its incident. */
function hasChildrenAtWork(turn: Turn, token: Token, { child }: StateModel): boolean {
  return (
    child !== undefined &&
    (token.child !== undefined ||
      token.each !== undefined ||
      token.heldFailure !== undefined ||
      isHeld(turn, token))
  );
}

function innerScopes(turn: Turn, owner: Token): string[] {
  return turn.draft.scopes.filter(({ ownerId }) => ownerId === owner.tokenId).map(({ scopeId }) => scopeId);
}

/** Enters the scopes inside a state, each where its owner is bound for, else at its initial state. */
function enterScopes(turn: Turn, owner: Token, state: StateModel, event: EventSeen | undefined): void {
  const inward = owner.inward ?? [];
  delete owner.inward;
  for (const modelId of state.innerScopeIds) {
    const scopeId = openScope(turn, owner, modelId);
    const goals = goalsInside(turn, modelId, inward);
    if (isInterruption(turn, modelId, goals)) scopeRecord(turn.draft, scopeId).isInterrupted = true;
    for (const [stateId, further] of goals) {
      const { transitionId, event: eventId, actor } = owner.visit;
      const trigger: TriggerInfo = { actor };
      if (transitionId !== undefined) trigger.transitionId = transitionId;
      if (eventId !== undefined) trigger.event = eventId;
      enterState(turn, addToken(turn, scopeId), stateId, trigger, event, further);
      if (hasEnded(turn.draft)) return;
    }
  }
}

/** A history that leads into an event sub-process which had ended the rest of its scope finds the scope as it was. */
function isInterruption({ machine }: Turn, modelId: string, goals: ReadonlyMap<string, unknown>): boolean {
  const { triggered = [] } = machine.scopes.get(modelId) ?? {};
  return triggered.some(
    ({ targetId, interrupts }) => interrupts && targetId !== undefined && goals.has(targetId),
  );
}

/** Where a scope is entered: at the goals that are inside it, else at its initial state. */
export function goalsInside(turn: Turn, modelId: string, inward: readonly string[]): Map<string, string[]> {
  const model = turn.machine.scopes.get(modelId);
  const bound = goalsByPlace(turn, modelId, inward);
  return bound.size > 0 || model === undefined ? bound : goalsByPlace(turn, modelId, [model.initialStateId]);
}

/** Activates a scope of the definition for the token that is in the state around it. */
export function openScope({ draft }: Turn, owner: Token, modelId: string): string {
  const number = (draft.counters.scopes ?? 0) + 1;
  draft.counters.scopes = number;
  const scopeId = `s${number}`;
  draft.scopes.push({ scopeId, parentId: owner.scopeId, ownerId: owner.tokenId, modelId });
  return scopeId;
}

/** The states of a scope that lead to the goals inside it, each with the goals that are further in. */
export function goalsByPlace(turn: Turn, modelId: string, goals: readonly string[]): Map<string, string[]> {
  const { machine } = turn;
  const byPlace = new Map<string, string[]>();
  for (const goal of goals) {
    const state = stateNamed(machine, goal);
    const place =
      state.scopeId === modelId
        ? goal
        : state.ancestors.find((ancestor) => machine.states.get(ancestor)?.scopeId === modelId);
    if (place === undefined) continue;
    byPlace.set(place, [...(byPlace.get(place) ?? []), ...(place === goal ? [] : [goal])]);
  }
  return byPlace;
}

/** A token that is nowhere yet; whoever asks for it puts it into a state. */
export function addToken(turn: Turn, scopeId: string): Token {
  const { draft } = turn;
  draft.counters.tokens += 1;
  const token: Token = {
    tokenId: `t${draft.counters.tokens}`,
    scopeId,
    stateId: "",
    phase: "entering",
    visit: { ordinal: -1, state: "", enteredAt: turn.nowText, actor: "system", actions: [] },
    timers: [],
  };
  draft.tokens.push(token);
  if (draft.tokens.length > 1) turn.hasMoved = true;
  return token;
}

/** An error state is entered all the same: what its schema misses is recorded. */
function recordMissing(turn: Turn, state: StateModel): void {
  const violations = state.schema?.checkFull(currentStateData(state, turn.draft.data)) ?? [];
  if (violations.length === 0) return;
  record(turn, "data-missing", {
    state: state.stateId,
    violations: violations.map(({ path, message }) => ({ path, message })),
  });
}

/** A state may be called `constructor`: only own properties count. */
export function entriesOf(turn: Turn, stateId: string): number {
  const { entries } = turn.draft.counters;
  return Object.hasOwn(entries, stateId) ? (entries[stateId] ?? 0) : 0;
}
