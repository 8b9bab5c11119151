import type { StateModel } from "./machine.js";

/**
 * Where a token that is sent to a state can come to rest: routing states are passed through, so the states behind them
 * take the data. Each state once, in the order in which they are found.
 */
export function landingStates(
  states: ReadonlyMap<string, StateModel>,
  target: StateModel,
): readonly StateModel[] {
  const found = new Set<StateModel>();
  const seen = new Set<StateModel>();
  const open = [target];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    if (!state.isRouting) {
      found.add(state);
      continue;
    }
    for (const { targetId } of [...state.transitions].reverse()) {
      const next = targetId === undefined ? undefined : states.get(targetId);
      if (next !== undefined) open.push(next);
    }
  }
  return [...found];
}
