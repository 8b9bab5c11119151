/**
 * How tokens move in one scope, as far as joins care.
 *
 * 1. A place is a state of the scope, with all that is inside it, or one incoming transition of a join.
 * 2. What has only one way on is left out: a token in it counts as being where that way leads. So a straight branch has no
 *    places of its own, however long it is.
 * 3. Conditions and events may do as they like; a state takes one of its transitions, and so does a join when it is full; a
 *    fork takes all whose conditions hold.
 * 4. A way that ends the whole scope, or leaves it, counts for nothing beside other ways: no join is held up by it.
 */
import { beginsOf, placeInScope } from "../../survey/enclosing.js";
import type { ScopeEntry, StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";

export type Place = string;
/** Where tokens are that have ended, or never move again. */
export const GONE: Place = "/gone";
/** Where a token has ended, or left, the whole scope. */
export const ENDED: Place = "/ended";

export interface Exit {
  readonly to: Place;
  readonly entry: TransitionEntry;
}

export interface NetNode {
  readonly state: StateEntry;
  readonly kind: "one" | "fork" | "join";
  /** The ways that its token takes: one of them, or of a fork all that apply. */
  exits: readonly Exit[];
  /** Ways on which another token goes while this one stays. */
  spawns: readonly Exit[];
  /** Of a join: the place of each incoming transition. */
  readonly incoming: readonly Place[];
}

export interface TokenNet {
  readonly nodes: ReadonlyMap<Place, NetNode>;
  /** Where the scope's first token can be; any one of these. */
  readonly starts: readonly { readonly place: Place; readonly stateId: string }[];
  /** True when further tokens can come into the scope from outside it. */
  readonly isOpen: boolean;
}

export function incomingPlace(joinId: string, transitionId: string): Place {
  return `${joinId}/${transitionId}`;
}

export function tokenNet(scope: ScopeEntry, survey: DefinitionSurvey): TokenNet {
  const builder = new NetBuilder(scope, survey);
  builder.addTransitions();
  return builder.build();
}

interface Crossing {
  readonly source: StateEntry | undefined;
  readonly target: StateEntry | undefined;
  readonly entry: TransitionEntry;
  readonly sourceId: string;
}

class NetBuilder {
  readonly #scope: ScopeEntry;
  readonly #survey: DefinitionSurvey;
  readonly #nodes = new Map<Place, NetNode>();
  readonly #starts = new Map<Place, string>();
  #isOpen = false;

  constructor(scope: ScopeEntry, survey: DefinitionSurvey) {
    this.#scope = scope;
    this.#survey = survey;
    for (const state of scope.states) {
      const { baseStateType, stateId } = state.state;
      const kind = baseStateType === "fork" || baseStateType === "join" ? baseStateType : "one";
      this.#nodes.set(stateId, { state, kind, exits: [], spawns: [], incoming: [] });
    }
    for (const begin of beginsOf(scope, survey.statesById)) this.#start(placeInScope(begin, scope));
  }

  addTransitions(): void {
    for (const entry of this.#survey.transitions) {
      const { toStateId } = entry.transition;
      const targetEntry = toStateId === undefined ? undefined : this.#survey.statesById.get(toStateId);
      if (targetEntry === undefined) continue;
      const target = placeInScope(targetEntry, this.#scope);
      for (const sourceId of entry.sourceIds) {
        const sourceEntry = this.#survey.statesById.get(sourceId);
        const source = sourceEntry === undefined ? undefined : placeInScope(sourceEntry, this.#scope);
        if (source !== undefined || target !== undefined) this.#add({ source, target, entry, sourceId });
      }
    }
  }

  #add({ source, target, entry, sourceId }: Crossing): void {
    const { keepSource = false } = entry.transition;
    const to = target === undefined ? ENDED : this.#entering(target, entry);
    if (source === undefined) {
      if (target === undefined) return;
      if (keepSource && sourceId === this.#scope.parent?.state.stateId) this.#isOpen = true;
      else this.#starts.set(to, target.state.stateId);
      return;
    }
    const node = this.#nodes.get(source.state.stateId);
    if (node === undefined || source === target) return;
    // What is left at once waits for no event.
    if (source.isRouting && !entry.isAutomatic) return;
    if (keepSource) node.spawns = [...node.spawns, { to, entry }];
    else node.exits = [...node.exits, { to, entry }];
  }

  #entering(target: StateEntry, { transition }: TransitionEntry): Place {
    const { stateId } = target.state;
    const node = this.#nodes.get(stateId);
    if (node?.kind !== "join" || transition.toStateId !== stateId) return stateId;
    const place = incomingPlace(stateId, transition.transitionId);
    if (!node.incoming.includes(place)) {
      this.#nodes.set(stateId, { ...node, incoming: [...node.incoming, place] });
    }
    return place;
  }

  #start(state: StateEntry | undefined): void {
    if (state !== undefined) this.#starts.set(state.state.stateId, state.state.stateId);
  }

  build(): TokenNet {
    for (const { state, exits, spawns } of this.#nodes.values()) {
      const { triggeredBy } = state.state;
      if (triggeredBy === undefined || exits.length + spawns.length === 0) continue;
      if (triggeredBy.interrupts === false) this.#isOpen = true;
      else this.#start(state);
    }
    const aliases = this.#contract();
    const starts = [...this.#starts].map(([place, stateId]) => ({ place: follow(aliases, place), stateId }));
    for (const place of aliases.keys()) this.#nodes.delete(place);
    return { nodes: this.#nodes, starts, isOpen: this.#isOpen };
  }

  /** Leaves out, one after the other, what has one way on, until nothing more can be left out. */
  #contract(): ReadonlyMap<Place, Place> {
    const aliases = new Map<Place, Place>();
    for (let hasChanged = true; hasChanged; ) {
      hasChanged = false;
      for (const [place, node] of this.#nodes) {
        if (aliases.has(place)) continue;
        node.spawns = node.spawns.map((exit) => ({ ...exit, to: follow(aliases, exit.to) }));
        node.exits = simplified(place, node, aliases);
        if (node.kind !== "one" || node.spawns.length > 0 || node.exits.length > 1) continue;
        aliases.set(place, node.exits[0]?.to ?? restingPlace(node.state));
        hasChanged = true;
      }
    }
    return aliases;
  }
}

function follow(aliases: ReadonlyMap<Place, Place>, place: Place): Place {
  let at = place;
  for (let next = aliases.get(at); next !== undefined; next = aliases.get(at)) at = next;
  return at;
}

function simplified(place: Place, node: NetNode, aliases: ReadonlyMap<Place, Place>): readonly Exit[] {
  const exits = node.exits.map((exit) => ({ ...exit, to: follow(aliases, exit.to) }));
  if (node.kind === "fork") return exits;
  const ways = new Map<Place, Exit>();
  for (const exit of exits) if (exit.to !== place && !ways.has(exit.to)) ways.set(exit.to, exit);
  if (ways.size > 1) ways.delete(ENDED);
  return [...ways.values()];
}

/** A final state that ends its scope, or the instance, or throws its token out of it; else the end of the token alone. */
function restingPlace({ state, isError }: StateEntry): Place {
  const endsScope = isError || state.terminate === true || state.throws?.error !== undefined;
  return endsScope ? ENDED : GONE;
}
