/** `instances`: a list of instances, by id. */
import { type Command, Option } from "commander";
import type { InstanceQuery, InstanceRow, InstanceStatus } from "../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { withReader } from "../open-store.js";
import { statusText } from "../output/instance-text.js";
import { renderTable } from "../output/table.js";
import { instantText } from "../output/time-text.js";
import { usageError } from "../usage-error.js";

interface InstancesOptions extends DatabaseOptions {
  readonly machine?: string;
  readonly status?: InstanceStatus;
  readonly state?: string;
  readonly limit: string;
}

const STATUSES: readonly InstanceStatus[] = ["active", "suspended", "completed", "error", "cancelled"];

export function configure(command: Command, context: CommandContext): void {
  command
    .option("--machine <id>", "only those of this state machine")
    .addOption(new Option("--status <status>", "only those of this status").choices(STATUSES))
    .option("--state <id>", "only those that are in this state")
    .option("--limit <number>", "how many at most", "100");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright instances --status suspended", says: "what somebody has to look at" },
  ]);
  command.action(async (options: InstancesOptions) => {
    const query = queryOf(options);
    // One more than is shown tells whether there are more.
    const found = await withReader(options, context, ({ store }) =>
      store.listInstances({ ...query, limit: query.limit + 1 }),
    );
    const rows = found.slice(0, query.limit);
    const { terminal } = context;
    if (options.json === true) terminal.json(rows.map(summaryOf));
    else if (rows.length === 0) terminal.print("No instances.");
    else
      terminal.print(
        renderTable(
          ["Instance", "Machine", "State", "Status", "Changed (UTC)"],
          rows.map(tableRow),
          terminal,
        ),
      );
    if (found.length > rows.length) terminal.note(`There are more than ${query.limit}; see --limit.`);
    context.finish(0);

    function tableRow(row: InstanceRow): string[] {
      const machine = `${row.stateMachineId}@${row.version}`;
      return [
        row.instanceId,
        machine,
        row.currentState,
        statusText(row.status, terminal.out),
        instantText(row.updatedAt),
      ];
    }
  });
}

function summaryOf({
  partition: _,
  snapshot: __,
  ...row
}: InstanceRow): Omit<InstanceRow, "partition" | "snapshot"> {
  return row;
}

function queryOf(options: InstancesOptions): InstanceQuery {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 10_000) {
    throw usageError(`--limit ${options.limit} is not right.`, "Give a whole number from 1 to 10000.");
  }
  return {
    limit,
    ...(options.machine === undefined ? {} : { stateMachineId: options.machine }),
    ...(options.status === undefined ? {} : { status: options.status }),
    ...(options.state === undefined ? {} : { currentState: options.state }),
  };
}
