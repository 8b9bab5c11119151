/** Compiles a transition, and the start of an event sub-process, which is one too. */
import type { CanonicalTransition } from "../definition/definition-document.generated.js";
import { compileInboundEvent } from "../inbound/compile-inbound.js";
import { type ActionSetting, compileAction, conditionText } from "./compile-action.js";
import {
  ALWAYS,
  compileCondition,
  compileDuration,
  compileRecurrence,
  compileTemplateOf,
  NotCompilableError,
} from "./compile-text.js";
import type { TransitionModel, TriggerModel } from "./machine.js";
import type { SchemaCompiler } from "./schema-port.js";
import type { PlacedState, PlacedTransition } from "./scopes/scope-tree.js";

export function compileTransition(
  { transition, scopeId }: PlacedTransition,
  isErrorState: (stateId: string | undefined) => boolean,
  setting: ActionSetting,
  schemas: SchemaCompiler,
): TransitionModel {
  const triggers = (transition.event ?? []).map((event) => compileTrigger(event, schemas));
  const transitionId = transition.transitionId ?? "";
  const firstName = transition.event?.find(({ name }) => name !== undefined)?.name;
  return {
    transitionId,
    name: transition.name,
    label: transition.name ?? firstName ?? transitionId,
    targetId: transition.toStateId,
    homeScopeId: scopeId,
    triggers,
    isAutomatic: triggers.length === 0 || triggers.some((trigger) => trigger.kind === "automatic"),
    condition: compileCondition(
      transition.condition === undefined ? undefined : conditionText(transition.condition),
    ),
    actions: (transition.actions ?? []).map((action) => compileAction(action, setting)),
    interrupts: transition.interrupts ?? isErrorState(transition.toStateId),
    isDefault: transition.default ?? false,
    keepsSource: transition.keepSource ?? false,
    history: transition.history,
    distinctFrom: transition.distinctFrom,
    isTriggered: false,
  };
}

/** What starts an event sub-process: the event by its id, or the signal of that name. It interrupts unless it says not. */
export function compileTriggered({ state, scopeId }: PlacedState): TransitionModel | undefined {
  const { triggeredBy, stateId } = state;
  if (triggeredBy === undefined) return undefined;
  const { event, interrupts = true } = triggeredBy;
  return {
    transitionId: `${stateId}/started-by/${event}`,
    name: undefined,
    label: event,
    targetId: stateId,
    homeScopeId: scopeId,
    triggers: [
      { kind: "event", eventId: event, name: undefined },
      { kind: "signal", eventId: event, signal: event },
    ],
    isAutomatic: false,
    condition: ALWAYS,
    actions: [],
    interrupts,
    isDefault: false,
    keepsSource: !interrupts,
    history: undefined,
    distinctFrom: undefined,
    isTriggered: true,
  };
}

function compileTrigger(
  event: NonNullable<CanonicalTransition["event"]>[number],
  schemas: SchemaCompiler,
): TriggerModel {
  const eventId = event.eventId ?? "";
  switch (event.trigger) {
    case "automatic":
      return { kind: "automatic" };
    case "time-based":
      return compileTiming(eventId, event);
    case "signal":
      return { kind: "signal", eventId, signal: event.signal ?? eventId };
    case "webhook":
      return { kind: "inbound", eventId, inbound: compileInboundEvent(event, schemas) };
    case "manual":
    case undefined:
      return { kind: "event", eventId, name: event.name };
    default:
      throw new NotCompilableError(`Event "${eventId}" has trigger "${event.trigger}", which is not run.`);
  }
}

function compileTiming(eventId: string, timing: Timing): TriggerModel {
  const { after, at, every, timezone, catchUp = "once" } = timing;
  if (after !== undefined) return { kind: "after", eventId, after: compileDuration(after, timezone) };
  if (at !== undefined) return { kind: "at", eventId, at: compileTemplateOf(at) };
  if (every !== undefined) {
    return { kind: "every", eventId, every: compileRecurrence(every, timezone), catchUp };
  }
  throw new NotCompilableError(`The time-based event "${eventId}" has none of "after", "at" and "every".`);
}

interface Timing {
  readonly after?: string;
  readonly at?: string;
  readonly every?: string;
  readonly timezone?: string;
  readonly catchUp?: "once" | "all" | "skip";
}
