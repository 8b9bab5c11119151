/**
 * The system variables of SCXML, said in the language of conditions. `_event` is the event that is being handled, and is
 * absent before the first; beside the name and the data of an event its fields are there only in a chart that asks
 * for them, whose events then carry them under `scxml` beside their data.
 */
import type { ChartNames } from "./chart-names.js";
import { notSayable } from "./rewritten.js";

export const SCXML_PROCESSOR = "http://www.w3.org/TR/scxml/#SCXMLEventProcessor";

export const SYSTEM_VARIABLES: ReadonlySet<string> = new Set([
  "_event",
  "_sessionid",
  "_name",
  "_ioprocessors",
  "_x",
]);

/** The fields that every event has, whether or not anything stands in them. */
export const EVENT_FIELDS: ReadonlySet<string> = new Set([
  "name",
  "type",
  "sendid",
  "origin",
  "origintype",
  "invokeid",
  "data",
]);

export const SESSION_ADDRESS = "('#_scxml_' + instance.instanceId)";

export function systemVariable(name: string, names: ChartNames): string {
  switch (name) {
    case "_sessionid":
      return "instance.instanceId";
    case "_name":
      return names.chartName === undefined ? "undefined" : JSON.stringify(names.chartName);
    case "_ioprocessors":
      return `({ scxml: { location: ${SESSION_ADDRESS} }, '${SCXML_PROCESSOR}': { location: ${SESSION_ADDRESS} } })`;
    case "_event":
      return wholeEvent(names);
    default:
      throw notSayable(`There is no ${name} here.`);
  }
}

/** `_event.<field>`. */
export function eventField(field: string, names: ChartNames): string {
  switch (field) {
    case "name":
      return "event.id";
    case "data":
      return eventData(names);
    case "type":
      return "(event.data.scxml.type ?? (event.id === 'error' || startsWith(event.id, 'error.') || startsWith(event.id, 'done.') ? 'platform' : 'external'))";
    case "sendid":
    case "origin":
    case "origintype":
      return `(event.data.scxml.${field} ?? undefined)`;
    case "invokeid":
      return "undefined";
    default:
      throw notSayable(`An event has no "${field}" here.`, "SCXML_EVENT_FIELD");
  }
}

function eventData(names: ChartNames): string {
  const plain = names.carriesEventFields
    ? "(exists(event.data.scxml) ? event.data.data : event.data)"
    : "event.data";
  const done = [...names.doneData].map(
    ([stateId, property]) => `event.id === 'done.state.${stateId}' ? data.${property} : `,
  );
  return done.length === 0 ? plain : `(${done.join("")}${plain})`;
}

function wholeEvent(names: ChartNames): string {
  const fields = [...EVENT_FIELDS].filter(
    (field) => names.carriesEventFields || field === "name" || field === "data",
  );
  const entries = fields.map((field) => `${field}: ${eventField(field, names)}`);
  return `(event === undefined ? undefined : { ${entries.join(", ")} })`;
}
