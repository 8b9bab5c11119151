/** `instances`: a list of instances, by id. */
import type { Command } from "commander";
import type { InstanceRow } from "../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { addFilterOptions, type FilterOptions, filterOf } from "../input/instance-filter.js";
import { parseLimit } from "../input/limit.js";
import { type Opened, withReader } from "../open-store.js";
import { statusText } from "../output/instance-text.js";
import { SlowProgress } from "../output/slow-progress.js";
import { renderTable } from "../output/table.js";
import { instantText } from "../output/time-text.js";

interface InstancesOptions extends DatabaseOptions, FilterOptions {
  readonly limit: string;
}

export function configure(command: Command, context: CommandContext): void {
  addFilterOptions(command).option("--limit <number>", "how many at most", "100");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright instances --status suspended", says: "what somebody has to look at" },
    {
      line: `statewright instances --where "data.amount > 1000 && instance.version === 2"`,
      says: "by their data",
    },
  ]);
  command.action(async (options: InstancesOptions) => {
    const limit = parseLimit(options.limit);
    // One more than is shown tells whether there are more.
    const found = await withReader(options, context, (opened) => listed(opened, options, limit + 1, context));
    const rows = found.slice(0, limit);
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
    if (found.length > rows.length) terminal.note(`There are more than ${limit}; see --limit.`);
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

async function listed(
  { operators }: Opened,
  options: InstancesOptions,
  limit: number,
  context: CommandContext,
): Promise<InstanceRow[]> {
  const search = operators.search(filterOf(options));
  const progress = new SlowProgress(context.terminal, "instances found");
  const found: InstanceRow[] = [];
  for await (const row of search.rows()) {
    found.push(row);
    progress.tick(found.length);
    if (found.length === limit) break;
  }
  if (search.firstFault !== undefined) context.terminal.note(search.firstFault);
  return found;
}
