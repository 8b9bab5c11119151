/** The signals that would reach an instance now: those of its tokens' transitions and of its scopes' event sub-processes. */
import { type Machine, ROOT_SCOPE, type TransitionModel } from "./model/machine.js";
import type { Snapshot } from "./model/snapshot.js";

/**
 * Names, sorted by code unit, each once; none when the instance has ended. A token that is busy counts: what comes now is
 * kept for it.
 */
export function signalsAwaited(machine: Machine, snapshot: Snapshot): readonly string[] {
  if (machine.signals.size === 0 || (snapshot.status !== "active" && snapshot.status !== "suspended")) {
    return [];
  }
  const awaited = new Set<string>();
  for (const token of snapshot.tokens) {
    if (token.phase !== "ended") addSignals(awaited, machine.states.get(token.stateId)?.transitions ?? []);
  }
  for (const { modelId, isInterrupted } of snapshot.scopes) {
    if (isInterrupted !== true) {
      addSignals(awaited, machine.scopes.get(modelId ?? ROOT_SCOPE)?.triggered ?? []);
    }
  }
  return [...awaited].sort();
}

function addSignals(awaited: Set<string>, transitions: readonly TransitionModel[]): void {
  for (const { triggers } of transitions) {
    for (const trigger of triggers) if (trigger.kind === "signal") awaited.add(trigger.signal);
  }
}
