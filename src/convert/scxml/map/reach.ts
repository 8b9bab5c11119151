/**
 * What can be entered at all, and from where an end can be reached; whatever events, conditions and data say.
 *
 * 1. A state is begun by default where it is a target, or the beginning of what is begun so; a region also where only a
 *    neighbour holds the target.
 * 2. A state can end when its own transitions, or those of a state around it, lead to one that can; also when a
 *    transition of a neighbouring region leads out of the parallel state around both.
 */
import {
  ancestorsOf,
  type Chart,
  type ChartHistory,
  type ChartState,
  type ChartTransition,
} from "../read/chart.js";

export interface Reach {
  readonly reached: ReadonlySet<ChartState>;
  /** States at the top in which, or inside which, there is a state that cannot end. */
  readonly endless: readonly ChartState[];
}

export function reachOf(chart: Chart, canFire: (transition: ChartTransition) => boolean): Reach {
  const reached = new Reaching(chart, canFire).from(chart.initial.targets);
  const endable = endableStates(chart, reached, canFire);
  const endless = new Set<ChartState>();
  for (const state of reached) {
    if (!endable.has(state)) endless.add(ancestorsOf(state).at(-1) ?? state);
  }
  return { reached, endless: chart.states.filter((state) => endless.has(state)) };
}

class Reaching {
  readonly #entered = new Set<ChartState>();
  /** Begun by default: with what it begins with. */
  readonly #begun = new Set<ChartState>();
  /** Whose shallow history is asked for: what is inside begins anew. */
  readonly #recalled = new Set<ChartState>();
  readonly #waiting: ChartState[] = [];

  constructor(
    private readonly chart: Chart,
    private readonly canFire: (transition: ChartTransition) => boolean,
  ) {}

  from(targets: readonly string[]): ReadonlySet<ChartState> {
    this.#aim(targets);
    for (let state = this.#waiting.pop(); state !== undefined; state = this.#waiting.pop()) {
      for (const transition of state.transitions) if (this.canFire(transition)) this.#aim(transition.targets);
    }
    return this.#entered;
  }

  /** `within` is entered already, with everything around it. */
  #aim(targets: readonly string[], within?: ChartState): void {
    for (const target of targets) {
      const state = this.chart.statesById.get(target);
      if (state !== undefined) this.#begin(state, within);
      const history = this.chart.historiesById.get(target);
      if (history !== undefined) this.#recall(history, within);
    }
  }

  #recall({ owner, fallback, depth }: ChartHistory, within: ChartState | undefined): void {
    this.#enter(owner, within);
    if (fallback === undefined) this.#fill(owner);
    else this.#aim(fallback.targets, within);
    if (depth === "deep") return;
    this.#recalled.add(owner);
    for (const child of owner.children) if (this.#entered.has(child)) this.#fill(child);
  }

  #begin(state: ChartState, within: ChartState | undefined): void {
    this.#enter(state, within);
    this.#fill(state);
  }

  /** What begins by default when the state does. */
  #fill(state: ChartState): void {
    if (this.#begun.has(state)) return;
    this.#begun.add(state);
    this.#mark(state);
    if (state.kind === "parallel") for (const child of state.children) this.#fill(child);
    else this.#aim(state.initial?.targets ?? [], state);
  }

  /** Enters a state and those around it; of the parallel ones the other regions begin by default. */
  #enter(state: ChartState, within: ChartState | undefined): void {
    for (const each of [state, ...ancestorsOf(state)]) {
      if (each === within) return;
      this.#mark(each);
      if (each.parent?.kind !== "parallel") continue;
      for (const other of each.parent.children) if (other !== each) this.#fill(other);
    }
  }

  #mark(state: ChartState): void {
    if (this.#entered.has(state)) return;
    this.#entered.add(state);
    this.#waiting.push(state);
    if (state.parent !== undefined && this.#recalled.has(state.parent)) this.#fill(state);
  }
}

function endableStates(
  chart: Chart,
  reached: ReadonlySet<ChartState>,
  canFire: (transition: ChartTransition) => boolean,
): ReadonlySet<ChartState> {
  const before = new Map<ChartState, ChartState[]>();
  const connect = (from: ChartState, to: ChartState) => {
    before.set(to, [...(before.get(to) ?? []), from]);
  };
  for (const state of reached) {
    for (const around of [state, ...ancestorsOf(state)]) {
      const aims = around.transitions.filter(canFire).flatMap(({ targets }) => statesNamed(chart, targets));
      for (const target of aims) connect(state, target);
    }
    for (const target of statesNamed(chart, state.initial?.targets ?? [])) connect(state, target);
    if (state.kind === "parallel") for (const child of state.children) connect(state, child);
    const own = state.transitions.filter(canFire).flatMap(({ targets }) => statesNamed(chart, targets));
    for (const target of own) for (const other of statesBeside(state, target)) connect(other, target);
  }
  const endable = new Set(chart.states.filter((state) => state.kind === "final" && reached.has(state)));
  for (const state of endable) for (const each of before.get(state) ?? []) endable.add(each);
  return endable;
}

/** What stands in the neighbouring regions of the parallel states that are left on the way to the target. */
function statesBeside(state: ChartState, target: ChartState): ChartState[] {
  const aroundTarget = ancestorsOf(target);
  return [state, ...ancestorsOf(state)].flatMap((each) => {
    const { parent } = each;
    if (parent?.kind !== "parallel" || aroundTarget.includes(parent)) return [];
    return parent.children.filter((other) => other !== each).flatMap(withInside);
  });
}

function withInside(state: ChartState): ChartState[] {
  return [state, ...state.children.flatMap(withInside)];
}

/** True for a compound state with a final one that can be entered, and for a parallel one of nothing but such. */
export function canBeDone(state: ChartState, reached: ReadonlySet<ChartState>): boolean {
  if (state.kind === "compound")
    return state.children.some((child) => child.kind === "final" && reached.has(child));
  return state.kind === "parallel" && state.children.every((child) => canBeDone(child, reached));
}

/** The states of the ids; of a history its owner, and those that it can lead to without a memory. */
function statesNamed(chart: Chart, ids: readonly string[]): ChartState[] {
  return ids.flatMap((id) => {
    const state = chart.statesById.get(id);
    if (state !== undefined) return [state];
    const history = chart.historiesById.get(id);
    if (history === undefined) return [];
    const fallback = (history.fallback?.targets ?? []).flatMap(
      (target) => chart.statesById.get(target) ?? [],
    );
    return [history.owner, ...fallback];
  });
}
