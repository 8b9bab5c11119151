/** `skip ID…`: goes on as if the actions that open incidents are about had been done. */
import type { Command } from "commander";
import { addExamples, type CommandContext } from "../../cli-command.js";
import { configureAct } from "./operate-command.js";

export function configure(command: Command, context: CommandContext): void {
  command
    .option("--reason <text>", "why, for the audit trail")
    .option("--incident <id>", "this incident alone; all open ones of the instance where it is not given");
  configureAct(command, context, "skip");
  addExamples(command, [
    { line: "statewright skip o-1 --incident o-1/incident-1", says: "one incident" },
    { line: "statewright skip --code CALLBACK_FAILED --dry-run", says: "by filter; first see which" },
  ]);
}
