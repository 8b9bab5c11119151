/** `instances`: a list of instances, by id. */
import type { Command } from "commander";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import type { InstanceSummary } from "../desk/desk.js";
import { readAt } from "../desk/open-desk.js";
import { addFilterOptions, type FilterOptions, filterOf } from "../input/instance-filter.js";
import { parseLimit } from "../input/limit.js";
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
    const { terminal } = context;
    const progress = new SlowProgress(terminal, "instances found");
    const { rows: found, whereFault } = await readAt(options, context, (desk) =>
      desk.instances(filterOf(options), limit + 1, (count) => progress.tick(count)),
    );
    if (whereFault !== undefined) terminal.note(whereFault);
    const rows = found.slice(0, limit);
    if (options.json === true) terminal.json(rows);
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

    function tableRow(row: InstanceSummary): string[] {
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
