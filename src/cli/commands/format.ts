/**
 * `format FILE`: prints the definition, normalised, in the form asked for. A definition with errors is not printed:
 * its findings are told instead.
 */
import { type Command, Option } from "commander";
import { type DefinitionForm, formatDefinition } from "../../core/definition/format.js";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../cli-command.js";
import { loadDefinition } from "../input/load-definition.js";

interface FormatOptions extends CommonOptions {
  readonly to: DefinitionForm;
}

export function configure(command: Command, context: CommandContext): void {
  const to = new Option("--to <form>", "the form to print")
    .choices(["canonical", "short"])
    .default("canonical");
  command.argument("<file>", "a definition in JSON, in either form").addOption(to);
  addCommonOptions(command);
  addExamples(command, [
    {
      line: "statewright format order.json > order.canonical.json",
      says: "the form with arrays, all defaults named",
    },
    { line: "statewright format order.json --to short", says: "the form that people write" },
  ]);
  command.action(async (file: string, options: FormatOptions) => {
    const { definition } = await loadDefinition(file, context.terminal);
    // In both modes the definition is the one JSON value on standard output.
    context.terminal.print(formatDefinition(definition, options.to).replace(/\n$/, ""));
    context.finish(0);
  });
}
