/**
 * Compiles a canonical definition into the machine that the step runs on. Done once for each version; everything that
 * can be decided from the definition alone is decided here, so that the step only looks up.
 *
 * The definition must have been accepted by `readDefinition`: what is not sound or not run throws `NotCompilableError`.
 */
import type {
  CanonicalDefinition,
  CanonicalState,
  CanonicalTransition,
} from "../definition/definition-document.generated.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import {
  type ActionSetting,
  compileAction,
  compileCallbackHandler,
  compileStrategies,
  conditionText,
} from "./compile-action.js";
import { compileCondition, compileDuration, NotCompilableError } from "./compile-text.js";
import { compileDataSchema } from "./data-schema.js";
import { landingStates } from "./landing-states.js";
import {
  type ActionModel,
  type Machine,
  ROOT_SCOPE,
  type StateKind,
  type StateModel,
  type TransitionModel,
  type TriggerModel,
} from "./machine.js";
import type { SchemaCompiler } from "./schema-port.js";

export function compileMachine(definition: CanonicalDefinition, schemas: SchemaCompiler): Machine {
  const onError = strategiesOf(definition.globalErrorHandler?.onError);
  const onTimeout = strategiesOf(definition.globalErrorHandler?.onTimeout);
  const setting: ActionSetting = { defaults: definition.actionDefaults, onError, onTimeout };
  const kinds = new Map(definition.states.map((state) => [state.stateId, stateKind(state)]));
  const transitions = (definition.transitions ?? []).map((transition) => ({
    transition,
    model: compileTransition(transition, kinds, setting),
  }));
  const states = definition.states.map((state) => compileState(state, kinds, transitions, setting, schemas));
  const byId = new Map(states.map((state) => [state.stateId, state]));
  const initial = states.find((state) => state.kind === "initial");
  if (initial === undefined)
    throw new NotCompilableError(`"${definition.stateMachineId}" has no initial state.`);
  const actions = [
    ...states.flatMap((state) => [...state.entryActions, ...state.exitActions]),
    ...transitions.flatMap(({ model }) => model.actions),
  ];
  return {
    stateMachineId: definition.stateMachineId,
    version: definition.version ?? 1,
    name: definition.name,
    states: byId,
    landings: new Map(states.map((state) => [state.stateId, landingStates(byId, state)])),
    initialStateId: initial.stateId,
    errorStateId: errorStateOf(definition, states),
    onError,
    onTimeout,
    callbackHandler: compileCallbackHandler(definition.globalCallbackHandler),
    immutable: immutableProperties(definition),
    sensitive: definition.sensitive ?? [],
    transitionsById: new Map(transitions.map(({ model }) => [model.transitionId, model])),
    actionsById: new Map(actions.map((action) => [action.actionId, action])),
    eventIds: new Set(
      transitions.flatMap(({ model }) =>
        model.triggers.flatMap((trigger) => (trigger.kind === "event" ? [trigger.eventId] : [])),
      ),
    ),
  };
}

type Compiled = { readonly transition: CanonicalTransition; readonly model: TransitionModel };

/** `abort` unless something else is said (page 1: the machine's defaults). */
function strategiesOf(strategies: unknown) {
  return compileStrategies((strategies ?? "abort") as Json);
}

function compileState(
  state: CanonicalState,
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
    scopeId: ROOT_SCOPE,
    isFinal,
    isError: kind === "error",
    isRouting: kind === "decision",
    schema: isJsonObject(schema) ? compileDataSchema(schema as JsonObject, schemas) : undefined,
    validate: state.data?.validate,
    entryActions: compileAll(state.entryActions),
    exitActions: compileAll(state.exitActions),
    transitions: isFinal
      ? []
      : transitions
          .filter(({ transition }) => leaves(transition, state.stateId, kinds))
          .map(({ model }) => model),
  };
}

/** `error` and a `final` whose `stateType` is `error` end the instance with status `error`; the rest refines `intermediate`. */
function stateKind(state: CanonicalState): StateKind {
  const base = state.baseStateType ?? "intermediate";
  switch (base) {
    case "final":
      return state.stateType === "error" ? "error" : "final";
    case "initial":
    case "intermediate":
    case "task":
    case "userTask":
    case "wait":
    case "decision":
    case "error":
      return base;
    default:
      throw new NotCompilableError(`State "${state.stateId}" is of type "${base}", which is not run.`);
  }
}

function leaves(
  transition: CanonicalTransition,
  stateId: string,
  kinds: ReadonlyMap<string, StateKind>,
): boolean {
  const from = transition.fromStateId;
  if (from === "*") return kinds.get(stateId) !== "decision";
  return Array.isArray(from) ? from.includes(stateId) : from === stateId;
}

function compileTransition(
  transition: CanonicalTransition,
  kinds: ReadonlyMap<string, StateKind>,
  setting: ActionSetting,
): TransitionModel {
  const triggers = (transition.event ?? []).map((event) => compileTrigger(event));
  const transitionId = transition.transitionId ?? "";
  const firstName = triggers.find((trigger) => trigger.kind === "event")?.name;
  return {
    transitionId,
    name: transition.name,
    label: transition.name ?? firstName ?? transitionId,
    targetId: transition.toStateId,
    triggers,
    isAutomatic: triggers.length === 0 || triggers.some((trigger) => trigger.kind === "automatic"),
    condition: compileCondition(
      transition.condition === undefined ? undefined : conditionText(transition.condition),
    ),
    actions: (transition.actions ?? []).map((action) => compileAction(action, setting)),
    interrupts: transition.interrupts ?? kinds.get(transition.toStateId ?? "") === "error",
    isDefault: transition.default ?? false,
  };
}

function compileTrigger(event: NonNullable<CanonicalTransition["event"]>[number]): TriggerModel {
  const eventId = event.eventId ?? "";
  switch (event.trigger) {
    case "automatic":
      return { kind: "automatic" };
    case "time-based":
      if (event.after === undefined)
        throw new NotCompilableError(`The time-based event "${eventId}" has no "after".`);
      return { kind: "after", eventId, after: compileDuration(event.after) };
    case "manual":
    case undefined:
      return { kind: "event", eventId, name: event.name };
    default:
      throw new NotCompilableError(`Event "${eventId}" has trigger "${event.trigger}", which is not run.`);
  }
}

function errorStateOf(definition: CanonicalDefinition, states: readonly StateModel[]): string | undefined {
  const named = definition.globalErrorHandler?.errorState;
  if (named !== undefined) return named;
  const errorStates = states.filter((state) => state.isError);
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
