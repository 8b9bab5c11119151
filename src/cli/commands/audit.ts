/** `audit ID`: the trail in words. `audit export`: the trail itself (`audit-export.ts`). `audit verify`: whether the trails are whole (`audit-verify.ts`). */
import type { Command } from "commander";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { readAt } from "../desk/open-desk.js";
import { renderTable } from "../output/table.js";
import { entryRow, openedTrail } from "../output/trail-text.js";
import { configureExport } from "./audit-export.js";
import { configureVerify } from "./audit-verify.js";

export function configure(command: Command, context: CommandContext): void {
  // So that options behind `verify` are the subcommand's.
  command.enablePositionalOptions();
  addDatabaseOptions(command.argument("<id>", "the id of an instance"));
  addExamples(command, [
    { line: "statewright audit o-1", says: "every command with what it caused" },
    { line: "statewright audit verify o-1", says: "whether the trail was changed" },
  ]);
  command.action(async (instanceId: string, options: DatabaseOptions) => {
    const { terminal } = context;
    const entries = await readAt(options, context, (desk) => openedTrail(desk, instanceId));
    if (options.json === true) terminal.json(entries);
    else terminal.print(renderTable(["Seq", "Time (UTC)", "Actor", "What"], entries.map(entryRow), terminal));
    context.finish(0);
  });
  configureExport(
    command.command("export").description("write trails so that they can be verified without the database"),
    context,
  );
  configureVerify(
    command.command("verify").description("check that trails are whole and that they lead to what is stored"),
    context,
  );
}
