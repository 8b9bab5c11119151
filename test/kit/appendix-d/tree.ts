/** The predicates and walks of appendix D over the tree of states, by the names that they have there. */
import type { ChartState, ChartTarget } from "./chart.js";

export function isAtomicState(state: ChartState): boolean {
  return state.kind === "atomic" || state.kind === "final";
}

export function isCompoundState(state: ChartState): boolean {
  return state.kind === "compound" || state.kind === "region";
}

export function isCompoundStateOrScxmlElement(state: ChartState): boolean {
  return isCompoundState(state) || state.kind === "scxml";
}

export function isDescendant(state: ChartTarget, other: ChartState): boolean {
  for (let at = state.parent; at !== undefined; at = at.parent) if (at === other) return true;
  return false;
}

/** Innermost first; up to `end` and without it, or to the root and with it. */
export function getProperAncestors(state: ChartTarget, end: ChartState | undefined): ChartState[] {
  const ancestors: ChartState[] = [];
  for (let at = state.parent; at !== undefined && at !== end; at = at.parent) ancestors.push(at);
  return ancestors;
}

/** The innermost compound state (or the root) that the first state and all others are inside of. */
export function findLCCA([head, ...tail]: readonly [ChartState, ...ChartTarget[]]): ChartState {
  for (const ancestor of getProperAncestors(head, undefined).filter(isCompoundStateOrScxmlElement))
    if (tail.every((state) => isDescendant(state, ancestor))) return ancestor;
  throw new Error(`"${head.id}" is outside the machine.`);
}

/** Ancestors first. */
export function entryOrder(one: ChartState, other: ChartState): number {
  return one.order - other.order;
}

/** Descendants first. */
export function exitOrder(one: ChartState, other: ChartState): number {
  return other.order - one.order;
}
