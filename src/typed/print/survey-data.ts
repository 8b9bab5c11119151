/**
 * Which data a machine's start, events and instances take, by the states that take it. The same rules as `MachineOf`, on
 * a canonical definition: a property of an event belongs to the state that is left or to one that is entered.
 */
import type {
  CanonicalDefinition,
  CanonicalState,
  CanonicalTransition,
} from "../../core/definition/definition-document.generated.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";

export interface DataSurvey {
  readonly states: readonly CanonicalState[];
  readonly initial: readonly CanonicalState[];
  /** The states whose schemas an event's data is looked at with, by event id, in the order of the definition. */
  readonly takersByEvent: ReadonlyMap<string, readonly CanonicalState[]>;
}

interface Scope {
  readonly states?: readonly CanonicalState[];
  readonly transitions?: readonly CanonicalTransition[];
}

const ROUTING = new Set(["decision", "fork", "join"]);
const FINAL = new Set(["final", "error"]);

export function surveyData(definition: CanonicalDefinition): DataSurvey {
  const scopes = scopesIn(definition);
  const states = scopes.flatMap((scope) => scope.states ?? []);
  const transitions = scopes.flatMap((scope) => scope.transitions ?? []);
  const takersByEvent = new Map<string, readonly CanonicalState[]>();
  for (const transition of transitions) {
    const ids = takersOf(transition, states, transitions);
    const takers = states.filter(({ stateId }) => ids.has(stateId));
    for (const trigger of transition.event ?? []) {
      if (trigger.trigger !== "manual") continue;
      const before = takersByEvent.get(trigger.eventId) ?? [];
      takersByEvent.set(trigger.eventId, [...new Set([...before, ...takers])]);
    }
  }
  return {
    states,
    initial: states.filter(({ baseStateType }) => baseStateType === "initial"),
    takersByEvent,
  };
}

/** The schema of a state's data; a state without one takes anything. */
export function schemaOf(state: CanonicalState): JsonObject | undefined {
  const schema = state.data?.schema;
  return isJsonObject(schema) ? schema : undefined;
}

/** Whether the state lets properties through that no schema names; a routing state takes nothing itself. */
export function isOpen(state: CanonicalState): boolean {
  if (ROUTING.has(state.baseStateType)) return false;
  const schema = schemaOf(state);
  if (schema === undefined || !isJsonObject(schema.properties)) return true;
  const more = schema.additionalProperties;
  return more === true || isJsonObject(more) || isJsonObject(schema.patternProperties);
}

function scopesIn(scope: Scope): Scope[] {
  const inner = (scope.states ?? []).flatMap((state) => [
    ...(state.states === undefined ? [] : scopesIn(state as Scope)),
    ...(state.regions ?? []).flatMap((region) => scopesIn(region)),
  ]);
  return [scope, ...inner];
}

function takersOf(
  transition: CanonicalTransition,
  states: readonly CanonicalState[],
  transitions: readonly CanonicalTransition[],
): Set<string> {
  const taking = new Set(sourcesOf(transition, states));
  const land = (stateId: string | undefined, passed: ReadonlySet<string>): void => {
    const state = states.find((candidate) => candidate.stateId === stateId);
    if (state === undefined || passed.has(state.stateId)) return;
    if (!ROUTING.has(state.baseStateType)) {
      taking.add(state.stateId);
      return;
    }
    for (const next of transitions) {
      if (sourcesOf(next, states).includes(state.stateId)) {
        land(next.toStateId, new Set([...passed, state.stateId]));
      }
    }
  };
  land(transition.toStateId, new Set());
  return taking;
}

function sourcesOf(
  { fromStateId }: CanonicalTransition,
  states: readonly CanonicalState[],
): readonly string[] {
  if (fromStateId === "*") {
    return states.filter((state) => !FINAL.has(state.baseStateType)).map(({ stateId }) => stateId);
  }
  return typeof fromStateId === "string" ? [fromStateId] : fromStateId;
}
