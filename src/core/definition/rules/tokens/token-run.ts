/**
 * Every way in which the tokens of a scope can go, one step after the other, as far as they can be counted.
 *
 * 1. A marking says how many tokens are in which place. It is found once, whatever the order of the steps that lead to it.
 * 2. What is not looked at any more (too many markings, too many tokens in one place) is cut: anything may come after it.
 */
import { ENDED, type Exit, GONE, type NetNode, type Place, type TokenNet } from "./token-net.js";

const MAX_MARKINGS = 4_000;
const MAX_TOKENS_IN_A_PLACE = 3;
const MAX_CONDITIONS_OF_A_FORK = 6;

type Marking = ReadonlyMap<Place, number>;

export interface Step {
  readonly to: number;
  /** The state whose token moved. */
  readonly node: NetNode;
  /** The way that it took; absent for a fork, which takes several, and where there is none. */
  readonly exit: Exit | undefined;
}

export interface MarkingEntry {
  readonly tokens: Marking;
  readonly steps: readonly Step[];
  readonly isCut: boolean;
}

export interface TokenRun {
  readonly markings: readonly MarkingEntry[];
  /** By the net's starts. */
  readonly starts: readonly number[];
  readonly isComplete: boolean;
}

export function runTokens(net: TokenNet): TokenRun {
  const run = new Run(net);
  const starts = net.starts.map(({ place }) => run.find(moved(new Map(), [], [place])));
  const markings = run.explore();
  return { markings, starts, isComplete: markings.every(({ isCut }) => !isCut) };
}

class Run {
  readonly #net: TokenNet;
  readonly #numbers = new Map<string, number>();
  readonly #markings: Marking[] = [];
  readonly #reaching = new Map<NetNode, ReadonlySet<Place>>();

  constructor(net: TokenNet) {
    this.#net = net;
  }

  find(marking: Marking): number {
    const key = JSON.stringify([...marking].sort(([one], [other]) => (one < other ? -1 : 1)));
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#markings.push(marking) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  explore(): MarkingEntry[] {
    const entries: MarkingEntry[] = [];
    // Markings are added while this goes on.
    for (let at = 0; at < this.#markings.length; at += 1) {
      const tokens = this.#markings[at] ?? new Map();
      // Once there are too many, those that were found and not looked at are left as they are.
      const isCut =
        this.#markings.length > MAX_MARKINGS ||
        [...tokens.values()].some((count) => count > MAX_TOKENS_IN_A_PLACE);
      if (isCut || tokens.has(ENDED)) {
        entries.push({ tokens, steps: [], isCut });
        continue;
      }
      const steps = [...this.#steps(tokens)];
      const isWide = steps.some(({ to }) => to < 0);
      entries.push({ tokens, steps: steps.filter(({ to }) => to >= 0), isCut: isWide });
    }
    return entries;
  }

  *#steps(tokens: Marking): Generator<Step> {
    for (const [place, node] of this.#net.nodes) {
      if (node.kind === "join") {
        const taken = this.#takenByJoin(node, tokens);
        if (taken !== undefined) yield* this.#goOn(node, tokens, taken);
        continue;
      }
      if (!tokens.has(place)) continue;
      if (node.kind === "fork") yield* this.#split(node, tokens, [place]);
      else for (const exit of node.exits) yield this.#step(node, exit, moved(tokens, [place], [exit.to]));
      for (const exit of node.spawns) yield this.#step(node, exit, moved(tokens, [], [exit.to]));
    }
  }

  #step(node: NetNode, exit: Exit | undefined, marking: Marking): Step {
    return { to: this.find(marking), node, exit };
  }

  *#goOn(node: NetNode, tokens: Marking, taken: readonly Place[]): Generator<Step> {
    if (node.exits.length === 0) yield this.#step(node, undefined, moved(tokens, taken, []));
    for (const exit of node.exits) yield this.#step(node, exit, moved(tokens, taken, [exit.to]));
  }

  *#split(node: NetNode, tokens: Marking, taken: readonly Place[]): Generator<Step> {
    const choices = choicesOf(node.exits);
    if (choices === undefined) yield { to: -1, node, exit: undefined };
    for (const exits of choices ?? []) {
      const to = exits.map((exit) => exit.to);
      yield this.#step(node, undefined, moved(tokens, taken, to));
    }
  }

  #takenByJoin(node: NetNode, tokens: Marking): readonly Place[] | undefined {
    const waiting = node.incoming.filter((place) => tokens.has(place));
    if (waiting.length === 0) return undefined;
    if (node.state.state.wait !== "active") {
      return waiting.length === node.incoming.length ? waiting : undefined;
    }
    const reaching = this.#placesReaching(node);
    return [...tokens.keys()].some((place) => !node.incoming.includes(place) && reaching.has(place))
      ? undefined
      : waiting;
  }

  #placesReaching(join: NetNode): ReadonlySet<Place> {
    const known = this.#reaching.get(join);
    if (known !== undefined) return known;
    const reaching = new Set<Place>(join.incoming);
    for (let size = -1; size !== reaching.size; ) {
      size = reaching.size;
      for (const [place, { kind, exits, spawns, incoming }] of this.#net.nodes) {
        if (![...exits, ...spawns].some(({ to }) => reaching.has(to))) continue;
        for (const from of kind === "join" ? incoming : [place]) reaching.add(from);
      }
    }
    this.#reaching.set(join, reaching);
    return reaching;
  }
}

function moved(tokens: Marking, from: readonly Place[], to: readonly Place[]): Marking {
  if (to.includes(ENDED)) return new Map([[ENDED, 1]]);
  const after = new Map(tokens);
  for (const place of from) {
    const left = (after.get(place) ?? 0) - 1;
    if (left > 0) after.set(place, left);
    else after.delete(place);
  }
  for (const place of to) if (place !== GONE) after.set(place, (after.get(place) ?? 0) + 1);
  return after;
}

/** The sets of ways that a fork may take together; undefined when they are too many. */
function choicesOf(exits: readonly Exit[]): readonly (readonly Exit[])[] | undefined {
  const always = exits.filter(({ entry }) => !isConditional(entry) && entry.transition.default !== true);
  const conditional = exits.filter(({ entry }) => isConditional(entry) && entry.transition.default !== true);
  const otherwise = exits.filter(({ entry }) => entry.transition.default === true);
  if (conditional.length > MAX_CONDITIONS_OF_A_FORK) return undefined;
  let chosen: (readonly Exit[])[] = [always];
  for (const exit of conditional) chosen = chosen.flatMap((some) => [some, [...some, exit]]);
  // With nothing that holds and no default the instance fails; that holds no join up.
  return chosen.flatMap((some) => {
    if (some.length > 0 || exits.length === 0) return [some];
    return otherwise.length > 0 ? [otherwise] : [];
  });
}

function isConditional({ transition: { condition } }: Exit["entry"]): boolean {
  return condition !== undefined && !(typeof condition === "string" && condition.trim() === "true");
}
