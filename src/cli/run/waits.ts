/**
 * What a settled instance waits for: events, data, timers, and children with what they wait for themselves.
 *
 * 1. Data is named for automatic transitions of settled tokens only. What has work inside waits for that work, which is named
 *    in its stead; a join waits for the other tokens.
 * 2. Of the children a bounded number is looked at.
 */
import type { Machine, TransitionModel } from "../../core/model/machine.js";
import type { Snapshot, Token } from "../../core/model/snapshot.js";
import { spanText } from "../output/time-text.js";

export interface Waits {
  /** Ids of events that lead on; those that lead into an error state are a way out, not something to wait for. */
  readonly events: readonly string[];
  /** Automatic transitions that more data could bring about. */
  readonly transitions: readonly string[];
  /** The earliest timer. */
  readonly dueAtMs: number | undefined;
  readonly children: readonly ChildWaits[];
}

export interface ChildWaits {
  readonly childId: string;
  /** Undefined where nobody has looked. */
  readonly waits: Waits | undefined;
}

/** What its children wait for is not looked at. */
export function waitsOf(machine: Machine, snapshot: Snapshot): Waits {
  const transitions = snapshot.tokens.flatMap(
    (token) => machine.states.get(token.stateId)?.transitions ?? [],
  );
  const onward = transitions.filter((transition) => !leadsIntoError(machine, transition));
  const dueTimes = snapshot.tokens.flatMap((token) => token.timers.map((timer) => Date.parse(timer.dueAt)));
  return {
    events: [...new Set(onward.flatMap(eventsOf))],
    transitions: snapshot.tokens.flatMap((token) => waitingForData(machine, token)),
    dueAtMs: dueTimes.length === 0 ? undefined : Math.min(...dueTimes),
    children: snapshot.tokens
      .flatMap(childIdsOf)
      .map((childId): ChildWaits => ({ childId, waits: undefined })),
  };
}

/** How many children, and theirs, are looked at. */
const MAX_LOOKS = 100;

/** The same with what its children wait for, those of children included; as far as they are looked at. */
export async function waitsOfFamily(
  snapshot: Snapshot,
  machineOf: (snapshot: Snapshot) => Promise<Machine>,
  read: (instanceId: string) => Promise<Snapshot | undefined>,
): Promise<Waits> {
  let looksLeft = MAX_LOOKS;
  const look = async (each: Snapshot): Promise<Waits> => {
    const waits = waitsOf(await machineOf(each), each);
    const children: ChildWaits[] = [];
    for (const { childId } of waits.children) {
      looksLeft -= 1;
      const child = looksLeft < 0 ? undefined : await read(childId);
      children.push({ childId, waits: child === undefined ? undefined : await look(child) });
    }
    return { ...waits, children };
  };
  return look(snapshot);
}

/** True when time alone brings it on, also where it is the time of its children. */
export function isTimerAlone(waits: Waits): boolean {
  const { events, transitions, dueAtMs, children } = waits;
  if (events.length > 0 || transitions.length > 0) return false;
  return children.length === 0
    ? dueAtMs !== undefined
    : children.every((child) => child.waits !== undefined && isTimerAlone(child.waits));
}

/** The earliest timer of the family, and whose it is; the instance itself goes by no id. */
export function earliestTimer(
  waits: Waits,
): { readonly dueAtMs: number; readonly childId?: string } | undefined {
  const { dueAtMs, children } = waits;
  const own = dueAtMs === undefined ? [] : [{ dueAtMs }];
  const others = children.flatMap((child) => {
    const timer = child.waits === undefined ? undefined : earliestTimer(child.waits);
    return timer === undefined ? [] : [{ childId: child.childId, ...timer }];
  });
  return [...own, ...others].sort((one, other) => one.dueAtMs - other.dueAtMs)[0];
}

/** How many children are named. */
const MAX_NAMED = 3;

export function waitsText(waits: Waits, nowMs: number): string {
  const { events, transitions, dueAtMs, children } = waits;
  const unnamed = children.length - MAX_NAMED;
  const named = children.slice(0, MAX_NAMED).map((child) => childText(child, nowMs));
  const parts = [
    ...(events.length === 0
      ? []
      : [`${events.length === 1 ? "event" : "one of the events"} ${events.join(", ")}`]),
    ...(transitions.length === 0 ? [] : [`data for ${transitions.join(" or ")} (--update)`]),
    ...(dueAtMs === undefined
      ? []
      : [`the timer due at ${new Date(dueAtMs).toISOString()} (in ${spanText(dueAtMs - nowMs)})`]),
    ...(named.length === 0
      ? []
      : [[...named, ...(unnamed > 0 ? [`${unnamed} more children`] : [])].join(", ")]),
  ];
  return parts.length === 0 ? "something from outside" : parts.join("; or for ");
}

function childText({ childId, waits }: ChildWaits, nowMs: number): string {
  return waits === undefined
    ? `its child ${childId}`
    : `its child ${childId} (which waits for ${waitsText(waits, nowMs)})`;
}

function waitingForData({ states }: Machine, { stateId, phase, child, each }: Token): readonly string[] {
  const state = states.get(stateId);
  const isAtWork = phase !== "settled" || child !== undefined || each !== undefined;
  if (state === undefined || isAtWork || state.join !== undefined) return [];
  return state.transitions
    .filter((transition) => transition.isAutomatic)
    .map(({ transitionId }) => transitionId);
}

function childIdsOf({ child, each }: Token): readonly string[] {
  const running = [...(child === undefined ? [] : [child]), ...(each?.running ?? [])];
  return running.map(({ childId }) => childId);
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
