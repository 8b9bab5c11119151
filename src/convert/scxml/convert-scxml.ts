/**
 * Converts a chart in SCXML (W3C Recommendation of 1 September 2015) into a definition that does the same.
 *
 * 1. Pure: text in, a definition and findings out; nothing is loaded, no entity is expanded.
 * 2. A definition is given exactly when no finding is an error. What cannot be said is refused, all of it at once, each
 *    with its place; nothing is left out silently.
 * 3. The order of states and transitions is the chart's, because it decides.
 */
import type { CanonicalDefinition } from "../../core/definition/definition-document.generated.js";
import type { Conversion } from "./conversion.js";
import type { ChartNames } from "./expression/chart-names.js";
import { alphabetOf, namesMatched } from "./map/event-descriptors.js";
import { mapMachine } from "./map/map-machine.js";
import { canBeDone, reachOf } from "./map/reach.js";
import { Names } from "./names.js";
import type { Chart, ChartState } from "./read/chart.js";
import { readChart } from "./read/read-chart.js";
import { type DataSurvey, everyContent, surveyData } from "./read/survey-data.js";
import { readXml } from "./read/xml-element.js";
import { Report, type ScxmlFinding } from "./report.js";

export interface ConvertScxmlOptions {
  /** Names of events that come from outside: transitions on `*` and on prefixes answer to them too. */
  readonly events?: readonly string[];
  /** The machine's id; that of the chart's `name` where missing, else `machine`. */
  readonly stateMachineId?: string;
}

export interface ConvertedScxml {
  /** In canonical form; undefined when a finding is an error. */
  readonly definition: CanonicalDefinition | undefined;
  /** In the order of their places in the text. Warnings tell what was added, left out or said differently. */
  readonly findings: readonly ScxmlFinding[];
}

/** Never throws: everything that can be wrong with a chart is a finding. */
export function convertScxml(text: string, options: ConvertScxmlOptions = {}): ConvertedScxml {
  const report = new Report();
  const root = readXml(text, report);
  const chart = root === undefined ? undefined : readChart(root, report);
  // With dangling targets nothing further is certain.
  if (chart === undefined || report.hasErrors) return { definition: undefined, findings: report.findings };
  const definition = convertChart(chart, report, options);
  return { definition: report.hasErrors ? undefined : definition, findings: report.findings };
}

/** Transitions on every event name each of them. */
const MAX_EVENT_NAMES = 2000;

function convertChart(
  chart: Chart,
  report: Report,
  options: ConvertScxmlOptions,
): CanonicalDefinition | undefined {
  const data = surveyData(chart);
  const named = alphabetOf(chart, data, options.events ?? [], () => true).names.length;
  if (named > MAX_EVENT_NAMES) {
    const message = `The chart names ${named} events; at most ${MAX_EVENT_NAMES} are read.`;
    report.add("SCXML_INVALID", chart.place, message);
    return undefined;
  }
  const { reach, reached, alphabet } = settle(chart, data, options.events ?? []);
  for (const { id, place } of chart.statesById.values()) {
    if (!reached.has(id))
      report.add("SCXML_UNREACHABLE", place, `No way leads to state "${id}"; it is left out.`);
  }
  const properties = new Names(data.keys());
  const stateIds = new Names();
  const idsHere = new Map<string, string>();
  for (const { id } of chart.statesById.values()) idsHere.set(id, stateIds.unique(stateId(id)));
  for (const [id, here] of idsHere) {
    if (id === here) continue;
    report.add(
      "SCXML_RENAMED",
      chart.statesById.get(id)?.place ?? chart.place,
      `State "${id}" is called "${here}" here.`,
    );
  }
  const names: ChartNames = {
    data: new Set(data.keys()),
    chartName: chart.name,
    activeStateId: (id) => (reached.has(id) ? idsHere.get(id) : undefined),
    carriesEventFields: asksForEventFields(chart),
    doneData: doneDataOf(chart, properties),
  };
  const conversion: Conversion = {
    chart,
    report,
    alphabet,
    data,
    names,
    reached,
    stateIds,
    actionIds: new Names(),
    transitionIds: new Names(),
    properties,
  };
  return mapMachine(conversion, { idsHere, endless: reach.endless, stateMachineId: options.stateMachineId });
}

/**
 * What can be entered depends on the events that there are, and done events on what can be entered: both grow from none
 * until nothing is added.
 */
function settle(chart: Chart, data: DataSurvey, events: readonly string[]) {
  let done: ReadonlySet<ChartState> = new Set();
  for (;;) {
    const known = done;
    const alphabet = alphabetOf(chart, data, events, (state) => known.has(state));
    const reach = reachOf(
      chart,
      ({ descriptors }) => descriptors.length === 0 || namesMatched(descriptors, alphabet).length > 0,
    );
    done = new Set([...reach.reached].filter((state) => canBeDone(state, reach.reached)));
    if (done.size === known.size)
      return { reach, reached: new Set([...reach.reached].map(({ id }) => id)), alphabet };
  }
}

/** An id as the language takes it: letters of any script, digits and `_ . -`. */
function stateId(id: string): string {
  const kept = id.replace(/[^\p{L}\p{N}_.-]/gu, "_");
  return /^[\p{L}_]/u.test(kept) ? kept : `_${kept}`;
}

const EVENT_FIELD = /_event\s*(?:\.\s*|\[\s*['"])(?:type|sendid|origin|origintype|invokeid|raw)\b/;

function asksForEventFields(chart: Chart): boolean {
  const conditions = [...chart.statesById.values()].flatMap(({ transitions }) =>
    transitions.map(({ condition }) => condition ?? ""),
  );
  const texts = everyContent(chart).flatMap((element) => [...element.attributes.values(), element.text]);
  return [...conditions, ...texts].some((text) => EVENT_FIELD.test(text));
}

function doneDataOf(chart: Chart, properties: Names): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { doneData, parent } of chart.statesById.values()) {
    if (doneData === undefined || parent === undefined || owners.has(parent.id)) continue;
    owners.set(parent.id, properties.unique(`done_${parent.id.replace(/[^\p{ID_Continue}]/gu, "_")}`));
  }
  return owners;
}
