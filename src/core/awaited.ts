/**
 * What from outside would reach an instance now: the signals and inbound messages of its tokens' transitions and of its
 * scopes' event sub-processes.
 */
import { type Machine, ROOT_SCOPE, type TransitionModel, type TriggerModel } from "./model/machine.js";
import type { Snapshot } from "./model/snapshot.js";

export interface Awaited {
  readonly kind: "signal";
  readonly name: string;
}

/**
 * In document order of the tokens, each thing once; nothing when the instance has ended. A token that is busy counts: what
 * comes now is kept for it.
 */
export function awaitedBy(machine: Machine, snapshot: Snapshot): readonly Awaited[] {
  if (!machine.awaits || (snapshot.status !== "active" && snapshot.status !== "suspended")) return [];
  const awaited = new Map<string, Awaited>();
  for (const trigger of openTriggers(machine, snapshot)) {
    if (trigger.kind === "signal") awaited.set(trigger.signal, { kind: "signal", name: trigger.signal });
  }
  return [...awaited.values()];
}

function* openTriggers(machine: Machine, snapshot: Snapshot): Generator<TriggerModel> {
  for (const token of snapshot.tokens) {
    if (token.phase !== "ended") yield* triggersOf(machine.states.get(token.stateId)?.transitions ?? []);
  }
  for (const { modelId, isInterrupted } of snapshot.scopes) {
    if (isInterrupted !== true) yield* triggersOf(machine.scopes.get(modelId ?? ROOT_SCOPE)?.triggered ?? []);
  }
}

function* triggersOf(transitions: readonly TransitionModel[]): Generator<TriggerModel> {
  for (const { triggers } of transitions) yield* triggers;
}
