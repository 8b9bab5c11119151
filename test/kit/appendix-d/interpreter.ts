/**
 * A direct and naive interpreter of statecharts: the procedures of "Algorithm for SCXML Interpretation", appendix D of
 * the W3C recommendation State Chart XML, one by one and under their names. It shares nothing with the step, so that
 * the two can be held against each other.
 *
 * Where the language differs from SCXML on purpose, the difference stands in `raiseDoneEvents`, `isSettled` and
 * `getTransitionDomain`:
 * 1. A final state of the machine ends the instance at once; what is off then runs no exit actions.
 * 2. A region is done also when it is in a compound or parallel state that is done and has no automatic transition that
 *    waits for that.
 * 3. An automatic transition of a compound or parallel state waits until that is done, unless it `interrupts`.
 * 4. The domain of a transition to a history is that of one to the state which it names.
 *
 * A run that takes more transitions than it may between two events is given up (`isSpinning`).
 */
import type {
  CanonicalAction,
  CanonicalDefinition,
} from "../../../src/core/definition/definition-document.generated.js";
import { type ChartState, type ChartTarget, type ChartTransition, readChart } from "./chart.js";
import { assignedValue, type Counters, conditionHolds } from "./datamodel.js";
import {
  entryOrder,
  exitOrder,
  findLCCA,
  getProperAncestors,
  isAtomicState,
  isCompoundState,
  isDescendant,
} from "./tree.js";

/** The transitions of a microstep, in the order in which they were found. */
export type Microstep = readonly ChartTransition[];

export class Interpreter {
  readonly #root: ChartState;
  readonly #most: number;
  readonly #configuration = new Set<ChartState>();
  readonly #historyValue = new Map<string, readonly ChartState[]>();
  readonly #internalQueue: string[] = [];
  readonly #data: Counters;
  readonly #trace: string[] = [];
  /** The microsteps so far. */
  readonly microsteps: Microstep[] = [];
  #taken = 0;
  #isRunning = false;
  #isSpinning = false;

  /** @param most how many transitions may be taken between two events */
  constructor(definition: CanonicalDefinition, data: Counters = {}, most = 100) {
    this.#root = readChart(definition);
    this.#data = { ...data };
    this.#most = most;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get isSpinning(): boolean {
    return this.#isSpinning;
  }

  /** The ids of the `log` actions that have run, in order. */
  get trace(): readonly string[] {
    return this.#trace;
  }

  get data(): Readonly<Counters> {
    return this.#data;
  }

  /** The ids of the atomic states that it is in, in document order. */
  get configuration(): string[] {
    return [...this.#configuration]
      .filter(isAtomicState)
      .sort(entryOrder)
      .map((state) => state.id);
  }

  interpret(): void {
    this.#isRunning = true;
    const initial = this.#root.initial;
    const statesToEnter = new Set<ChartState>();
    if (initial !== undefined) {
      this.#addDescendantStatesToEnter(initial, statesToEnter);
      this.#addAncestorStatesToEnter(initial, this.#root, statesToEnter);
    }
    this.#enter(statesToEnter);
    this.#completeMacrostep();
  }

  /** Takes an event from outside, up to the end of its macrostep. False when no transition is enabled on it. */
  send(event: string): boolean {
    this.#taken = 0;
    if (!this.#isRunning) return false;
    const enabledTransitions = this.#selectTransitions(event);
    if (enabledTransitions.length === 0) return false;
    this.#microstep(enabledTransitions);
    this.#completeMacrostep();
    return true;
  }

  /** The inner loop of `mainEventLoop`. */
  #completeMacrostep(): void {
    while (this.#isRunning && !this.#isSpinning) {
      let enabledTransitions = this.#selectEventlessTransitions();
      if (enabledTransitions.length === 0) {
        const internalEvent = this.#internalQueue.shift();
        if (internalEvent === undefined) return;
        enabledTransitions = this.#selectTransitions(internalEvent);
      }
      if (enabledTransitions.length > 0) this.#microstep(enabledTransitions);
    }
  }

  #selectEventlessTransitions(): ChartTransition[] {
    return this.#select((transition) => transition.isEventless && this.#isSettled(transition));
  }

  #selectTransitions(event: string): ChartTransition[] {
    return this.#select((transition) => transition.events.includes(event));
  }

  #select(answers: (transition: ChartTransition) => boolean): ChartTransition[] {
    const enabledTransitions = new Set<ChartTransition>();
    const atomicStates = [...this.#configuration].filter(isAtomicState).sort(entryOrder);
    for (const state of atomicStates) {
      const enabled = [state, ...getProperAncestors(state, undefined)]
        .flatMap((one) => one.transitions)
        .find((transition) => answers(transition) && this.#conditionMatch(transition));
      if (enabled !== undefined) enabledTransitions.add(enabled);
    }
    return this.#removeConflictingTransitions([...enabledTransitions]);
  }

  #conditionMatch(transition: ChartTransition): boolean {
    const inState = (stateId: string) => [...this.#configuration].some((state) => state.id === stateId);
    return conditionHolds(transition.condition, this.#data, inState);
  }

  #isSettled({ source, interrupts }: ChartTransition): boolean {
    return isAtomicState(source) || interrupts || this.#isInFinalState(source);
  }

  #removeConflictingTransitions(enabledTransitions: readonly ChartTransition[]): ChartTransition[] {
    let filteredTransitions: ChartTransition[] = [];
    for (const t1 of enabledTransitions) {
      let t1Preempted = false;
      const transitionsToRemove = new Set<ChartTransition>();
      for (const t2 of filteredTransitions) {
        if (!intersects(this.#computeExitSet([t1]), this.#computeExitSet([t2]))) continue;
        if (isDescendant(t1.source, t2.source)) {
          transitionsToRemove.add(t2);
        } else {
          t1Preempted = true;
          break;
        }
      }
      if (t1Preempted) continue;
      filteredTransitions = filteredTransitions.filter((t2) => !transitionsToRemove.has(t2));
      filteredTransitions.push(t1);
    }
    return filteredTransitions;
  }

  #microstep(enabledTransitions: readonly ChartTransition[]): void {
    this.#taken += enabledTransitions.length;
    this.#isSpinning = this.#taken > this.#most;
    if (this.#isSpinning) return;
    this.microsteps.push(enabledTransitions);
    this.#exitStates(enabledTransitions);
    for (const transition of enabledTransitions) this.#executeContent(transition.actions);
    this.#enter(this.#computeEntrySet(enabledTransitions));
  }

  #exitStates(enabledTransitions: readonly ChartTransition[]): void {
    const statesToExit = [...this.#computeExitSet(enabledTransitions)].sort(exitOrder);
    for (const state of statesToExit) {
      const inside = [...this.#configuration].filter((other) => isDescendant(other, state));
      this.#historyValue.set(`deep history of ${state.id}`, inside.filter(isAtomicState));
      this.#historyValue.set(
        `shallow history of ${state.id}`,
        inside.filter((other) => other.parent === state),
      );
    }
    for (const state of statesToExit) {
      this.#executeContent(state.onexit);
      this.#configuration.delete(state);
    }
  }

  #computeExitSet(transitions: readonly ChartTransition[]): Set<ChartState> {
    const statesToExit = new Set<ChartState>();
    for (const transition of transitions) {
      const domain = this.#getTransitionDomain(transition);
      if (domain === undefined) continue;
      for (const state of this.#configuration) if (isDescendant(state, domain)) statesToExit.add(state);
    }
    return statesToExit;
  }

  #getTransitionDomain({ source, target, isInternal }: ChartTransition): ChartState | undefined {
    if (target === undefined) return undefined;
    const end = target.kind === "history" ? target.named : target;
    if (isInternal && isCompoundState(source) && isDescendant(end, source)) return source;
    return findLCCA([source, end]);
  }

  #computeEntrySet(transitions: readonly ChartTransition[]): Set<ChartState> {
    const statesToEnter = new Set<ChartState>();
    for (const transition of transitions) {
      const { target } = transition;
      if (target === undefined) continue;
      this.#addDescendantStatesToEnter(target, statesToEnter);
      const domain = this.#getTransitionDomain(transition);
      for (const state of this.#getEffectiveTargetStates(target))
        this.#addAncestorStatesToEnter(state, domain, statesToEnter);
    }
    return statesToEnter;
  }

  #getEffectiveTargetStates(target: ChartTarget): readonly ChartState[] {
    if (target.kind !== "history") return [target];
    return this.#historyValue.get(target.id) ?? target.defaults;
  }

  #addDescendantStatesToEnter(target: ChartTarget, statesToEnter: Set<ChartState>): void {
    if (target.kind === "history") {
      const states = this.#getEffectiveTargetStates(target);
      for (const state of states) this.#addDescendantStatesToEnter(state, statesToEnter);
      for (const state of states) this.#addAncestorStatesToEnter(state, target.parent, statesToEnter);
      return;
    }
    statesToEnter.add(target);
    if (isCompoundState(target) && target.initial !== undefined) {
      this.#addDescendantStatesToEnter(target.initial, statesToEnter);
      this.#addAncestorStatesToEnter(target.initial, target, statesToEnter);
    } else if (target.kind === "parallel") {
      this.#addOtherRegions(target, statesToEnter);
    }
  }

  #addAncestorStatesToEnter(
    state: ChartState,
    ancestor: ChartState | undefined,
    statesToEnter: Set<ChartState>,
  ): void {
    for (const between of getProperAncestors(state, ancestor)) {
      statesToEnter.add(between);
      if (between.kind === "parallel") this.#addOtherRegions(between, statesToEnter);
    }
  }

  #addOtherRegions(parallel: ChartState, statesToEnter: Set<ChartState>): void {
    for (const child of parallel.children) {
      if (![...statesToEnter].some((state) => isDescendant(state, child)))
        this.#addDescendantStatesToEnter(child, statesToEnter);
    }
  }

  /** The second half of `enterStates`. */
  #enter(statesToEnter: ReadonlySet<ChartState>): void {
    for (const state of [...statesToEnter].sort(entryOrder)) {
      this.#configuration.add(state);
      this.#executeContent(state.onentry);
      if (state.kind !== "final") continue;
      if (state.parent === this.#root) this.#isRunning = false;
      else this.#raiseDoneEvents(state);
    }
  }

  /** A state is done with its final child; a region may be done with it, and so on outwards. */
  #raiseDoneEvents(final: ChartState): void {
    for (let at: ChartState | undefined = final.parent; at !== undefined; at = at.parent) {
      if (!this.#isInFinalState(at)) return;
      if (at.kind !== "region") this.#internalQueue.push(`done.state.${at.id}`);
    }
  }

  #isInFinalState(state: ChartState): boolean {
    const active = state.children.filter((child) => this.#configuration.has(child));
    switch (state.kind) {
      case "compound":
        return active.some((child) => child.kind === "final");
      case "region":
        return active.some(
          (child) => child.kind === "final" || (!waitsForItsEnd(child) && this.#isInFinalState(child)),
        );
      case "parallel":
        return state.children.every((child) => this.#isInFinalState(child));
      default:
        return false;
    }
  }

  #executeContent(actions: readonly CanonicalAction[]): void {
    for (const action of actions) {
      if (typeof action.condition === "string" && !conditionHolds(action.condition, this.#data, () => false))
        continue;
      this.#execute(action);
    }
  }

  #execute({ actionId, type, assign = {}, config }: CanonicalAction): void {
    switch (type as string) {
      case "log":
        this.#trace.push(actionId);
        break;
      case "assign":
        for (const [name, template] of Object.entries(assign))
          this.#data[name] = assignedValue(template, this.#data);
        break;
      case "raise":
        this.#internalQueue.push(String((config as { readonly event?: unknown } | undefined)?.event));
        break;
      default:
        throw new Error(`Action "${actionId}" is of type "${type}", which is no statechart's.`);
    }
  }
}

/** It has an automatic transition of its own that is taken when it is done. */
function waitsForItsEnd(state: ChartState): boolean {
  return state.transitions.some((transition) => transition.isEventless && !transition.interrupts);
}

function intersects(one: ReadonlySet<ChartState>, other: ReadonlySet<ChartState>): boolean {
  return [...one].some((state) => other.has(state));
}
