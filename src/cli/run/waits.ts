/** What a settled instance waits for: events, data, timers. */
import type { Machine, TransitionModel } from "../../core/model/machine.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import { spanText } from "../output/time-text.js";

export interface Waits {
  /** Ids of events that lead on; those that lead into an error state are a way out, not something to wait for. */
  readonly events: readonly string[];
  /** Automatic transitions that more data could bring about. */
  readonly transitions: readonly string[];
  /** The earliest timer. */
  readonly dueAtMs: number | undefined;
}

export function waitsOf(machine: Machine, snapshot: Snapshot): Waits {
  const transitions = snapshot.tokens.flatMap(
    (token) => machine.states.get(token.stateId)?.transitions ?? [],
  );
  const onward = transitions.filter((transition) => !leadsIntoError(machine, transition));
  const dueTimes = snapshot.tokens.flatMap((token) => token.timers.map((timer) => Date.parse(timer.dueAt)));
  return {
    events: [...new Set(onward.flatMap(eventsOf))],
    transitions: transitions
      .filter((transition) => transition.isAutomatic)
      .map(({ transitionId }) => transitionId),
    dueAtMs: dueTimes.length === 0 ? undefined : Math.min(...dueTimes),
  };
}

export function isTimerAlone(waits: Waits): boolean {
  return waits.events.length === 0 && waits.transitions.length === 0 && waits.dueAtMs !== undefined;
}

export function waitsText(waits: Waits, nowMs: number): string {
  const { events, transitions, dueAtMs } = waits;
  const parts = [
    ...(events.length === 0
      ? []
      : [`${events.length === 1 ? "event" : "one of the events"} ${events.join(", ")}`]),
    ...(transitions.length === 0 ? [] : [`data for ${transitions.join(" or ")} (--update)`]),
    ...(dueAtMs === undefined
      ? []
      : [`the timer due at ${new Date(dueAtMs).toISOString()} (in ${spanText(dueAtMs - nowMs)})`]),
  ];
  return parts.length === 0 ? "something from outside" : parts.join("; or for ");
}

function leadsIntoError(machine: Machine, transition: TransitionModel): boolean {
  return transition.targetId !== undefined && machine.states.get(transition.targetId)?.isError === true;
}

/** `error` and `error.<code>` are raised by failures, nobody sends them. */
function eventsOf(transition: TransitionModel): string[] {
  return transition.triggers.flatMap((trigger) =>
    trigger.kind === "event" && !/^error(\.|$)/.test(trigger.eventId) ? [trigger.eventId] : [],
  );
}
