/** `incidents`: what somebody has to look at, by the time of opening, or counted by what they are about. */
import type { Command } from "commander";
import type { IncidentFilter, IncidentGroup, ListedIncident } from "../../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import { readAt } from "../../desk/open-desk.js";
import { parseAge } from "../../input/instance-filter.js";
import { parseLimit } from "../../input/limit.js";
import { parseMachineName } from "../../input/machine-name.js";
import { renderTable } from "../../output/table.js";
import { instantText } from "../../output/time-text.js";

interface IncidentsOptions extends DatabaseOptions {
  readonly machine?: string;
  readonly state?: string;
  readonly action?: string;
  readonly code?: string;
  readonly olderThan?: string;
  readonly summary?: boolean;
  readonly all?: boolean;
  readonly limit: string;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("[id]", "only those of this instance")
    .option("--machine <id>", "only those of this state machine, or with ID@VERSION of one version")
    .option("--state <id>", "only those that happened in this state")
    .option("--action <id>", "only those about this action")
    .option("--code <code>", "only those of this code")
    .option("--older-than <duration>", "only those that opened so long ago, for example PT1H")
    .option("--summary", "how many there are of each code in each place")
    .option("--all", "closed ones too")
    .option("--limit <number>", "how many at most", "100");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright incidents", says: "the open ones" },
    { line: "statewright incidents --summary", says: "what is wrong, at one glance" },
    { line: "statewright incidents --machine order --all --json", says: "all of a machine, for a script" },
  ]);
  command.action(async (id: string | undefined, options: IncidentsOptions) => {
    const filter = incidentFilterOf(id, options);
    if (options.summary === true) await summarize(filter, options, context);
    else await list(filter, options, context);
    context.finish(0);
  });
}

function incidentFilterOf(id: string | undefined, options: IncidentsOptions): IncidentFilter {
  const { machine, state, action, code, olderThan, all } = options;
  return {
    ...(id === undefined ? {} : { instanceId: id }),
    ...(machine === undefined ? {} : parseMachineName(machine)),
    ...(state === undefined ? {} : { state }),
    ...(action === undefined ? {} : { actionId: action }),
    ...(code === undefined ? {} : { code }),
    ...(olderThan === undefined ? {} : { openedBeforeMs: Date.now() - parseAge(olderThan) }),
    ...(all === true ? { closedToo: true } : {}),
  };
}

async function list(
  filter: IncidentFilter,
  options: IncidentsOptions,
  context: CommandContext,
): Promise<void> {
  const limit = parseLimit(options.limit);
  // One more than is shown tells whether there are more.
  const found = await readAt(options, context, (desk) => desk.incidents(filter, limit + 1));
  const incidents = found.slice(0, limit);
  const { terminal } = context;
  if (options.json === true) terminal.json(incidents);
  else if (incidents.length === 0) terminal.print("No incidents.");
  else {
    const head = [
      "Incident",
      "Machine",
      "State",
      "Action",
      "Code",
      "Tries",
      "Opened (UTC)",
      "Closed",
      "What",
    ];
    terminal.print(renderTable(head, incidents.map(tableRow), terminal));
  }
  if (found.length > limit) terminal.note(`There are more than ${limit}; see --limit.`);
}

function tableRow(incident: ListedIncident): string[] {
  return [
    incident.incidentId,
    `${incident.stateMachineId}@${incident.version}`,
    incident.state,
    incident.actionId ?? "",
    incident.code,
    incident.tries === undefined ? "" : String(incident.tries),
    instantText(incident.openedAt),
    incident.resolution ?? "",
    incident.message,
  ];
}

async function summarize(
  filter: IncidentFilter,
  options: IncidentsOptions,
  context: CommandContext,
): Promise<void> {
  const groups = await readAt(options, context, (desk) => desk.incidentGroups(filter));
  const { terminal } = context;
  if (options.json === true) terminal.json(groups);
  else if (groups.length === 0) terminal.print("No incidents.");
  else {
    const head = ["Incidents", "Machine", "State", "Action", "Code", "First (UTC)", "Last (UTC)", "What"];
    terminal.print(renderTable(head, groups.map(groupRow), terminal));
  }
}

function groupRow(group: IncidentGroup): string[] {
  return [
    String(group.incidents),
    `${group.stateMachineId}@${group.version}`,
    group.state,
    group.actionId ?? "",
    group.code,
    instantText(group.firstOpenedAt),
    instantText(group.lastOpenedAt),
    group.message,
  ];
}
