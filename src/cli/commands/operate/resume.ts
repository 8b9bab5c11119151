/** `resume ID…`: lets instances go on that an operator suspended. */
import type { Command } from "commander";
import { addExamples, type CommandContext } from "../../cli-command.js";
import { configureAct } from "./operate-command.js";

export function configure(command: Command, context: CommandContext): void {
  command.option("--reason <text>", "why, for the audit trail");
  configureAct(command, context, "resume");
  addExamples(command, [
    { line: "statewright resume o-1", says: "one instance" },
    { line: "statewright resume --machine order", says: "all of a machine that an operator suspended" },
  ]);
}
