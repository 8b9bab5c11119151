/** An instance document as people read it: where it is, how it came there, its data, and what is wrong. */
import type { InstanceDocument } from "../../core/instance-document.js";
import type { Json, JsonObject } from "../../core/json/json.js";
import type { InstanceStatus } from "../../core/model/snapshot.js";
import { renderTable } from "./table.js";
import type { Colours, Terminal } from "./terminal.js";
import { instantText, spanBetween } from "./time-text.js";

export function instanceText(document: InstanceDocument, terminal: Terminal): string {
  const { out } = terminal;
  const path = document.history.map((visit) => visit.state).join(" → ");
  const facts: readonly (readonly [string, string])[] = [
    ["Instance", document.instanceId],
    ["Machine", `${document.stateMachineId}, version ${document.version}`],
    [
      "Status",
      statusText(document.status, out) +
        (document.outcome === undefined ? "" : `, ${document.outcome}`) +
        (document.reason === undefined ? "" : `: ${document.reason}`),
    ],
    [
      document.activeStates === undefined ? "State" : "States",
      (document.activeStates ?? [document.currentState]).join(", "),
    ],
    ["Path", path],
    ["Started", `${instantText(document.startTime)} UTC`],
    ["Changed", `${instantText(document.lastUpdated)} UTC (seq ${document.seq})`],
  ];
  return [
    facts.map(([name, value]) => `${out.bold(name.padEnd(9))} ${value}`).join("\n"),
    renderTable(
      ["State", "Entered (UTC)", "Stayed", "Actions"],
      document.history.map((visit) => [
        visit.state,
        instantText(visit.enteredAt),
        spanBetween(visit.enteredAt, visit.exitedAt),
        visit.actions.map((action) => `${action.actionId} ${action.status}`).join(", "),
      ]),
      terminal,
    ),
    ...section("Data", document.data, out),
    ...section("Variables", document.variables, out),
    ...incidentText(document.incidents ?? [], out),
  ].join("\n\n");
}

export function statusText(status: InstanceStatus, colours: Colours): string {
  switch (status) {
    case "active":
      return colours.cyan(status);
    case "completed":
      return colours.green(status);
    case "suspended":
      return colours.yellow(status);
    case "error":
    case "cancelled":
      return colours.red(status);
  }
}

function section(title: string, values: JsonObject, colours: Colours): string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([name]) => name.length));
  return [
    [
      colours.bold(title),
      ...entries.map(([name, value]) => `  ${name.padEnd(width)}  ${plainValue(value)}`),
    ].join("\n"),
  ];
}

function plainValue(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function adviceOn({ suspends, code, actionId }: JsonObject): string {
  if (suspends !== true) return "The instance itself is not held by it.";
  if (code === "JOIN_STUCK")
    return "Skip it: the join goes on with the tokens that are there. Or cancel the instance.";
  const retry = actionId === undefined ? "" : " When its cause is gone, retry it; or skip the action.";
  return `It holds the instance: an event or an update that corrects the data lets it go on.${retry}`;
}

function incidentText(incidents: readonly JsonObject[], colours: Colours): string[] {
  if (incidents.length === 0) return [];
  const lines = incidents.flatMap((incident) => {
    const action = typeof incident.actionId === "string" ? `, action ${incident.actionId}` : "";
    const advice = adviceOn(incident);
    return [
      `  ${colours.red(String(incident.code))} in state ${String(incident.state)}${action}: ${String(incident.message)}`,
      `    ${colours.dim("→")} ${advice}`,
    ];
  });
  return [[colours.bold("Open incidents"), ...lines].join("\n")];
}
