/**
 * Entering a state, settling in it, and the end of an instance.
 *
 * Invariants:
 * 1. A visit opens with the entry and closes with the exit; the last visit of an ended instance stays open for the
 *    records of its last actions.
 * 2. Entering a final state ends its token at once: its entry actions still run, but nothing can change the outcome.
 */

import { currentStateData } from "../data/data-rules.js";
import { formatInstant } from "../instant.js";
import type { JsonObject } from "../json/json.js";
import type { StateModel } from "../model/machine.js";
import type { Token, TriggerInfo, Visit } from "../model/snapshot.js";
import { endInstance } from "./end.js";
import { emitNotice, noticeOfEntry } from "./notices.js";
import { clearTimer, record, setTimer, stateNamed, type Turn } from "./turn.js";

/** Puts a token into a state. Its entry actions become the token's agenda; the caller drives them. */
export function enterState(
  turn: Turn,
  token: Token,
  stateId: string,
  trigger: TriggerInfo,
  event: { readonly id: string; readonly data: JsonObject } | undefined,
): void {
  const { draft, machine } = turn;
  const state = stateNamed(machine, stateId);
  token.stateId = stateId;
  token.phase = "entering";
  token.visit = openVisit(turn, stateId, trigger);
  token.agenda = {
    actions: state.entryActions.map((action) => ({ actionId: action.actionId, phase: "entry" })),
    next: 0,
    ...(event === undefined ? {} : { event }),
  };
  draft.counters.entries = { ...draft.counters.entries, [stateId]: entriesOf(turn, stateId) + 1 };
  record(turn, "entered", {
    state: stateId,
    ...(trigger.transitionId === undefined ? {} : { transitionId: trigger.transitionId }),
  });
  if (state.isError) recordMissing(turn, state);
  if (state.isFinal) endInstance(turn, state.isError ? "error" : "completed", { state: stateId });
  else setTimers(turn, token, state);
  if (!state.isRouting) {
    emitNotice(turn, "state-changed", noticeOfEntry(token, token.toldState));
    token.toldState = stateId;
  }
  if (state.isFinal) emitEnd(turn, state);
}

/** The entry or internal actions are over: the token waits from now on, or is at its end. */
export function settle(turn: Turn, token: Token): void {
  delete token.agenda;
  if (stateNamed(turn.machine, token.stateId).isFinal) {
    token.phase = "ended";
    return;
  }
  token.phase = "settled";
  turn.unsettled.add(token.tokenId);
}

/** Closes the open visit for good: it goes to the history. */
export function closeVisit(turn: Turn, token: Token): void {
  const state = stateNamed(turn.machine, token.stateId);
  const { ordinal, state: stateId, enteredAt, transitionId, event, actor, actions } = token.visit;
  // Written out, because spreading it was a fifth of a step's time.
  const visit: Visit = {
    ordinal,
    state: stateId,
    enteredAt,
    exitedAt: turn.nowText,
    data: currentStateData(state, turn.draft.data),
    actor,
    actions,
  };
  if (transitionId !== undefined) visit.transitionId = transitionId;
  if (event !== undefined) visit.event = event;
  turn.effects.push({ kind: "visit", visit });
  record(turn, "exited", { state: token.stateId });
}

export function clearTimers(turn: Turn, token: Token): void {
  for (const timer of token.timers) {
    clearTimer(turn, timer.timerId);
    record(turn, "timer-cleared", { timerId: timer.timerId });
  }
  token.timers = [];
  // One that fired while actions were under way belongs to the visit too.
  turn.draft.kept = turn.draft.kept.filter((kept) => kept.kind !== "timer" || kept.tokenId !== token.tokenId);
}

/** Begins the waits of the state's time-based transitions, from now. */
export function setTimers(turn: Turn, token: Token, state: StateModel): void {
  for (const transition of state.transitions) {
    for (const [index, trigger] of transition.triggers.entries()) {
      if (trigger.kind !== "after") continue;
      const name = index === 0 ? transition.transitionId : `${transition.transitionId}.${index + 1}`;
      const timerId = `${token.tokenId}.${token.visit.ordinal}.${name}`;
      const dueAtMs = trigger.after.addTo(turn.nowMs);
      token.timers.push({
        timerId,
        transitionId: transition.transitionId,
        eventId: trigger.eventId,
        dueAt: formatInstant(dueAtMs),
      });
      setTimer(turn, timerId, dueAtMs);
      record(turn, "timer-set", { timerId, dueAt: formatInstant(dueAtMs) });
    }
  }
}

function openVisit(turn: Turn, stateId: string, trigger: TriggerInfo): Visit {
  const visit: Visit = {
    ordinal: turn.draft.counters.visits,
    state: stateId,
    enteredAt: turn.nowText,
    actor: trigger.actor,
    actions: [],
  };
  turn.draft.counters.visits += 1;
  if (trigger.transitionId !== undefined) visit.transitionId = trigger.transitionId;
  if (trigger.event !== undefined) visit.event = trigger.event;
  return visit;
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

/**
 * An old confirmation confirms nothing: a user task entered again forgets what only it collects. Done when the transition
 * is taken, before its event and its actions set anything anew.
 */
export function clearStaleAnswers(turn: Turn, state: StateModel, eventData: JsonObject): void {
  const { draft, machine } = turn;
  if (state.kind !== "userTask" || state.schema === undefined || entriesOf(turn, state.stateId) === 0) return;
  const others = [...machine.states.values()].filter((other) => other.stateId !== state.stateId);
  const stale = state.schema.properties.filter(
    (property) =>
      Object.hasOwn(draft.data, property) &&
      !Object.hasOwn(eventData, property) &&
      !machine.immutable.has(property) &&
      !others.some((other) => other.schema?.properties.includes(property)),
  );
  if (stale.length === 0) return;
  draft.data = Object.fromEntries(
    Object.entries(draft.data).filter(([property]) => !stale.includes(property)),
  );
  record(turn, "data-cleared", { state: state.stateId, properties: stale });
}

/** A state may be called `constructor`: only own properties count. */
function entriesOf(turn: Turn, stateId: string): number {
  const { entries } = turn.draft.counters;
  return Object.hasOwn(entries, stateId) ? (entries[stateId] ?? 0) : 0;
}

function emitEnd(turn: Turn, state: StateModel): void {
  emitNotice(turn, state.isError ? "error" : "completed", { state: state.stateId });
}
