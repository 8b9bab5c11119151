/** `backup FILE`: a copy of the database, also while an engine works on it. */
import type { Command } from "commander";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import { resolveSettings } from "../../input/settings.js";

export function configure(command: Command, context: CommandContext): void {
  command.argument("<file>", "the copy; a file that is there is never replaced");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright backup backups/2026-01-31.db", says: "one moment of the database, whole" },
  ]);
  command.action(async (file: string, options: DatabaseOptions) => {
    const { databasePath } = await resolveSettings(options, context);
    const { backupSqlite } = await import("../../../index.js");
    const { bytes } = await backupSqlite(databasePath, file);
    const { terminal } = context;
    if (options.json === true) terminal.json({ file, bytes });
    else terminal.print(`"${file}" holds the database "${databasePath}" as it is now, ${bytes} bytes.`);
    context.finish(0);
  });
}
