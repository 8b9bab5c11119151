/** `incidents`: what somebody has to look at, by the time of opening. */
import type { Command } from "commander";
import type { Incident } from "../../../core/model/snapshot.js";
import type { IncidentRow, InstanceRow, Store } from "../../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import { parseLimit } from "../../input/limit.js";
import { withReader } from "../../open-store.js";
import { renderTable } from "../../output/table.js";
import { instantText } from "../../output/time-text.js";

interface IncidentsOptions extends DatabaseOptions {
  readonly machine?: string;
  readonly all?: boolean;
  readonly limit: string;
}

interface ListedIncident extends Incident {
  readonly instanceId: string;
  readonly stateMachineId: string;
  readonly version: number;
  readonly isOpen: boolean;
}

/** Incidents that are looked at for their machine. */
const MAX_LOOKED_AT = 100_000;

export function configure(command: Command, context: CommandContext): void {
  command
    .option("--machine <id>", "only those of this state machine")
    .option("--all", "closed ones too")
    .option("--limit <number>", "how many at most", "100");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright incidents", says: "the open ones" },
    { line: "statewright incidents --machine order --all --json", says: "all of a machine, for a script" },
  ]);
  command.action(async (options: IncidentsOptions) => {
    const limit = parseLimit(options.limit);
    const found = await withReader(options, context, ({ store }) => listed(store, options, limit + 1));
    const incidents = found.slice(0, limit);
    const { terminal } = context;
    if (options.json === true) terminal.json(incidents);
    else if (incidents.length === 0) terminal.print("No incidents.");
    else {
      const head = ["Incident", "Machine", "State", "Action", "Code", "Opened (UTC)", "Closed", "What"];
      terminal.print(renderTable(head, incidents.map(tableRow), terminal));
    }
    if (found.length > limit) terminal.note(`There are more than ${limit}; see --limit.`);
    context.finish(0);
  });
}

async function listed(store: Store, options: IncidentsOptions, limit: number): Promise<ListedIncident[]> {
  const rows = await store.listIncidents({
    ...(options.all === true ? {} : { isOpen: true }),
    limit: options.machine === undefined ? limit : MAX_LOOKED_AT,
  });
  const instances = await store.loadInstances(rows.map(({ instanceId }) => instanceId));
  return rows
    .flatMap((row, index) => {
      const instance = instances[index];
      return instance === undefined ? [] : [listedIncident(row, instance)];
    })
    .filter(({ stateMachineId }) => options.machine === undefined || stateMachineId === options.machine)
    .slice(0, limit);
}

function listedIncident({ text, isOpen }: IncidentRow, instance: InstanceRow): ListedIncident {
  const { instanceId, stateMachineId, version } = instance;
  return { instanceId, stateMachineId, version, isOpen, ...(JSON.parse(text) as Incident) };
}

function tableRow(incident: ListedIncident): string[] {
  return [
    incident.incidentId,
    `${incident.stateMachineId}@${incident.version}`,
    incident.state,
    incident.actionId ?? "",
    incident.code,
    instantText(incident.openedAt),
    incident.resolution ?? "",
    incident.message,
  ];
}
