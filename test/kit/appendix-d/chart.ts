/**
 * A canonical definition as the tree that appendix D of the SCXML recommendation works on. Only what statecharts have
 * is read; what else a definition says is passed over.
 *
 * 1. The machine is `<scxml>`, a compound state and a region are `<state>` with children, `parallel` is `<parallel>`.
 * 2. A transition with `history` leads to a history pseudo-state: of the target where that has states inside, else of
 *    the scope around the target, with the target as its default.
 * 3. The transitions of one state come in the order of their list; where they stand in several, the list of the outer
 *    scope comes before that of an inner one.
 */
import type {
  CanonicalAction,
  CanonicalDefinition,
  CanonicalState,
  CanonicalTransition,
} from "../../../src/core/definition/definition-document.generated.js";

export type ChartKind = "scxml" | "atomic" | "final" | "compound" | "region" | "parallel";

export interface ChartState {
  readonly id: string;
  readonly kind: ChartKind;
  readonly parent: ChartState | undefined;
  /** Its place in document order. */
  readonly order: number;
  readonly children: ChartState[];
  /** Where a compound state or region begins, at any depth in it. */
  initial: ChartState | undefined;
  readonly transitions: ChartTransition[];
  readonly onentry: readonly CanonicalAction[];
  readonly onexit: readonly CanonicalAction[];
}

export interface HistoryState {
  readonly id: string;
  readonly kind: "history";
  readonly parent: ChartState;
  /** The state that the transition names. */
  readonly named: ChartState;
  readonly defaults: readonly ChartState[];
}

export type ChartTarget = ChartState | HistoryState;

export interface ChartTransition {
  readonly id: string;
  readonly source: ChartState;
  /** Without one it is targetless: it leaves and enters nothing. */
  readonly target: ChartTarget | undefined;
  readonly events: readonly string[];
  readonly isEventless: boolean;
  /** Of an eventless one: it does not wait until what is inside its source is done. */
  readonly interrupts: boolean;
  readonly isInternal: boolean;
  readonly condition: string;
  readonly actions: readonly CanonicalAction[];
}

interface Scope {
  readonly states: readonly CanonicalState[];
  readonly transitions?: readonly CanonicalTransition[];
  readonly initial?: string;
}

export function readChart(definition: CanonicalDefinition): ChartState {
  const reader = new ChartReader();
  const root = reader.addState("", "scxml", undefined, {});
  reader.readScope(definition, root);
  reader.finish();
  return root;
}

class ChartReader {
  readonly #states = new Map<string, ChartState>();
  /** A transition may name a state that comes later. */
  readonly #transitions: { readonly from: CanonicalTransition; readonly scope: ChartState }[] = [];
  readonly #initials: { readonly scope: ChartState; readonly stateId: string }[] = [];
  #count = 0;

  addState(
    id: string,
    kind: ChartKind,
    parent: ChartState | undefined,
    { entryActions = [], exitActions = [] }: Pick<CanonicalState, "entryActions" | "exitActions">,
  ): ChartState {
    const state: ChartState = {
      id,
      kind,
      parent,
      order: this.#count++,
      children: [],
      initial: undefined,
      transitions: [],
      onentry: entryActions,
      onexit: exitActions,
    };
    parent?.children.push(state);
    this.#states.set(id, state);
    return state;
  }

  readScope(source: Scope, scope: ChartState): void {
    for (const transition of source.transitions ?? []) this.#transitions.push({ from: transition, scope });
    for (const state of source.states) this.#readState(state, scope);
    const typed = source.states.find((state) => state.baseStateType === "initial")?.stateId;
    const stateId = source.initial ?? typed;
    if (stateId === undefined) throw new Error(`The scope "${scope.id}" has no initial state.`);
    this.#initials.push({ scope, stateId });
  }

  #readState(source: CanonicalState, scope: ChartState): void {
    const state = this.addState(source.stateId, kindOf(source), scope, source);
    if (source.states !== undefined) this.readScope({ ...source, states: source.states }, state);
    for (const region of source.regions ?? [])
      this.readScope(region, this.addState(region.regionId, "region", state, {}));
  }

  /** Everything is known by its name now. */
  finish(): void {
    for (const { scope, stateId } of this.#initials) scope.initial = this.#named(stateId);
    for (const { from, scope } of this.#transitions) {
      if (from.fromStateId === "*") throw new Error(`Transition "${from.transitionId}" is from "*".`);
      const sources = typeof from.fromStateId === "string" ? [from.fromStateId] : from.fromStateId;
      for (const sourceId of sources) {
        const source = this.#named(sourceId);
        source.transitions.push(this.#transition(from, source, scope));
      }
    }
  }

  #transition(from: CanonicalTransition, source: ChartState, scope: ChartState): ChartTransition {
    const events = (from.event ?? []).flatMap((trigger) =>
      trigger.trigger === "automatic" || trigger.eventId === undefined ? [] : [trigger.eventId],
    );
    return {
      id: from.transitionId,
      source,
      target: from.toStateId === undefined ? undefined : this.#target(from.toStateId, from.history),
      events,
      isEventless: from.event === undefined || from.event.some((trigger) => trigger.trigger === "automatic"),
      interrupts: from.interrupts === true,
      isInternal: scope === source,
      condition: typeof from.condition === "string" ? from.condition : "true",
      actions: from.actions ?? [],
    };
  }

  #target(stateId: string, history: CanonicalTransition["history"]): ChartTarget {
    const target = this.#named(stateId);
    if (history === undefined) return target;
    const hasInside = target.children.length > 0;
    const parent = hasInside ? target : target.parent;
    if (parent === undefined) throw new Error(`The machine "${stateId}" has no history.`);
    const begin =
      target.kind === "parallel" || target.initial === undefined ? target.children : [target.initial];
    return {
      id: `${history} history of ${parent.id}`,
      kind: "history",
      parent,
      named: target,
      defaults: hasInside ? begin : [target],
    };
  }

  #named(stateId: string): ChartState {
    const state = this.#states.get(stateId);
    if (state === undefined) throw new Error(`There is no state "${stateId}".`);
    return state;
  }
}

function kindOf(state: CanonicalState): ChartKind {
  switch (state.baseStateType) {
    case "compound":
    case "parallel":
    case "final":
      return state.baseStateType;
    case "initial":
    case "intermediate":
    case "task":
    case "userTask":
    case "wait":
      return "atomic";
    default:
      throw new Error(
        `State "${state.stateId}" is of type "${state.baseStateType}", which is no statechart's.`,
      );
  }
}
