/**
 * `types FILE…`: TypeScript types of definitions, as one module, on standard output or in a file. The file is replaced in
 * one step, and not touched when it says the same already, so that a watching compiler is not woken for nothing.
 */
import type { Command } from "commander";
import { printMachineTypes } from "../../typed/print/print-machine-types.js";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../cli-command.js";
import { loadDefinition } from "../input/load-definition.js";
import { writeText } from "../output/write-text.js";

interface TypesOptions extends CommonOptions {
  readonly output?: string;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<file...>", "definitions in JSON, in canonical or short form")
    .option("--output <file>", "write the module here instead of to standard output");
  addCommonOptions(command);
  addExamples(command, [
    {
      line: "statewright types order.json --output src/order.types.ts",
      says: "interfaces for createEngine<OrderMachine>(…)",
    },
    { line: "statewright types definitions/*.json", says: "all machines as one module" },
  ]);
  command.action(async (files: string[], options: TypesOptions) => {
    const definitions = [];
    for (const file of files) definitions.push((await loadDefinition(file, context.terminal)).definition);
    const text = printMachineTypes(definitions);
    const { terminal } = context;
    const machines = definitions.map(({ stateMachineId }) => stateMachineId);
    if (options.output !== undefined) {
      const outcome = await writeText(options.output, text);
      if (options.json === true) terminal.json({ output: options.output, outcome, machines });
      else terminal.print(`${options.output}: ${outcome}`);
    } else if (options.json === true) terminal.json({ module: text, machines });
    else terminal.print(text.replace(/\n$/, ""));
    context.finish(0);
  });
}
