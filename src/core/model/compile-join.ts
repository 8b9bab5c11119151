/** What a join waits for, and from where a token can still come to it. */
import type { CanonicalState, CanonicalTransition } from "../definition/definition-document.generated.js";
import type { JoinModel } from "./machine.js";
import type { PlacedState, PlacedTransition } from "./scopes/scope-tree.js";

/**
 * `reachableFrom` holds the states of the join's own scope from which some path of transitions leads to it, whatever their
 * conditions say; what a state does inside of itself counts as one place.
 */
export function compileJoin(
  join: CanonicalState,
  scopeId: string,
  transitions: readonly PlacedTransition[],
  states: readonly PlacedState[],
): JoinModel {
  const neighbours = new Map(
    states.filter((placed) => placed.scopeId === scopeId).map((placed) => [placed.state.stateId, placed]),
  );
  const placeOf = new Map(states.map((placed) => [placed.state.stateId, outermostIn(placed, neighbours)]));
  const steps = transitions.flatMap(({ transition, scopeId: home }) => {
    const to = placeOf.get(transition.toStateId ?? "");
    if (to === undefined) return [];
    return sourcesOf(transition, home, states).flatMap((source) => {
      const from = placeOf.get(source);
      return from === undefined ? [] : [{ from, to }];
    });
  });
  return {
    wait: join.wait ?? "all",
    incoming: transitions
      .filter(({ transition }) => transition.toStateId === join.stateId)
      .flatMap(({ transition }) => waysOf(transition, placeOf)),
    reachableFrom: sourcesOfPaths(join.stateId, steps),
  };
}

/** One for each source, as the state of the join's scope that it is, or is inside of: from each a token of its own comes. */
function waysOf(
  { transitionId = "", fromStateId }: CanonicalTransition,
  placeOf: ReadonlyMap<string, string | undefined>,
): string[] {
  const places = new Set(Array.isArray(fromStateId) ? fromStateId.map((source) => placeOf.get(source)) : []);
  return places.size < 2 ? [transitionId] : [...places].map((place) => joinWay(transitionId, place ?? ""));
}

export function joinWay(transitionId: string, place: string): string {
  return `${transitionId}/${place}`;
}

/** The state of the scope that the state is, or is inside of. */
function outermostIn(placed: PlacedState, neighbours: ReadonlyMap<string, PlacedState>): string | undefined {
  return [placed.state.stateId, ...placed.ancestors].find((stateId) => neighbours.has(stateId));
}

function sourcesOf(
  { fromStateId }: CanonicalTransition,
  home: string,
  states: readonly PlacedState[],
): readonly string[] {
  if (Array.isArray(fromStateId)) return fromStateId;
  if (fromStateId !== "*") return typeof fromStateId === "string" ? [fromStateId] : [];
  return states.filter(({ scopeId }) => scopeId === home).map(({ state }) => state.stateId);
}

function sourcesOfPaths(
  target: string,
  steps: readonly { readonly from: string; readonly to: string }[],
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [target];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { from, to } of steps) {
      if (to !== at || found.has(from)) continue;
      found.add(from);
      open.push(from);
    }
  }
  return found;
}
