import type { ScopeEntry, StateEntry } from "./entries.js";

/** The compound and parallel states around a state, innermost first. */
export function enclosingStates({ home }: StateEntry): readonly StateEntry[] {
  const found: StateEntry[] = [];
  for (let around = home.parent; around !== undefined; around = around.home.parent) found.push(around);
  return found;
}

/** The state of the scope that the state is, or is inside of; undefined where it is somewhere else. */
export function placeInScope(entry: StateEntry, scope: ScopeEntry): StateEntry | undefined {
  return [entry, ...enclosingStates(entry)].find(({ home }) => home === scope);
}

/** True for a state that holds others. */
export function isComposite({ state: { baseStateType, states, regions } }: StateEntry): boolean {
  return (
    baseStateType === "compound" ||
    baseStateType === "parallel" ||
    states !== undefined ||
    regions !== undefined
  );
}

/** The states of a scope where it is entered by default; one where all is well. */
export function beginsOf(
  { initial, states }: ScopeEntry,
  statesById: ReadonlyMap<string, StateEntry>,
): readonly StateEntry[] {
  if (initial === undefined) return states.filter(({ state }) => state.baseStateType === "initial");
  const entry = statesById.get(initial);
  return entry === undefined ? [] : [entry];
}

/** The regions that start by default with a target: those beside each region that is entered on the way to it. */
export function regionsEnteredBeside(
  target: StateEntry,
  isEntered: (region: ScopeEntry) => boolean,
): readonly ScopeEntry[] {
  const beside: ScopeEntry[] = [];
  for (const entry of [target, ...enclosingStates(target)]) {
    const { home } = entry;
    if (home.parent === undefined || home.parent.inner.length < 2 || !isEntered(home)) continue;
    beside.push(...home.parent.inner.filter((region) => region !== home));
  }
  return beside;
}
