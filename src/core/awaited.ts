/**
 * What from outside would reach an instance now: the signals and messages of its tokens' transitions and of its scopes' event
 * sub-processes.
 */
import { correlationOf, isSameValue } from "./inbound/correlation.js";
import type { Json } from "./json/json.js";
import type { Inbound } from "./message/inbound.js";
import { type Machine, ROOT_SCOPE, type TransitionModel } from "./model/machine.js";
import type { Snapshot } from "./model/snapshot.js";

export type Awaited = { readonly kind: "signal"; readonly name: string } | AwaitedMessage;

interface AwaitedMessage {
  readonly kind: "webhook";
  /** The path, as the definition has it. */
  readonly name: string;
  /** What the message must carry. */
  readonly value: Json;
  readonly transitionId: string;
  /** The event that it is then. */
  readonly eventId: string;
}

/**
 * In document order of the tokens; one thing may stand in it twice. Nothing when the instance has ended. A token that is busy
 * counts: what comes now is kept for it.
 */
export function awaitedBy(machine: Machine, snapshot: Snapshot): readonly Awaited[] {
  if (!machine.awaits || (snapshot.status !== "active" && snapshot.status !== "suspended")) return [];
  const awaited: Awaited[] = [];
  for (const { transitionId, triggers } of openTransitions(machine, snapshot)) {
    for (const trigger of triggers) {
      if (trigger.kind === "signal") awaited.push({ kind: "signal", name: trigger.signal });
      if (trigger.kind !== "inbound") continue;
      const { eventId, inbound } = trigger;
      const value = correlationOf(snapshot, inbound);
      if (value === undefined) continue;
      awaited.push({ kind: inbound.channel, name: inbound.name, value, transitionId, eventId });
    }
  }
  return awaited;
}

export function isAwaitedMessage(awaited: Awaited, eventId: string, inbound: Expected): boolean {
  return (
    awaited.kind === inbound.channel &&
    awaited.name === inbound.name &&
    awaited.eventId === eventId &&
    inbound.transitionIds.includes(awaited.transitionId) &&
    isSameValue(awaited.value, inbound.value)
  );
}

type Expected = Pick<Inbound, "channel" | "name" | "value" | "transitionIds">;

/** Transitions that something from outside may fire now. */
function* openTransitions(machine: Machine, snapshot: Snapshot): Generator<TransitionModel> {
  for (const token of snapshot.tokens) {
    if (token.phase !== "ended") yield* machine.states.get(token.stateId)?.transitions ?? [];
  }
  for (const { modelId, isInterrupted } of snapshot.scopes) {
    if (isInterrupted !== true) yield* machine.scopes.get(modelId ?? ROOT_SCOPE)?.triggered ?? [];
  }
}
