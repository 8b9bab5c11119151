import type { ScopeModel, StateModel } from "../machine.js";

/**
 * Where a token that is sent to a state can come to rest: routing states are passed through, compound and parallel ones
 * are entered at their initial states, so the states behind them take the data. One with a schema takes it too. Each
 * state once, in the order in which they are found.
 */
export function landingStates(
  states: ReadonlyMap<string, StateModel>,
  scopes: ReadonlyMap<string, ScopeModel>,
  target: StateModel,
): readonly StateModel[] {
  const found = new Set<StateModel>();
  const seen = new Set<StateModel>();
  const open = [target];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    const isThrough = state.isRouting || (state.innerScopeIds.length > 0 && state.schema === undefined);
    if (!isThrough) found.add(state);
    for (const nextId of onwardFrom(state, scopes).reverse()) {
      const next = states.get(nextId);
      if (next !== undefined) open.push(next);
    }
  }
  return [...found];
}

function onwardFrom(state: StateModel, scopes: ReadonlyMap<string, ScopeModel>): string[] {
  if (state.isRouting) return state.transitions.flatMap(({ targetId }) => targetId ?? []);
  return state.innerScopeIds.flatMap((scopeId) => scopes.get(scopeId)?.initialStateId ?? []);
}
