/**
 * Grows the actions of one place (the entry of a state, a transition, …) from its executable content.
 *
 * 1. An element that fails whenever it is executed raises `error.execution`, and what follows in its block is left out,
 *    as SCXML skips it.
 * 2. Actions keep the order of the content. Where the content stands under conditions, each action carries them.
 */
import type { JsonObject } from "../../../core/json/json.js";
import { type Action, type Conversion, rewriteAt } from "../conversion.js";
import type { Rewritten } from "../expression/rewritten.js";
import { EXECUTION_ERROR } from "../map/event-descriptors.js";
import { plainId } from "../names.js";
import type { XmlElement } from "../read/xml-element.js";
import type { Place } from "../report.js";

/** Conditions under which content is executed, outer ones first. */
export type Guard = readonly string[];

/** Executes content in order; false when an error has ended the block. */
export type Execute = (list: ActionList, content: readonly XmlElement[], guard: Guard) => boolean;

export class ActionList {
  readonly actions: Action[] = [];

  constructor(
    readonly conversion: Conversion,
    /** Begins the ids of the actions, for example `paid.entry`. */
    private readonly prefix: string,
  ) {}

  add(action: Omit<Action, "actionId" | "condition">, guard: Guard): void {
    const number = this.actions.length + 1;
    const actionId = this.conversion.actionIds.unique(`${plainId(this.prefix)}.${number}`);
    const condition = conjunction(guard);
    this.actions.push(condition === undefined ? { actionId, ...action } : { actionId, ...action, condition });
  }

  assign(properties: JsonObject, guard: Guard): void {
    this.add({ type: "assign", assign: { ...properties } }, guard);
  }

  raise(config: NonNullable<Action["config"]>, guard: Guard): void {
    this.add({ type: "raise", config }, guard);
  }

  /** What SCXML does when an element cannot be executed. Gives false: the rest of the block is skipped. */
  fail(place: Place, guard: Guard, message: string, error: FailedElement = {}): false {
    const { event = EXECUTION_ERROR, sendId } = error;
    const { report, names } = this.conversion;
    report.add("SCXML_CERTAIN_ERROR", place, `${message}: ${event} is raised whenever this is executed.`);
    const fields = sendId === undefined ? { type: "platform" } : { type: "platform", sendid: sendId };
    this.raise(names.carriesEventFields ? { event, data: { scxml: fields } } : { event }, guard);
    return false;
  }

  rewrite(source: string, place: Place, what: string): Rewritten {
    return rewriteAt(this.conversion, source, place, what);
  }
}

export interface FailedElement {
  readonly event?: string;
  /** A template: the id of a send that failed. */
  readonly sendId?: string;
}

/** All of the conditions at once; `undefined` where there is none. */
export function conjunction(guard: Guard): string | undefined {
  const [first, ...others] = guard;
  if (first === undefined) return undefined;
  return others.length === 0 ? first : guard.map((condition) => `(${condition})`).join(" && ");
}
