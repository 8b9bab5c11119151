/**
 * Compiles a canonical definition into the machine that the step runs on. Done once for each version; everything that
 * can be decided from the definition alone is decided here, so that the step only looks up.
 *
 * The definition must have been accepted by `readDefinition`: what is not sound or not run throws `NotCompilableError`.
 */
import type { CanonicalDefinition, CanonicalState } from "../definition/definition-document.generated.js";
import { compileInbound } from "../inbound/compile-inbound.js";
import type { Receiver } from "../inbound/inbound-model.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import {
  type ActionSetting,
  compileAction,
  compileCallbackHandler,
  compileStrategies,
} from "./compile-action.js";
import { compileChild, compileEmission, compileThrown } from "./compile-child.js";
import { compileJoin } from "./compile-join.js";
import { compileDuration, compileTemplateOf, NotCompilableError } from "./compile-text.js";
import { compileTransition, compileTriggered } from "./compile-transition.js";
import { compileDataSchema } from "./data-schema.js";
import {
  type ActionModel,
  type Machine,
  ROOT_SCOPE,
  type ScopeModel,
  type StartTrigger,
  type StateKind,
  type StateModel,
  type TransitionModel,
} from "./machine.js";
import type { SchemaCompiler } from "./schema-port.js";
import { historyScopes } from "./scopes/history-scopes.js";
import { landingStates } from "./scopes/landing-states.js";
import {
  type PlacedScope,
  type PlacedState,
  type PlacedTransition,
  type ScopeTree,
  scopeTreeOf,
} from "./scopes/scope-tree.js";

export function compileMachine(definition: CanonicalDefinition, schemas: SchemaCompiler): Machine {
  const onError = strategiesOf(definition.globalErrorHandler?.onError);
  const onTimeout = strategiesOf(definition.globalErrorHandler?.onTimeout);
  const setting: ActionSetting = { defaults: definition.actionDefaults, onError, onTimeout, schemas };
  const tree = scopeTreeOf(definition);
  const kinds = new Map(tree.states.map(({ state }) => [state.stateId, stateKind(state)]));
  const isErrorState = (stateId: string | undefined) => kinds.get(stateId ?? "") === "error";
  const transitions = tree.transitions.map((placed) => ({
    ...placed,
    model: compileTransition(placed, isErrorState, setting, schemas),
  }));
  const triggered = tree.states.flatMap((placed) => compileTriggered(placed) ?? []);
  const states = new Map(
    tree.states.map((placed) => [
      placed.state.stateId,
      compileState(placed, tree, kinds, transitions, setting, schemas),
    ]),
  );
  const scopes = new Map(tree.scopes.map((placed) => [placed.scopeId, compileScope(placed, triggered)]));
  const models = [...transitions.map(({ model }) => model), ...triggered];
  const triggers = models.flatMap((model) => model.triggers);
  const actions = [
    ...[...states.values()].flatMap((state) => [...state.entryActions, ...state.exitActions]),
    ...models.flatMap((model) => model.actions),
  ].flatMap(withSeconds);
  const rollbacks = [onError, onTimeout, ...strategiesIn(actions, [...states.values()])]
    .flat()
    .filter(({ strategy }) => strategy === "rollback");
  return {
    stateMachineId: definition.stateMachineId,
    version: definition.version ?? 1,
    name: definition.name,
    states,
    scopes,
    landings: new Map([...states].map(([stateId, state]) => [stateId, landingStates(states, scopes, state)])),
    initialStateId: initialOf(definition),
    errorStateId: errorStateOf(definition, [...states.values()]),
    onError,
    onTimeout,
    callbackHandler: compileCallbackHandler(definition.globalCallbackHandler),
    immutable: immutableProperties(definition),
    sensitive: definition.sensitive ?? [],
    transitionsById: new Map(models.map((model) => [model.transitionId, model])),
    actionsById: new Map(actions.map((action) => [action.actionId, action])),
    eventIds: new Set(triggers.flatMap((trigger) => (trigger.kind === "event" ? [trigger.eventId] : []))),
    signals: new Set(triggers.flatMap((trigger) => (trigger.kind === "signal" ? [trigger.signal] : []))),
    awaits: triggers.some(({ kind }) => kind === "signal" || kind === "inbound"),
    witnessed: new Set(models.flatMap(({ distinctFrom }) => distinctFrom ?? [])),
    remembered: rememberedScopes(models, states),
    canRollBack: rollbacks.length > 0,
    canBeUndone:
      actions.some(({ compensate }) => compensate !== undefined) ||
      [...states.values()].some(({ child }) => child !== undefined),
    rollbackTargets: new Set(rollbacks.flatMap(({ rollbackTo }) => rollbackTo ?? [])),
    hasJoins: [...states.values()].some((state) => state.join !== undefined),
    hasStateTimeouts: [...states.values()].some((state) => state.timeout !== undefined),
    hasDueTimes: triggers.some((trigger) => trigger.kind === "at"),
    receives: [
      ...models.flatMap(eventReceivers),
      ...definition.states.flatMap((state) => startReceiver(state, schemas)),
    ],
    startsOn: definition.states.flatMap(startTrigger),
  };
}

type Compiled = PlacedTransition & { readonly model: TransitionModel };

/** An action with what undoes it and what finds out about it, which are actions like others. */
function withSeconds(action: ActionModel): ActionModel[] {
  const seconds = [action.compensate, action.reconcile].filter((second) => second !== undefined);
  return [action, ...seconds.flatMap(withSeconds)];
}

function strategiesIn(actions: readonly ActionModel[], states: readonly StateModel[]) {
  return [
    ...actions.flatMap(({ onError, onTimeout }) => [onError, onTimeout]),
    ...states.flatMap(({ timeout }) => (timeout === undefined ? [] : [timeout.onTimeout])),
  ];
}

/** `abort` unless something else is said (page 1: the machine's defaults). */
function strategiesOf(strategies: unknown) {
  return compileStrategies((strategies ?? "abort") as Json);
}

function compileState(
  { state, scopeId, order, ancestors, innerScopeIds }: PlacedState,
  tree: ScopeTree,
  kinds: ReadonlyMap<string, StateKind>,
  transitions: readonly Compiled[],
  setting: ActionSetting,
  schemas: SchemaCompiler,
): StateModel {
  const kind = stateKind(state);
  const isFinal = kind === "final" || kind === "error";
  const schema = state.data?.schema;
  const compileAll = (actions: CanonicalState["entryActions"]): ActionModel[] =>
    (actions ?? []).map((action) => compileAction(action, setting));
  return {
    stateId: state.stateId,
    name: state.name,
    kind,
    stateType: state.stateType,
    scopeId,
    order,
    ancestors,
    innerScopeIds,
    isFinal,
    isError: kind === "error",
    isRouting: kind === "decision" || kind === "fork" || kind === "join",
    schema: isJsonObject(schema) ? compileDataSchema(schema as JsonObject, schemas) : undefined,
    validate: state.data?.validate,
    entryActions: compileAll(state.entryActions),
    exitActions: compileAll(state.exitActions),
    transitions: isFinal
      ? []
      : transitions
          .filter((placed) => leaves(placed, state.stateId, scopeId, kinds))
          .map(({ model }) => model),
    join: kind === "join" ? compileJoin(state, scopeId, transitions, tree.states) : undefined,
    terminates: state.terminate ?? false,
    timeout: compileStateTimeout(state, setting),
    throws: compileThrown(state),
    emits: compileEmission(state),
    child: compileChild(state),
    assignee: state.assignee === undefined ? undefined : compileTemplateOf(state.assignee),
    candidateGroups: (state.candidateGroups ?? []).map((group) => compileTemplateOf(group)),
    isTriggered: state.triggeredBy !== undefined,
  };
}

function compileStateTimeout(
  { timeout }: CanonicalState,
  { onTimeout }: ActionSetting,
): StateModel["timeout"] {
  if (timeout === undefined) return undefined;
  return {
    after: compileDuration(timeout.after),
    onTimeout: timeout.onTimeout === undefined ? onTimeout : compileStrategies(timeout.onTimeout as Json),
  };
}

/** `error` and a `final` whose `stateType` is `error` end the instance with status `error`; the rest refines `intermediate`. */
function stateKind(state: CanonicalState): StateKind {
  const base = state.baseStateType ?? "intermediate";
  return base === "final" && state.stateType === "error" ? "error" : base;
}

/** `"*"` is every state of the transition's own scope that is neither final nor passed through. */
function leaves(
  { transition, scopeId }: PlacedTransition,
  stateId: string,
  stateScopeId: string,
  kinds: ReadonlyMap<string, StateKind>,
): boolean {
  const from = transition.fromStateId;
  if (from === "*") return scopeId === stateScopeId && !ROUTING_KINDS.has(kinds.get(stateId) ?? "task");
  return Array.isArray(from) ? from.includes(stateId) : from === stateId;
}

const ROUTING_KINDS: ReadonlySet<StateKind> = new Set<StateKind>(["decision", "fork", "join"]);

function compileScope(placed: PlacedScope, triggered: readonly TransitionModel[]): ScopeModel {
  const { scopeId, ownerId, isRegion, states, initial } = placed;
  return {
    scopeId,
    ownerId,
    isRegion,
    initialStateId:
      initial ??
      states.find(({ baseStateType }) => baseStateType === "initial")?.stateId ??
      states[0]?.stateId ??
      "",
    triggered: triggered.filter(({ homeScopeId }) => homeScopeId === scopeId),
  };
}

function initialOf({ states, stateMachineId }: CanonicalDefinition): string {
  const initial = states.filter(({ baseStateType }) => baseStateType === "initial");
  const [first] = [...initial.filter(({ startOn }) => startOn === undefined), ...initial];
  if (first === undefined) throw new NotCompilableError(`"${stateMachineId}" has no initial state.`);
  return first.stateId;
}

function startTrigger({ stateId, startOn }: CanonicalState): StartTrigger[] {
  if (startOn?.trigger !== "signal" && startOn?.trigger !== "message") return [];
  const name = (startOn.trigger === "signal" ? startOn.signal : startOn.message) ?? startOn.eventId;
  return name === undefined ? [] : [{ stateId, kind: startOn.trigger, name }];
}

function eventReceivers({ transitionId, triggers }: TransitionModel): Receiver[] {
  return triggers.flatMap((trigger): Receiver[] => {
    if (trigger.kind !== "inbound") return [];
    const { eventId, inbound } = trigger;
    return [{ kind: "event", transitionId, eventId, inbound }];
  });
}

function startReceiver({ stateId, startOn }: CanonicalState, schemas: SchemaCompiler): Receiver[] {
  if (startOn?.trigger !== "webhook") return [];
  return [{ kind: "start", stateId, inbound: compileInbound(startOn, schemas) }];
}

/** Those whose history is asked for: the target itself, or what is around a plain one. */
function rememberedScopes(
  transitions: readonly TransitionModel[],
  states: ReadonlyMap<string, StateModel>,
): ReadonlySet<string> {
  return new Set(
    transitions.flatMap(({ history, targetId }) => {
      const target = states.get(targetId ?? "");
      return history === undefined || target === undefined ? [] : historyScopes(target);
    }),
  );
}

function errorStateOf(definition: CanonicalDefinition, states: readonly StateModel[]): string | undefined {
  const named = definition.globalErrorHandler?.errorState;
  if (named !== undefined) return named;
  const errorStates = states.filter((state) => state.isError && state.scopeId === ROOT_SCOPE);
  const [only] = errorStates;
  if (errorStates.length === 1) return only?.stateId;
  return errorStates.find((state) => state.stateId === "error")?.stateId;
}

/** As the definition says; else the properties of format `uuid` that the initial state's schema requires. */
function immutableProperties(definition: CanonicalDefinition): ReadonlySet<string> {
  if (definition.immutable !== undefined) return new Set(definition.immutable);
  const schema = definition.states.find((state) => state.baseStateType === "initial")?.data?.schema as
    | JsonObject
    | undefined;
  const properties = isJsonObject(schema?.properties) ? schema.properties : {};
  const required: readonly Json[] = Array.isArray(schema?.required) ? schema.required : [];
  return new Set(
    Object.entries(properties)
      .filter(
        ([name, property]) => isJsonObject(property) && property.format === "uuid" && required.includes(name),
      )
      .map(([name]) => name),
  );
}
