/**
 * Exponential ambiguity of a position automaton: a state can be reached from itself by two different paths that read
 * the same word. Then reading that word n times has 2^n paths, all of which a backtracking matcher tries when the
 * match fails behind them. Otherwise the paths are polynomial in the length of the text.
 *
 * The criterion EDA of Weber and Seidl (On the degree of ambiguity of finite automata, 1991), used for matchers by
 * Weideman et al. (2016): in the product of the automaton with itself, a strongly connected component holds a pair
 * (p, p) and a pair (q, r) with q ≠ r; or an edge inside a component of the automaton counts more than once.
 */
import { overlaps } from "./char-set.js";
import { type CheckBudget, TooComplexError } from "./check-budget.js";
import type { PositionAutomaton } from "./position-automaton.js";
import { strongComponents } from "./strong-components.js";

/** Positions of one component: the product has the square of it. */
const MAX_COMPONENT = 1000;

/** Throws `TooComplexError` when the product would be too large. */
export function isExponentiallyAmbiguous(automaton: PositionAutomaton, budget: CheckBudget): boolean {
  const successors = automaton.follow.map((edges) => [...edges.keys()]);
  const { componentOf, members } = strongComponents(successors.length, (state) => successors[state] ?? []);
  const isInside = (from: number, to: number): boolean => componentOf[from] === componentOf[to];
  for (const [state, edges] of automaton.follow.entries()) {
    for (const [target, ways] of edges) if (ways > 1 && isInside(state, target)) return true;
  }
  return members.some((states) => {
    const inner = innerEdges(states, successors, isInside);
    // A component in which no state has two ways on is a plain ring, or a single state.
    return inner.some((targets) => targets.length > 1) && hasTwoPaths(states, inner, automaton, budget);
  });
}

/** The edges among the states, by their places in the list. */
function innerEdges(
  states: readonly number[],
  successors: readonly (readonly number[])[],
  isInside: (from: number, to: number) => boolean,
): number[][] {
  const placeOf = new Map(states.map((state, place) => [state, place]));
  return states.map((state) =>
    (successors[state] ?? [])
      .filter((target) => isInside(state, target))
      .flatMap((target) => placeOf.get(target) ?? []),
  );
}

function hasTwoPaths(
  states: readonly number[],
  inner: readonly (readonly number[])[],
  automaton: PositionAutomaton,
  budget: CheckBudget,
): boolean {
  const size = states.length;
  if (size > MAX_COMPONENT)
    throw new TooComplexError(`It repeats a part of more than ${MAX_COMPONENT} places.`);
  const canMeet = meetings(states, automaton);
  const successors = (pair: number): number[] => {
    const targets: number[] = [];
    for (const left of inner[Math.floor(pair / size)] ?? []) {
      for (const right of inner[pair % size] ?? []) {
        budget.spend("comparisons", 1);
        if (canMeet(left, right)) targets.push(left * size + right);
      }
    }
    return targets;
  };
  const diagonal = states.map((_, place) => place * (size + 1));
  const { members } = strongComponents(size * size, successors, diagonal);
  const isDiagonal = (pair: number): boolean => pair % (size + 1) === 0;
  return members.some((pairs) => pairs.some(isDiagonal) && !pairs.every(isDiagonal));
}

/** Whether two places can take the same character; places made from one node share their set. */
function meetings(
  states: readonly number[],
  { chars }: PositionAutomaton,
): (left: number, right: number) => boolean {
  const sets = [...new Set(states.map((state) => chars[state] ?? []))];
  const kindOf = new Map(sets.map((set, kind) => [set, kind]));
  const kinds = states.map((state) => kindOf.get(chars[state] ?? []) ?? 0);
  const known = new Map<number, boolean>();
  return (left, right) => {
    const a = kinds[left] ?? 0;
    const b = kinds[right] ?? 0;
    if (a === b) return (sets[a] ?? []).length > 0;
    const key = a * sets.length + b;
    const answer = known.get(key) ?? overlaps(sets[a] ?? [], sets[b] ?? []);
    known.set(key, answer);
    return answer;
  };
}
