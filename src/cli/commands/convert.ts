/**
 * `convert IN [OUT]`: a chart in SCXML becomes a definition. What cannot be converted is told with its place, and nothing
 * is written; so is what validation says against the definition that came out.
 */
import type { Command } from "commander";
import { type ConvertScxmlOptions, convertScxml } from "../../convert/scxml/convert-scxml.js";
import { formatDefinition } from "../../core/definition/format.js";
import { readDefinitionSource } from "../../validation.js";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../cli-command.js";
import { readText } from "../input/read-text.js";
import { type FileFinding, findingLines, inFile } from "../output/finding-text.js";
import { writeText } from "../output/write-text.js";
import { usageError } from "../usage-error.js";

interface ConvertOptions extends CommonOptions {
  readonly event: readonly string[];
  readonly id?: string;
}

interface Converted {
  /** Undefined when a finding is an error. */
  readonly text: string | undefined;
  readonly findings: readonly FileFinding[];
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<in>", "a chart in SCXML")
    .argument("[out]", "the definition to write; - or nothing is standard output")
    .option(
      "--event <name>",
      "an event that comes from outside, for transitions on every event; repeatable",
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .option("--id <machine>", "the machine's id (default: the chart's name, or machine)");
  addCommonOptions(command);
  addExamples(command, [
    { line: "statewright convert door.scxml door.json", says: "write the definition" },
    { line: "statewright convert door.scxml --event knock", says: "print it; * answers to knock too" },
  ]);
  command.action(async (input: string, output: string | undefined, options: ConvertOptions) => {
    const target = output === "-" ? undefined : output;
    checkNames(input, target);
    const converted = convert(input, target, await readText(input), options);
    await tell(context, target, converted, options.json === true);
    context.finish(converted.text === undefined ? 1 : 0);
  });
}

/** The direction follows the names. */
function checkNames(input: string, output: string | undefined): void {
  const isChart = /\.(scxml|xml)$/i.test(input);
  if (isChart && (output === undefined || /\.json$/i.test(output))) return;
  throw usageError(
    `"${input}" cannot be converted to "${output ?? "standard output"}": this version reads SCXML and writes JSON.`,
    "Name a chart that ends in .scxml, and a definition that ends in .json.",
  );
}

function convert(
  input: string,
  output: string | undefined,
  chart: string,
  options: ConvertOptions,
): Converted {
  const settings: ConvertScxmlOptions = {
    events: options.event,
    ...(options.id === undefined ? {} : { stateMachineId: options.id }),
  };
  const { definition, findings } = convertScxml(chart, settings);
  const told = findings.map((finding) => inFile(input, finding));
  if (definition === undefined) return { text: undefined, findings: told };
  const text = formatDefinition(definition, "canonical");
  const read = readDefinitionSource({ text });
  const about = read.findings.map((finding) => inFile(output ?? "the definition", finding));
  return { text: read.definition === undefined ? undefined : text, findings: [...told, ...about] };
}

async function tell(
  { terminal }: CommandContext,
  output: string | undefined,
  { text, findings }: Converted,
  asJson: boolean,
): Promise<void> {
  const outcome = text === undefined || output === undefined ? undefined : await writeText(output, text);
  if (asJson) {
    const definition =
      text === undefined || output !== undefined ? {} : { definition: JSON.parse(text) as unknown };
    const written = outcome === undefined ? {} : { output, outcome };
    terminal.json({ converted: text !== undefined, ...written, ...definition, findings });
    return;
  }
  if (findings.length > 0) terminal.note(findingLines(findings, terminal.err));
  if (text === undefined) terminal.note(`${terminal.err.red("Not converted")}.`);
  else if (output === undefined) terminal.print(text.replace(/\n$/, ""));
  else terminal.print(`${output}: ${outcome}`);
}
