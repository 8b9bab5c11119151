/**
 * Prints a definition in either form: JSON with two spaces, properties in the order of the schema.
 *
 * 1. What is printed normalises to what was given: `normalise(print(d)) = normalise(d)`.
 * 2. The short form nests what can be nested (see transition-order.ts). What cannot stands beside the states.
 */
import type { Json, JsonObject } from "../json/json.js";
import type {
  CanonicalDefinition,
  CanonicalRegion,
  CanonicalState,
  CanonicalTransition,
  EventTrigger,
} from "./definition-document.generated.js";
import { eventIdFromTransition, transitionIdFromEnds } from "./forms/derive-ids.js";
import { tidy } from "./forms/tidy.js";
import {
  innerScope,
  isWrittenWithArrays,
  splitTransitions,
  type TransitionScope,
} from "./forms/transition-order.js";
import { normalise } from "./normalise.js";

export type DefinitionForm = "canonical" | "short";

/** The text of a definition in the form asked for, with a line break at its end. */
export function formatDefinition(definition: CanonicalDefinition, form: DefinitionForm): string {
  const { definition: canonical } = normalise(definition as unknown as JsonObject);
  const document =
    form === "canonical"
      ? tidy(canonical as unknown as JsonObject, "CanonicalDefinition")
      : tidy(toShortForm(canonical), "ShortDefinition");
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The short form of a canonical definition. */
export function toShortForm(definition: CanonicalDefinition): JsonObject {
  const { stateMachineId, states, transitions, ...rest } = definition;
  const scope = { states, transitions };
  const needed = neededTransitionIds(definition);
  const { loose } = splitTransitions(scope);
  return {
    id: stateMachineId,
    ...rest,
    states: shortStates(scope, needed),
    ...(loose.length > 0 ? { transitions: loose } : {}),
  };
}

function shortStates(scope: TransitionScope, neededIds: ReadonlySet<string>): JsonObject {
  const { nested } = splitTransitions(scope);
  const result: { [stateId: string]: JsonObject } = {};
  for (const state of scope.states) {
    const { stateId, baseStateType, states, transitions, regions, ...rest } = state;
    const short: { [key: string]: Json } = { type: baseStateType, ...rest };
    if (isWrittenWithArrays(state)) {
      if (states !== undefined) short.states = states;
      if (transitions !== undefined) short.transitions = transitions;
    } else {
      if (states !== undefined) short.states = shortStates(innerScope(state), neededIds);
      const own = nested.get(stateId) ?? [];
      if (own.length > 0) short.transitions = own.map((transition) => shortTransition(transition, neededIds));
    }
    if (regions !== undefined) short.regions = regions.map((region) => shortRegion(region, neededIds));
    result[stateId] = short;
  }
  return result;
}

function shortRegion(region: CanonicalRegion, neededIds: ReadonlySet<string>): JsonObject {
  const { states, transitions, ...rest } = region;
  const scope = { states, transitions: transitions ?? [] };
  const { loose } = splitTransitions(scope);
  return {
    ...rest,
    states: shortStates(scope, neededIds),
    ...(loose.length > 0 ? { transitions: loose } : {}),
  };
}

function shortTransition(transition: CanonicalTransition, neededIds: ReadonlySet<string>): JsonObject {
  const { transitionId, fromStateId: _, toStateId, event, ...rest } = transition;
  return {
    ...(neededIds.has(transitionId) ? { transitionId } : {}),
    ...(toStateId === undefined ? {} : { target: toStateId }),
    ...shortEvents(event ?? [], transitionId),
    ...rest,
  };
}

function shortEvents(triggers: readonly EventTrigger[], transitionId: string): JsonObject {
  const [only, ...others] = triggers;
  if (only === undefined) return {};
  if (others.length === 0) {
    if (isPlainManual(only)) return { event: only.eventId };
    if (
      only.trigger === "time-based" &&
      hasOnly(only, ["eventId", "trigger", "after", "at", "every", "timezone"])
    ) {
      const { eventId, trigger, ...timing } = only;
      return eventId === eventIdFromTransition(transitionId, trigger)
        ? timing
        : { trigger, event: eventId, ...timing };
    }
  }
  return { event: triggers.map((trigger) => (isPlainManual(trigger) ? trigger.eventId : trigger)) };
}

function isPlainManual(trigger: EventTrigger): boolean {
  return trigger.trigger === "manual" && hasOnly(trigger, ["eventId", "trigger"]);
}

function hasOnly(value: object, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

/** The ids of transitions that would not be derived again from their ends if they were left out. */
function neededTransitionIds(definition: CanonicalDefinition): ReadonlySet<string> {
  const transitions = allTransitions(definition);
  const uses = new Map<string, number>();
  for (const transition of transitions) {
    for (const id of new Set([transition.transitionId, transitionIdFromEnds(transition)])) {
      uses.set(id, (uses.get(id) ?? 0) + 1);
    }
  }
  return new Set(
    transitions
      .filter((transition) => {
        const { transitionId } = transition;
        return transitionId !== transitionIdFromEnds(transition) || uses.get(transitionId) !== 1;
      })
      .map((transition) => transition.transitionId),
  );
}

function allTransitions(scope: {
  readonly states?: readonly CanonicalState[];
  readonly transitions?: readonly CanonicalTransition[];
}): readonly CanonicalTransition[] {
  const inner = (scope.states ?? []).flatMap((state) => [
    ...allTransitions(state),
    ...(state.regions ?? []).flatMap(allTransitions),
  ]);
  return [...(scope.transitions ?? []), ...inner];
}
