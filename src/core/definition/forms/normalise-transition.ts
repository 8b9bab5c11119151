/** Transitions of either form in canonical shape, but for ids that are still to be derived. */
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import { TRIGGER_SYNONYMS } from "../schema/word-list.js";
import type { Origin } from "./pointer-map.js";

/** A canonical thing under construction, with the origins of the objects in it. */
export interface Draft {
  readonly value: { [key: string]: Json };
  readonly origin: Origin;
  /** Of a transition: its triggers, whose ids may be missing. */
  readonly triggers: readonly TriggerDraft[];
}

export interface TriggerDraft {
  readonly value: { [key: string]: Json };
  readonly origin: Origin;
}

/** A transition with its ends in it. */
export function draftArrayTransition(source: JsonObject, pointer: string): Draft {
  const { event, ...value } = source;
  const triggers = Array.isArray(event)
    ? event.map((trigger, at) => draftTrigger(trigger, `${pointer}/event/${at}`))
    : [];
  return { value: { ...value }, origin: { pointer }, triggers: dropPlainAutomatic(triggers) };
}

/** A transition that stands in its state. */
export function draftShortTransition(source: JsonObject, stateId: string, pointer: string): Draft {
  const { target, trigger, event, after, at, every, timezone, ...rest } = source;
  const value: { [key: string]: Json } = {};
  const { transitionId, ...others } = rest;
  if (transitionId !== undefined) value.transitionId = transitionId;
  value.fromStateId = stateId;
  if (target !== undefined) value.toStateId = target;
  Object.assign(value, others);
  const kind = canonicalTriggerWord(trigger);
  const timing = definedOf({ after, at, every, timezone });
  const triggers = draftEvents(event, kind, pointer);
  if (Object.keys(timing).length > 0 || kind === "time-based") {
    const named = kind === "time-based" && typeof event === "string" ? { eventId: event } : {};
    triggers.push({
      value: { ...named, trigger: "time-based", ...timing },
      origin: { pointer, properties: { eventId: `${pointer}/event` } },
    });
  }
  return {
    value,
    origin: { pointer, properties: { toStateId: `${pointer}/target` } },
    triggers: dropPlainAutomatic(triggers),
  };
}

function draftEvents(event: Json | undefined, kind: string | undefined, pointer: string): TriggerDraft[] {
  if (event === undefined) return [];
  if (typeof event === "string" && kind === "time-based") return [];
  if (Array.isArray(event)) return event.map((item, at) => draftEvent(item, kind, `${pointer}/event/${at}`));
  return [draftEvent(event, kind, `${pointer}/event`)];
}

function draftEvent(event: Json, kind: string | undefined, pointer: string): TriggerDraft {
  if (typeof event !== "string") return draftTrigger(event, pointer);
  const trigger = kind === "automatic" ? "automatic" : "manual";
  return {
    value: { eventId: event, trigger },
    origin: { pointer, properties: { eventId: pointer, trigger: pointer } },
  };
}

function draftTrigger(source: Json, pointer: string): TriggerDraft {
  if (!isJsonObject(source)) return { value: {}, origin: { pointer } };
  const value: { [key: string]: Json } = { ...source };
  const kind = canonicalTriggerWord(source.trigger);
  if (kind !== undefined) value.trigger = kind;
  return { value, origin: { pointer } };
}

/** A transition whose only trigger says no more than `automatic` has none in canonical form. */
function dropPlainAutomatic(triggers: readonly TriggerDraft[]): readonly TriggerDraft[] {
  const [only, ...others] = triggers;
  if (only === undefined || others.length > 0) return triggers;
  return only.value.trigger === "automatic" && Object.keys(only.value).length === 1 ? [] : triggers;
}

function canonicalTriggerWord(word: Json | undefined): string | undefined {
  if (typeof word !== "string") return undefined;
  return Object.hasOwn(TRIGGER_SYNONYMS, word) ? (TRIGGER_SYNONYMS[word] ?? word) : word;
}

function definedOf(properties: { [name: string]: Json | undefined }): { [name: string]: Json } {
  const result: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(properties)) if (value !== undefined) result[name] = value;
  return result;
}
