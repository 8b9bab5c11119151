/** `retry ID…`: does again what open incidents are about. */
import type { Command } from "commander";
import { addExamples, type CommandContext } from "../../cli-command.js";
import { configureAct } from "./operate-command.js";

export function configure(command: Command, context: CommandContext): void {
  command
    .option("--reason <text>", "why, for the audit trail")
    .option("--incident <id>", "this incident alone; all open ones of the instance where it is not given");
  configureAct(command, context, "retry");
  addExamples(command, [
    { line: "statewright retry o-1", says: "everything that went wrong with it" },
    { line: "statewright retry --code ACTION_FAILED --machine order", says: "after a service is back" },
  ]);
}
