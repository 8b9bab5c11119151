/**
 * The position automaton of a part of a pattern (Glushkov 1961): one state for each place that takes a character, an edge
 * from each to those that can take the next one.
 *
 * 1. An edge counts in how many ways a backtracking matcher can go from the one to the other, up to "more than once".
 *    Two ways to pass over nothing in between are two ways.
 * 2. Counted repetitions are written out, so that the paths are those of the matcher; a round of a repetition that
 *    takes nothing is not a way, because ECMAScript ends there, unless the round is one of those that are required.
 * 3. Assertions take nothing and always hold here: that can only add paths.
 */
import type { AST } from "@eslint-community/regexpp";
import type { CharSet } from "./char-set.js";
import { type CheckBudget, TooComplexError } from "./check-budget.js";
import { type CharNode, charsOf } from "./class-chars.js";

const MAX_POSITIONS = 2000;

/** 1, or 2 for more than once; 0 is no way. */
type Ways = 0 | 1 | 2;

/** Positions with the ways to them. */
type PositionWays = ReadonlyMap<number, Ways>;

interface Fragment {
  /** Ways to take nothing. */
  readonly empty: Ways;
  readonly first: PositionWays;
  readonly last: PositionWays;
}

const NOTHING: Fragment = { empty: 1, first: new Map(), last: new Map() };
const IMPOSSIBLE: Fragment = { empty: 0, first: new Map(), last: new Map() };

export class PositionAutomaton {
  /** What each position takes. */
  readonly chars: CharSet[] = [];
  /** The edges of each position. */
  readonly follow: Map<number, Ways>[] = [];
  private readonly charsByNode = new Map<CharNode, CharSet>();
  private readonly budget: CheckBudget;

  private constructor(budget: CheckBudget) {
    this.budget = budget;
  }

  /**
   * The automaton of `(?:element)*`, of `(?:element element)*` when `rounds` is 2. Throws `TooComplexError` when the
   * budget is spent.
   */
  static ofLoop(element: AST.QuantifiableElement, rounds: 1 | 2, budget: CheckBudget): PositionAutomaton {
    const automaton = new PositionAutomaton(budget);
    let body = automaton.element(element);
    if (rounds === 2) body = automaton.sequence(body, automaton.element(element));
    automaton.loop(body);
    return automaton;
  }

  private element(node: AST.Element): Fragment {
    this.budget.spend("parts", 1);
    switch (node.type) {
      case "Group":
      case "CapturingGroup":
        return this.alternatives(node.alternatives);
      case "Quantifier":
        return this.quantifier(node);
      case "Assertion":
      case "Backreference":
        return NOTHING;
      case "Character":
      case "CharacterClass":
      case "CharacterSet":
        return this.position(node);
      case "ExpressionCharacterClass":
        throw new TooComplexError("It has a class of the flag v.");
    }
  }

  private position(node: CharNode): Fragment {
    const id = this.chars.length;
    if (id >= MAX_POSITIONS)
      throw new TooComplexError(`Written out it has more than ${MAX_POSITIONS} places.`);
    const chars = this.charsByNode.get(node) ?? charsOf(node);
    this.charsByNode.set(node, chars);
    this.chars.push(chars);
    this.follow.push(new Map());
    const ways: PositionWays = new Map([[id, 1]]);
    return { empty: 0, first: ways, last: ways };
  }

  private alternatives(alternatives: readonly AST.Alternative[]): Fragment {
    let choice = IMPOSSIBLE;
    for (const { elements } of alternatives) {
      let sequence = NOTHING;
      for (const element of elements) sequence = this.sequence(sequence, this.element(element));
      choice = {
        empty: plus(choice.empty, sequence.empty),
        first: union(choice.first, sequence.first, 1),
        last: union(choice.last, sequence.last, 1),
      };
    }
    return choice;
  }

  private quantifier({ element, min, max }: AST.Quantifier): Fragment {
    if (max === 0) return NOTHING;
    let required = NOTHING;
    for (let round = 1; round < min; round += 1) required = this.sequence(required, this.element(element));
    if (max === Number.POSITIVE_INFINITY) {
      const body = this.element(element);
      if (min > 0 && body.empty === 0) {
        // A loop that has taken something already is the loop itself.
        return this.sequence(required, this.loop(body));
      }
      if (min > 0) required = this.sequence(required, body);
      const rest = min > 0 ? this.element(element) : body;
      return this.sequence(required, optional(this.loop(rest)));
    }
    if (min > 0) required = this.sequence(required, this.element(element));
    let rest = NOTHING;
    for (let round = min; round < max; round += 1)
      rest = optional(this.sequence(this.element(element), rest));
    return this.sequence(required, rest);
  }

  private sequence(left: Fragment, right: Fragment): Fragment {
    this.connect(left.last, right.first);
    return {
      empty: times(left.empty, right.empty),
      first: union(left.first, right.first, left.empty),
      last: union(right.last, left.last, right.empty),
    };
  }

  private loop(body: Fragment): Fragment {
    this.connect(body.last, body.first);
    return body;
  }

  private connect(from: PositionWays, to: PositionWays): void {
    for (const [source, sourceWays] of from) {
      const edges = this.follow[source];
      if (edges === undefined) continue;
      this.budget.spend("edges", to.size);
      for (const [target, targetWays] of to) {
        const before = edges.get(target) ?? 0;
        edges.set(target, plus(before, times(sourceWays, targetWays)));
      }
    }
  }
}

/** The fragment or nothing; taking nothing inside it does not count beside that. */
function optional(fragment: Fragment): Fragment {
  return { ...fragment, empty: 1 };
}

function union(left: PositionWays, right: PositionWays, rightWays: Ways): PositionWays {
  if (rightWays === 0 || right.size === 0) return left;
  const all = new Map(left);
  for (const [position, ways] of right)
    all.set(position, plus(all.get(position) ?? 0, times(ways, rightWays)));
  return all;
}

function plus(left: Ways, right: Ways): Ways {
  return left + right >= 2 ? 2 : left === 0 ? right : left;
}

function times(left: Ways, right: Ways): Ways {
  if (left === 0 || right === 0) return 0;
  return left === 1 && right === 1 ? 1 : 2;
}
