/**
 * Events from inside: `done.state.…`, and what actions raise. They are queued, and taken before anything from outside
 * once nothing moves by itself (SCXML's internal queue); those with `queue: "external"` wait behind what has arrived.
 */
import { formatInstant } from "../instant.js";
import { canonicalJson } from "../json/canonical-json.js";
import type { DelayedEvent, Incident, RaisedEvent } from "../model/snapshot.js";
import { clearTimer, record, setTimer, type Turn } from "./turn.js";

/** Events from inside that an instance keeps, in each of its queues. */
export const MAX_RAISED = 1_000;

/** Queues the event; one that the definition never names is only recorded. */
export function raise(turn: Turn, event: RaisedEvent): void {
  const { draft, machine } = turn;
  if (!machine.eventIds.has(event.eventId)) return;
  draft.raised = [...(draft.raised ?? []), event];
  record(turn, "event-raised", { event: event.eventId });
}

/** Raises again what an incident is about; one that waits for its turn already is raised once. */
export function raiseAgain(turn: Turn, { eventId, raisedData: data }: Incident): void {
  if (eventId === undefined || data === undefined) return;
  const text = canonicalJson(data);
  const isQueued = turn.draft.raised?.some(
    (event) => event.eventId === eventId && canonicalJson(event.data) === text,
  );
  if (isQueued !== true) raise(turn, { eventId, data });
}

/** Behind what arrived while tokens were busy. */
export function raiseBehind(turn: Turn, { eventId, data }: RaisedEvent): void {
  const { draft, machine } = turn;
  if (!machine.eventIds.has(eventId)) return;
  draft.kept.push({ kind: "raised", seq: draft.seq, eventId, data });
  record(turn, "event-raised", { event: eventId });
  turn.mayTakeKept = true;
}

/** Waits for its time in a durable timer. Not bound to a state: it comes unless it is called off or the instance ends. */
export function raiseLater(turn: Turn, event: RaisedEvent & { readonly id?: string }, dueAtMs: number): void {
  const { draft } = turn;
  const number = (draft.counters.delayed ?? 0) + 1;
  draft.counters.delayed = number;
  const delayed: DelayedEvent = { timerId: `raise-${number}`, dueAt: formatInstant(dueAtMs), ...event };
  draft.delayed = [...(draft.delayed ?? []), delayed];
  setTimer(turn, delayed.timerId, dueAtMs);
  record(turn, "timer-set", { timerId: delayed.timerId, dueAt: delayed.dueAt });
}

/** Calls off the delayed events of this id. */
export function callOff(turn: Turn, id: string): void {
  removeDelayed(turn, (delayed) => delayed.id === id);
}

export function callOffAll(turn: Turn): void {
  if (turn.draft.delayed !== undefined) removeDelayed(turn, () => true);
  delete turn.draft.raised;
}

/** The delayed event whose timer this is; it waits no longer. */
export function takeDelayed(turn: Turn, timerId: string): DelayedEvent | undefined {
  const { draft } = turn;
  const found = draft.delayed?.find((delayed) => delayed.timerId === timerId);
  if (found !== undefined) keepDelayed(turn, (delayed) => delayed !== found);
  return found;
}

function removeDelayed(turn: Turn, isMeant: (delayed: DelayedEvent) => boolean): void {
  for (const { timerId } of (turn.draft.delayed ?? []).filter(isMeant)) {
    clearTimer(turn, timerId);
    record(turn, "timer-cleared", { timerId });
  }
  keepDelayed(turn, (delayed) => !isMeant(delayed));
}

function keepDelayed(turn: Turn, isKept: (delayed: DelayedEvent) => boolean): void {
  const rest = (turn.draft.delayed ?? []).filter(isKept);
  if (rest.length > 0) turn.draft.delayed = rest;
  else delete turn.draft.delayed;
}
