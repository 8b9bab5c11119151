/**
 * The order of transitions in a scope. Only the order among the transitions of one state has a meaning; the canonical
 * form therefore groups them by state, so that the short form, in which they stand in their states, says the same.
 *
 * 1. Transitions of one state keep their order, whatever their form.
 * 2. A transition can stand in its state when it has one source, a state of the scope, and no earlier transition
 *    with several sources that include this state.
 * 3. What cannot stand in a state keeps its order and comes after all that can.
 */
import type { CanonicalState, CanonicalTransition } from "../definition-document.generated.js";

export interface TransitionScope {
  readonly states: readonly CanonicalState[];
  readonly transitions: readonly CanonicalTransition[];
}

export interface SplitTransitions {
  /** Those that stand in a state, by its id. */
  readonly nested: ReadonlyMap<string, readonly CanonicalTransition[]>;
  /** Those that do not. */
  readonly loose: readonly CanonicalTransition[];
}

/** Tells transitions that can stand in their state from those that cannot. */
export function splitTransitions({ states, transitions }: TransitionScope): SplitTransitions {
  const nested = new Map<string, CanonicalTransition[]>();
  for (const state of states) {
    if (!isWrittenWithArrays(state)) nested.set(state.stateId, []);
  }
  const loose: CanonicalTransition[] = [];
  const passed = new Set<string>();
  for (const transition of transitions) {
    const { fromStateId } = transition;
    const home =
      typeof fromStateId === "string" && !passed.has(fromStateId) ? nested.get(fromStateId) : undefined;
    if (home !== undefined && !passed.has("*")) {
      home.push(transition);
    } else {
      loose.push(transition);
      for (const stateId of typeof fromStateId === "string" ? [fromStateId] : fromStateId)
        passed.add(stateId);
    }
  }
  return { nested, loose };
}

/** The transitions of a scope in canonical order. */
export function orderTransitions(scope: TransitionScope): CanonicalTransition[] {
  const { nested, loose } = splitTransitions(scope);
  return [...[...nested.values()].flat(), ...loose];
}

/** True for a compound state whose inner transitions do not all stand in states: the short form keeps its arrays. */
export function isWrittenWithArrays(state: CanonicalState): boolean {
  return state.states !== undefined && splitTransitions(innerScope(state)).loose.length > 0;
}

export function innerScope(state: CanonicalState): TransitionScope {
  return { states: state.states ?? [], transitions: state.transitions ?? [] };
}
