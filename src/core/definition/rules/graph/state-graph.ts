/**
 * Which state can follow which; the one place that knows. Conditions are taken to hold or not as they like.
 *
 * 1. A state has up to three nodes: `x`, where it is entered, and of a compound or parallel state `x/in`, while something is
 *    active inside, and `x/done`. A plain machine has the first kind only.
 * 2. Being inside is being in what is around: its transitions apply, those that wait for it to be done only when it is done.
 * 3. A target inside a region starts the other regions by default.
 * 4. `"*"` is a node of its own, so that many transitions from everywhere do not make as many edges as they have sources.
 * 5. An edge that leaves its source where it is (`keepSource`, an event sub-process that does not interrupt) brings
 *    something about but is no way out.
 * 6. A shallow history restores the states directly inside its owner, and begins what is inside of those anew.
 * 7. Where a transition leaves a parallel state from one region, it is a way out of what stands in the others.
 */

import { beginsOf, enclosingStates, isComposite, regionsEnteredBeside } from "../../survey/enclosing.js";
import type { StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { statesThatCanBeDone, waitsForDone } from "./completion.js";
import { connect, type Edges, pathBetween, reversed, spread } from "./reach.js";

export interface StateGraph {
  /** The states that can come after any of the given ones, these included. */
  readonly reachableFrom: (stateIds: ReadonlySet<string>) => ReadonlySet<string>;
  /** The states from which the instance, or the event sub-process that they are inside of, can come to its end. */
  readonly endable: ReadonlySet<string>;
  /** The states that can be, or have been, active when any of the given ones was before: also those beside it. */
  readonly seeing: (stateIds: ReadonlySet<string>) => ReadonlySet<string>;
  /** The states that can be active, or have been, when the given one is entered: also those beside and around it. */
  readonly seenBy: (stateId: string) => ReadonlySet<string>;
  /** A shortest way, both ends included; only the end where there is none. */
  readonly path: (fromIds: readonly string[], toId: string) => readonly string[];
}

const graphs = new WeakMap<DefinitionSurvey, StateGraph>();

/** The graph of a survey; made once. */
export function stateGraph(survey: DefinitionSurvey): StateGraph {
  const known = graphs.get(survey);
  if (known !== undefined) return known;
  const graph = new GraphBuilder(survey).build();
  graphs.set(survey, graph);
  return graph;
}

const ROOT = "";
const ANYWHERE = "/from-anywhere";
const BESIDE = "/beside";
const inside = (stateId: string) => `${stateId}/in`;
const done = (stateId: string) => `${stateId}/done`;
/** Ids of states have no slash. */
const stateOf = (node: string) => node.replace(/\/.*$/, "");

class GraphBuilder {
  readonly #after: Edges = new Map();
  /** The edges that are a way out of their source. */
  readonly #out: Edges = new Map();
  #reversed: Edges | undefined;
  /** Nodes after which there may be several tokens. */
  readonly #splits = new Set<string>();
  readonly #ends = new Set<string>();
  readonly #survey: DefinitionSurvey;
  readonly #canBeDone: ReadonlySet<string>;
  readonly #awaited = new Set<string>();

  constructor(survey: DefinitionSurvey) {
    this.#survey = survey;
    this.#canBeDone = statesThatCanBeDone(survey);
  }

  build(): StateGraph {
    for (const entry of this.#survey.transitions) this.#addTransition(entry);
    for (const entry of this.#survey.states) this.#addState(entry);
    const endable = stateIdsOf(spread(reversed(this.#out), this.#ends));
    return {
      reachableFrom: (stateIds) => stateIdsOf(spread(this.#after, stateIds)),
      endable,
      seeing: (stateIds) => this.#seeing(stateIds),
      seenBy: (stateId) => this.#seenBy(stateId),
      path: (fromIds, toId) =>
        pathBetween(this.#after, fromIds, toId, (node) => node.startsWith(ANYWHERE))
          .map(stateOf)
          .filter((stateId, at, all) => stateId !== ROOT && all.indexOf(stateId) === at),
    };
  }

  #connect(from: string, to: string, staysBehind = false): void {
    connect(this.#after, from, to);
    if (!staysBehind) connect(this.#out, from, to);
  }

  get #before(): Edges {
    this.#reversed ??= reversed(this.#after);
    return this.#reversed;
  }

  #addTransition(entry: TransitionEntry): void {
    const { transition, sourceIds } = entry;
    const { toStateId, keepSource = false } = transition;
    if (toStateId === undefined) return;
    const target = this.#survey.statesById.get(toStateId);
    if (transition.history === "shallow" && target !== undefined) this.#beginAnew(target);
    if (transition.fromStateId === "*" && !keepSource && target?.home.parent === undefined) {
      this.#connectFromAnywhere(entry, toStateId);
      return;
    }
    for (const sourceId of sourceIds) {
      const source = this.#survey.statesById.get(sourceId);
      const from = this.#leaving(entry, sourceId, source);
      if (keepSource) this.#splits.add(from);
      this.#connect(from, toStateId, keepSource);
      if (!keepSource && source !== undefined) this.#leaveOthers(source, toStateId, target);
      if (target?.home.parent === undefined) continue;
      const around = source === undefined ? [] : [source, ...enclosingStates(source)];
      const beside = regionsEnteredBeside(target, (region) => !around.some(({ home }) => home === region));
      for (const region of beside) {
        for (const begin of beginsOf(region, this.#survey.statesById))
          this.#connect(from, begin.state.stateId, keepSource);
      }
    }
  }

  /** What a shallow history brings back was active before, so its inside was. */
  #beginAnew(target: StateEntry): void {
    const owned = isComposite(target) ? target.inner : target.home.parent === undefined ? [] : [target.home];
    for (const { states } of owned) {
      for (const entry of states) {
        if (isComposite(entry)) connect(this.#after, inside(entry.state.stateId), entry.state.stateId);
      }
    }
  }

  /** The regions beside that of the source, of each parallel state that the target is not inside of. */
  #leaveOthers(source: StateEntry, toStateId: string, target: StateEntry | undefined): void {
    const aroundTarget = target === undefined ? [] : enclosingStates(target);
    for (const { home } of [source, ...enclosingStates(source)]) {
      if (home.parent === undefined || aroundTarget.includes(home.parent)) continue;
      for (const region of home.parent.inner) {
        if (region !== home) connect(this.#out, BESIDE + region.pointer, toStateId);
      }
    }
  }

  #connectFromAnywhere(entry: TransitionEntry, toStateId: string): void {
    const anywhere = ANYWHERE + entry.home.pointer;
    const isKnown = this.#out.has(anywhere);
    this.#connect(anywhere, toStateId);
    for (const sourceId of this.#compositesAmong(entry)) {
      this.#connect(this.#leaving(entry, sourceId, this.#survey.statesById.get(sourceId)), toStateId);
    }
    if (isKnown) return;
    const composites = new Set(this.#compositesAmong(entry));
    for (const sourceId of entry.sourceIds) if (!composites.has(sourceId)) this.#connect(sourceId, anywhere);
  }

  #compositesAmong({ home }: TransitionEntry): readonly string[] {
    return home.states
      .filter((state) => isComposite(state) && !state.isFinal)
      .map(({ state }) => state.stateId);
  }

  #leaving(entry: TransitionEntry, sourceId: string, source: StateEntry | undefined): string {
    if (source === undefined || !isComposite(source)) return sourceId;
    if (!waitsForDone(entry, sourceId)) return inside(sourceId);
    this.#awaited.add(sourceId);
    return done(sourceId);
  }

  #addState(entry: StateEntry): void {
    const { state, home, isFinal, isError } = entry;
    const { stateId, triggeredBy } = state;
    const owner = home.parent;
    const ownerId = owner?.state.stateId ?? ROOT;
    if (isError || (isFinal && owner === undefined)) this.#ends.add(stateId);
    if (owner !== undefined && isFinal && !isError) this.#connect(stateId, done(ownerId));
    if (isComposite(entry)) this.#addComposite(entry, owner);
    if (state.baseStateType === "fork" || state.baseStateType === "parallel") this.#splits.add(stateId);
    const within = isComposite(entry) ? inside(stateId) : stateId;
    this.#connect(within, inside(ownerId));
    if (owner !== undefined && owner.inner.length > 1) connect(this.#out, within, BESIDE + home.pointer);
    if (triggeredBy !== undefined) {
      const interrupts = triggeredBy.interrupts !== false;
      if (!interrupts) this.#splits.add(inside(ownerId));
      this.#connect(inside(ownerId), stateId, !interrupts);
      this.#ends.add(done(stateId));
      if (interrupts) this.#connect(done(stateId), done(ownerId));
    }
  }

  #addComposite(entry: StateEntry, owner: StateEntry | undefined): void {
    const { stateId } = entry.state;
    this.#connect(stateId, inside(stateId));
    for (const scope of entry.inner) {
      for (const begin of beginsOf(scope, this.#survey.statesById)) {
        this.#connect(stateId, begin.state.stateId);
        const beside = regionsEnteredBeside(begin, (region) => region.depth > scope.depth);
        for (const region of beside) {
          for (const other of beginsOf(region, this.#survey.statesById))
            this.#connect(stateId, other.state.stateId);
        }
      }
    }
    if (owner?.state.regions !== undefined) this.#connect(done(stateId), done(owner.state.stateId));
    // What waits for it in vain is told once, by another rule, and not again as a dead end of everything inside.
    if (this.#awaited.has(stateId) && !this.#canBeDone.has(stateId))
      this.#connect(inside(stateId), done(stateId));
  }

  #seeing(stateIds: ReadonlySet<string>): ReadonlySet<string> {
    const within = new Set(this.#nodesWithin(stateIds));
    const before = spread(this.#before, within);
    const shared = [...this.#splits].filter((node) => before.has(node));
    return stateIdsOf(spread(this.#after, new Set([...within, ...shared])));
  }

  #seenBy(stateId: string): ReadonlySet<string> {
    const before = spread(this.#before, new Set([stateId, inside(stateId)]));
    const shared = [...this.#splits].filter((node) => before.has(node));
    const seen = new Set([...stateIdsOf(before), ...stateIdsOf(spread(this.#after, new Set(shared)))]);
    for (const id of seen) {
      const entry = this.#survey.statesById.get(id);
      if (entry === undefined) continue;
      for (const { state } of enclosingStates(entry)) seen.add(state.stateId);
    }
    return seen;
  }

  /** A state that is active is so while anything inside it is. */
  *#nodesWithin(stateIds: ReadonlySet<string>): Generator<string> {
    for (const stateId of stateIds) yield* [stateId, inside(stateId)];
    for (const entry of this.#survey.states) {
      if (enclosingStates(entry).some(({ state }) => stateIds.has(state.stateId))) yield entry.state.stateId;
    }
  }
}

function stateIdsOf(nodes: ReadonlySet<string>): ReadonlySet<string> {
  const ids = new Set([...nodes].map(stateOf));
  ids.delete(ROOT);
  return ids;
}
