/**
 * The steps that an instance makes without waiting for anything: nobody, no time, no answer.
 *
 * 1. A node is a state (`x`), or a compound or parallel state that is done (`x/done`). A plain machine has the first kind only.
 * 2. A compound state leads to where it begins, and a final state inside to its being done; a parallel state is done at once
 *    only when each of its regions can be.
 * 3. Unconditional is what happens whatever the data are.
 */

import { beginsOf, enclosingStates, isComposite } from "../../survey/enclosing.js";
import type { ScopeEntry, StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { connect, type Edges, spread } from "./reach.js";

export interface SpinEdge {
  readonly from: string;
  readonly to: string;
  /** Absent for what is no transition: entering what is inside, being done. */
  readonly entry: TransitionEntry | undefined;
  readonly isUnconditional: boolean;
}

export function spinEdges(survey: DefinitionSurvey): readonly SpinEdge[] {
  return new SpinEdges(survey).all();
}

const done = (stateId: string) => `${stateId}/done`;

class SpinEdges {
  readonly #survey: DefinitionSurvey;
  readonly #asynchronous: ReadonlySet<string>;
  readonly #automatic: ReadonlySet<string>;
  /** States that may stay behind and bring another token about. */
  readonly #keeping: ReadonlySet<string>;
  readonly #edges: SpinEdge[] = [];

  constructor(survey: DefinitionSurvey) {
    this.#survey = survey;
    this.#asynchronous = new Set(
      survey.actions.filter(({ kind }) => !IN_STEP.has(kind)).map(({ action }) => action.actionId),
    );
    this.#automatic = new Set(
      survey.transitions.flatMap(({ isAutomatic, sourceIds }) => (isAutomatic ? sourceIds : [])),
    );
    this.#keeping = new Set(
      survey.transitions.flatMap(({ transition, sourceIds }) =>
        transition.keepSource === true ? sourceIds : [],
      ),
    );
  }

  all(): readonly SpinEdge[] {
    for (const entry of this.#survey.transitions) this.#addTransition(entry);
    for (const entry of this.#survey.states) this.#addInner(entry);
    // What is inside must be known before it can be told whether a region is done at once.
    const parallel = this.#survey.states.filter(({ state }) => state.regions !== undefined);
    for (const entry of parallel.sort((one, other) => other.home.depth - one.home.depth))
      this.#addDone(entry);
    return this.#edges;
  }

  #addTransition(entry: TransitionEntry): void {
    const { transition, isAutomatic, sourceIds } = entry;
    if (!isAutomatic || this.#hasAsynchronous(transition.actions)) return;
    const { condition, keepSource, toStateId } = transition;
    const always = condition === undefined || (typeof condition === "string" && condition.trim() === "true");
    const isUnconditional = always && transition.default !== true;
    for (const sourceId of sourceIds) {
      const source = this.#survey.statesById.get(sourceId);
      const target = toStateId === undefined ? source : this.#survey.statesById.get(toStateId);
      if (source === undefined || target === undefined) continue;
      const from = this.#leaving(source, transition.interrupts === true);
      if (from === undefined || this.#waits(source) || this.#waits(target)) continue;
      if (this.#isHeldUpBetween(source, target)) continue;
      const to = toStateId ?? from;
      this.#edges.push({ from, to, entry, isUnconditional });
      if (keepSource === true && to !== from) this.#edges.push({ from, to: from, entry, isUnconditional });
    }
  }

  /** From where an automatic transition leaves a state: a compound or parallel one when it is done, or as soon as it is settled. */
  #leaving(source: StateEntry, interrupts: boolean): string | undefined {
    const { stateId } = source.state;
    if (!isComposite(source)) return stateId;
    if (!interrupts) return done(stateId);
    return this.#isEnteredAtOnce(source) ? stateId : undefined;
  }

  #isEnteredAtOnce(entry: StateEntry, depth = 0): boolean {
    if (this.#hasAsynchronous(entry.state.entryActions)) return false;
    // An initial that names its own surroundings is told elsewhere; it must not lead in a circle here.
    if (depth > this.#survey.scopes.length) return false;
    const begins = entry.inner.flatMap((scope) => beginsOf(scope, this.#survey.statesById));
    return begins.every((begin) => this.#isEnteredAtOnce(begin, depth + 1));
  }

  #waits({ state, home, isFinal, isError }: StateEntry): boolean {
    const { baseStateType, subMachine, forEach, entryActions, exitActions } = state;
    if (isError || (isFinal && home.parent === undefined)) return true;
    if (baseStateType === "userTask" || baseStateType === "wait" || baseStateType === "join") return true;
    if (subMachine !== undefined || forEach !== undefined) return true;
    return this.#hasAsynchronous(entryActions) || this.#hasAsynchronous(exitActions);
  }

  /** What is left around the source and entered around the target has its actions too. */
  #isHeldUpBetween(source: StateEntry, target: StateEntry): boolean {
    const from = enclosingStates(source);
    const to = enclosingStates(target);
    return (
      from.some(
        (entry) => !to.includes(entry) && entry !== target && this.#hasAsynchronous(entry.state.exitActions),
      ) ||
      to.some(
        (entry) =>
          !from.includes(entry) && entry !== source && this.#hasAsynchronous(entry.state.entryActions),
      )
    );
  }

  #addInner(entry: StateEntry): void {
    const { stateId } = entry.state;
    const { parent, states } = entry.home;
    if (entry.isFinal && parent?.state.regions === undefined && parent !== undefined) {
      // With several tokens inside, one that has ended is not enough.
      const isAlone = !states.some(
        ({ state }) => state.baseStateType === "fork" || this.#keeping.has(state.stateId),
      );
      if (!this.#waits(entry)) this.#add(stateId, done(parent.state.stateId), isAlone);
    }
    if (!isComposite(entry) || this.#waits(entry)) return;
    for (const scope of entry.inner) {
      const begins = beginsOf(scope, this.#survey.statesById);
      for (const begin of begins) if (!this.#waits(begin)) this.#add(stateId, begin.state.stateId, true);
    }
  }

  #addDone(entry: StateEntry): void {
    const { stateId } = entry.state;
    if (this.#waits(entry)) return;
    if (!this.#passes(entry, this.#edges)) return;
    const unconditional = this.#edges.filter((edge) => edge.isUnconditional);
    this.#add(stateId, done(stateId), this.#passes(entry, unconditional));
  }

  #passes({ inner }: StateEntry, edges: readonly SpinEdge[]): boolean {
    const after: Edges = new Map();
    for (const { from, to } of edges) connect(after, from, to);
    return inner.length > 0 && inner.every((region) => this.#passesRegion(region, after));
  }

  #passesRegion(region: ScopeEntry, after: Edges): boolean {
    const begins = beginsOf(region, this.#survey.statesById).filter((begin) => !this.#waits(begin));
    const reached = spread(after, new Set(begins.map(({ state }) => state.stateId)));
    return region.states.some((entry) => {
      const { stateId } = entry.state;
      if (entry.isFinal) return reached.has(stateId) && !this.#waits(entry);
      return isComposite(entry) && reached.has(done(stateId)) && !this.#automatic.has(stateId);
    });
  }

  #add(from: string, to: string, isUnconditional: boolean): void {
    this.#edges.push({ from, to, entry: undefined, isUnconditional });
  }

  /** Actions that go out and come back; the others are done in the same step. */
  #hasAsynchronous(actions: readonly { readonly actionId: string }[] | undefined): boolean {
    return (actions ?? []).some(({ actionId }) => this.#asynchronous.has(actionId));
  }
}

const IN_STEP = new Set(["assign", "audit", "log", "raise", "cancel"]);
