/**
 * What all rules look at, found once: every state, transition and action with its place and its name for people, and
 * every expression and template, compiled.
 */
import type {
  CanonicalAction,
  CanonicalDefinition,
  CanonicalState,
  CanonicalTransition,
} from "../definition-document.generated.js";
import type { ActionEntry, RegionEntry, ScopeEntry, StateEntry, TransitionEntry } from "./entries.js";
import { collectTexts, type ExpressionEntry, type TemplateEntry } from "./texts.js";

export interface DefinitionSurvey {
  /** The machine's own scope first, inner ones after. */
  readonly scopes: readonly ScopeEntry[];
  readonly states: readonly StateEntry[];
  readonly statesById: ReadonlyMap<string, StateEntry>;
  readonly transitions: readonly TransitionEntry[];
  readonly actions: readonly ActionEntry[];
  readonly regions: readonly RegionEntry[];
  readonly expressions: readonly ExpressionEntry[];
  readonly templates: readonly TemplateEntry[];
}

export function surveyDefinition(definition: CanonicalDefinition): DefinitionSurvey {
  const survey = new Survey();
  survey.addScope(definition, "", "The machine", undefined, undefined, 0);
  const { scopes, states, transitions, actions, regions } = survey;
  const statesById = new Map<string, StateEntry>();
  for (const entry of states)
    if (!statesById.has(entry.state.stateId)) statesById.set(entry.state.stateId, entry);
  return {
    scopes,
    states,
    statesById,
    transitions,
    actions,
    regions,
    ...collectTexts(definition, { states, transitions, actions }),
  };
}

interface ScopeSource {
  readonly states?: readonly CanonicalState[];
  readonly transitions?: readonly CanonicalTransition[];
  readonly initial?: string;
}

class Survey {
  readonly scopes: ScopeEntry[] = [];
  readonly states: StateEntry[] = [];
  readonly transitions: TransitionEntry[] = [];
  readonly actions: ActionEntry[] = [];
  readonly regions: RegionEntry[] = [];

  addScope(
    source: ScopeSource,
    pointer: string,
    label: string,
    initial: string | undefined,
    parent: StateEntry | undefined,
    depth: number,
  ): ScopeEntry {
    const states: StateEntry[] = [];
    const transitions: TransitionEntry[] = [];
    const scope: ScopeEntry = { pointer, label, initial, parent, states, transitions, depth };
    this.scopes.push(scope);
    for (const [at, state] of (source.states ?? []).entries()) {
      states.push(this.#addState(state, scope, `${pointer}/states/${at}`));
    }
    for (const [at, transition] of (source.transitions ?? []).entries()) {
      transitions.push(this.#addTransition(transition, scope, `${pointer}/transitions/${at}`));
    }
    return scope;
  }

  #addState(state: CanonicalState, home: ScopeEntry, pointer: string): StateEntry {
    const depth = home.depth;
    const { baseStateType, stateId, stateType } = state;
    const label = `State "${stateId}"`;
    const inner: ScopeEntry[] = [];
    const isFinal = baseStateType === "final" || baseStateType === "error";
    const entry: StateEntry = {
      state,
      home,
      pointer,
      label,
      isFinal,
      isError: baseStateType === "error" || (isFinal && stateType === "error"),
      isRouting: baseStateType === "decision" || baseStateType === "fork" || baseStateType === "join",
      inner,
    };
    this.states.push(entry);
    this.#addActions(state.entryActions, `${pointer}/entryActions`, label, [stateId], undefined);
    this.#addActions(state.exitActions, `${pointer}/exitActions`, label, [stateId], undefined);
    if (state.states !== undefined) {
      inner.push(this.addScope(state, pointer, label, state.initial, entry, depth + 1));
    }
    for (const [at, region] of (state.regions ?? []).entries()) {
      const regionPointer = `${pointer}/regions/${at}`;
      this.regions.push({ region, pointer: regionPointer });
      inner.push(
        this.addScope(region, regionPointer, `Region "${region.regionId}"`, region.initial, entry, depth + 1),
      );
    }
    return entry;
  }

  #addTransition(transition: CanonicalTransition, home: ScopeEntry, pointer: string): TransitionEntry {
    const { fromStateId, transitionId, event } = transition;
    const label =
      typeof fromStateId === "string" && fromStateId !== "*"
        ? `State "${fromStateId}": transition "${transitionId}"`
        : `Transition "${transitionId}"`;
    const entry: TransitionEntry = {
      transition,
      home,
      pointer,
      label,
      sourceIds: expandSources(fromStateId, home.states),
      isAutomatic: event === undefined || event.some((trigger) => trigger.trigger === "automatic"),
    };
    this.transitions.push(entry);
    this.#addActions(transition.actions, `${pointer}/actions`, label, entry.sourceIds, entry);
    return entry;
  }

  #addActions(
    actions: readonly CanonicalAction[] | undefined,
    pointer: string,
    owner: string,
    stateIds: readonly string[],
    transition: TransitionEntry | undefined,
  ): void {
    for (const [at, action] of (actions ?? []).entries()) {
      this.#addAction(action, `${pointer}/${at}`, owner, { stateIds, transition, isOrdinary: true });
    }
  }

  #addAction(
    action: CanonicalAction,
    pointer: string,
    owner: string,
    rest: Pick<ActionEntry, "stateIds" | "transition" | "isOrdinary">,
  ): void {
    const label = `${owner}: action "${action.actionId}"`;
    this.actions.push({ action, pointer, label, kind: actionKind(action), ...rest });
    const { compensate, reconcile } = action;
    const second = { ...rest, isOrdinary: false };
    if (compensate !== undefined) this.#addAction(compensate, `${pointer}/compensate`, owner, second);
    if (reconcile !== undefined) this.#addAction(reconcile, `${pointer}/reconcile`, owner, second);
  }
}

function actionKind({ type, trigger, assign, function: name }: CanonicalAction): string {
  if (type !== undefined) return type;
  if (trigger?.kafka !== undefined) return "kafka";
  if (trigger?.file !== undefined) return "file";
  if (trigger !== undefined) return "webhook";
  if (name !== undefined) return "function";
  return assign === undefined ? "log" : "assign";
}

function expandSources(
  fromStateId: CanonicalTransition["fromStateId"],
  states: readonly StateEntry[],
): readonly string[] {
  if (fromStateId !== "*") return typeof fromStateId === "string" ? [fromStateId] : [...new Set(fromStateId)];
  return states.filter((entry) => !entry.isFinal && !entry.isRouting).map((entry) => entry.state.stateId);
}
