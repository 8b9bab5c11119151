/** `show ID`: the instance document; with `--json` in the shape of the instance files. */
import type { Command } from "commander";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { readAt } from "../desk/open-desk.js";
import { instanceText } from "../output/instance-text.js";

export function configure(command: Command, context: CommandContext): void {
  addDatabaseOptions(command.argument("<id>", "the id of an instance"));
  addExamples(command, [{ line: "statewright show o-1", says: "where it is, how it came there, its data" }]);
  command.action(async (instanceId: string, options: DatabaseOptions) => {
    const document = await readAt(options, context, (desk) => desk.document(instanceId));
    if (options.json === true) context.terminal.json(document);
    else context.terminal.print(instanceText(document, context.terminal));
    context.finish(0);
  });
}
