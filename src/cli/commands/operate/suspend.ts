/** `suspend ID…`: holds instances; what is under way may end, nothing new begins. */
import type { Command } from "commander";
import { addExamples, type CommandContext } from "../../cli-command.js";
import { configureAct } from "./operate-command.js";

export function configure(command: Command, context: CommandContext): void {
  command.requiredOption("--reason <text>", "why, for the audit trail");
  configureAct(command, context, "suspend");
  addExamples(command, [
    { line: "statewright suspend o-1 --reason 'under investigation'", says: "one instance" },
    { line: "statewright suspend --machine order --reason 'the shop is closed'", says: "all of a machine" },
  ]);
}
