/**
 * Event descriptors. SCXML matches an event's name word by word from its beginning; here a transition names its events.
 * So each descriptor is spread out over the names that the chart knows: those that it raises, sends or names itself,
 * the done events of its states, its errors, and those that are said to come from outside.
 */
import { constantOf } from "../expression/value-template.js";
import type { Chart, ChartState } from "../read/chart.js";
import { isScxml } from "../read/scxml-element.js";
import { type DataSurvey, everyContent } from "../read/survey-data.js";

/** Failures of actions are offered to transitions on this event. */
export const FAILURE_EVENT = "error";

export const EXECUTION_ERROR = "error.execution";
export const COMMUNICATION_ERROR = "error.communication";

export interface Alphabet {
  /** Each name once; those that the chart raises and names first, then what comes from outside. */
  readonly names: readonly string[];
}

export function alphabetOf(
  chart: Chart,
  data: DataSurvey,
  fromOutside: readonly string[],
  canBeDone: (state: ChartState) => boolean,
): Alphabet {
  const names = new Set<string>();
  for (const state of chart.statesById.values()) {
    for (const { descriptors } of state.transitions) {
      for (const descriptor of descriptors) {
        const name = plainName(descriptor);
        if (name !== "" && !isDone(name)) names.add(name);
      }
    }
  }
  for (const element of everyContent(chart)) {
    if (isScxml(element, "raise") || isScxml(element, "send")) {
      for (const name of namesSent(element.attributes, data)) names.add(name);
      const target = element.attributes.get("target") ?? "";
      if (/^#_scxml_/.test(target)) names.add(COMMUNICATION_ERROR);
    }
  }
  for (const state of chart.statesById.values()) {
    if (canBeDone(state)) names.add(`done.state.${state.id}`);
  }
  names.add(EXECUTION_ERROR);
  for (const name of fromOutside) names.add(name);
  return { names: [...names] };
}

/** The names that a list of descriptors matches, in the order of the alphabet. */
export function namesMatched(descriptors: readonly string[], { names }: Alphabet): string[] {
  return names.filter((name) => descriptors.some((descriptor) => matches(descriptor, name)));
}

export function isWildcard(descriptor: string): boolean {
  return plainName(descriptor) === "";
}

function matches(descriptor: string, name: string): boolean {
  const prefix = plainName(descriptor);
  return prefix === "" || name === prefix || name.startsWith(`${prefix}.`);
}

/** `foo` for `foo`, `foo.` and `foo.*`; empty for `*`. */
function plainName(descriptor: string): string {
  if (descriptor === "*" || descriptor === ".*") return "";
  return descriptor.replace(/\.\*?$/, "");
}

function isDone(name: string): boolean {
  return name.startsWith("done.state");
}

function namesSent(attributes: ReadonlyMap<string, string>, data: DataSurvey): string[] {
  const name = attributes.get("event");
  if (name !== undefined) return [name];
  const source = attributes.get("eventexpr")?.trim();
  if (source === undefined) return [];
  const constant = constantOf(source);
  const values = constant === undefined ? (data.get(source)?.values ?? []) : [constant];
  return values.filter((value) => typeof value === "string");
}
