/** `cancel ID…`: ends instances; what is under way is called off, nothing is undone. */
import type { Command } from "commander";
import { addExamples, type CommandContext } from "../../cli-command.js";
import { configureAct } from "./operate-command.js";

export function configure(command: Command, context: CommandContext): void {
  command.requiredOption("--reason <text>", "why, for the audit trail");
  configureAct(command, context, "cancel");
  addExamples(command, [
    { line: "statewright cancel o-1 --reason 'ordered twice'", says: "one instance" },
    {
      line: "statewright cancel --machine order --state draft --reason abandoned --dry-run",
      says: "by filter; first see which",
    },
  ]);
}
