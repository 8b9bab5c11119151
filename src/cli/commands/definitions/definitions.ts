/** `definitions`: what is published. `definitions show`: one of them. `definitions diff`: what changed between two, in words. */
import { type Command, Option } from "commander";
import { type DefinitionChange, diffDefinitions } from "../../../core/definition/diff-definitions.js";
import { type DefinitionForm, formatDefinition } from "../../../core/definition/format.js";
import type { JsonObject } from "../../../core/json/json.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import type { DefinitionSummary, PublishedDefinition, ReadingDesk } from "../../desk/desk.js";
import { readAt } from "../../desk/open-desk.js";
import { parseMachineName } from "../../input/machine-name.js";
import { renderTable } from "../../output/table.js";
import { instantText } from "../../output/time-text.js";

interface ShowOptions extends DatabaseOptions {
  readonly to: DefinitionForm;
}

export function configure(command: Command, context: CommandContext): void {
  command.enablePositionalOptions();
  addDatabaseOptions(command);
  addExamples(command, [{ line: "statewright definitions", says: "every version that is published" }]);
  const list = async (_: unknown, self: Command): Promise<void> => {
    await listAll(self.optsWithGlobals<DatabaseOptions>(), context);
  };
  command.action(list);
  configureList(command.command("list").description("list what is published"), list);
  configureShow(command.command("show").description("print a published definition"), context);
  configureDiff(command.command("diff").description("say in words what changed between versions"), context);
}

function configureList(command: Command, list: (_: unknown, self: Command) => Promise<void>): void {
  addDatabaseOptions(command);
  addExamples(command, [{ line: "statewright definitions list --json", says: "the same, for a script" }]);
  command.action(list);
}

function configureShow(command: Command, context: CommandContext): void {
  const to = new Option("--to <form>", "the form to print")
    .choices(["canonical", "short"])
    .default("canonical");
  command.argument("<machine>", "ID for its newest version, or ID@VERSION").addOption(to);
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright definitions show order@2 --to short", says: "in the form that people write" },
  ]);
  command.action(async (machine: string, _: unknown, self: Command) => {
    const options = self.optsWithGlobals<ShowOptions>();
    const { definition } = await readAt(options, context, (desk) => loadVersion(desk, machine));
    // In both modes the definition is the one JSON value on standard output.
    context.terminal.print(formatDefinition(definition, options.to).replace(/\n$/, ""));
    context.finish(0);
  });
}

function configureDiff(command: Command, context: CommandContext): void {
  command
    .argument("<from>", "ID@VERSION, or ID for its newest version")
    .argument("<to>", "ID@VERSION, or ID for its newest version");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright definitions diff order@1 order@2", says: "states, transitions, actions, schemas" },
  ]);
  command.action(async (from: string, to: string, _: unknown, self: Command) => {
    const options = self.optsWithGlobals<DatabaseOptions>();
    const { terminal } = context;
    const [before, after] = await readAt(options, context, (desk) =>
      Promise.all([loadVersion(desk, from), loadVersion(desk, to)]),
    );
    const changes = diffDefinitions(
      before.definition as unknown as JsonObject,
      after.definition as unknown as JsonObject,
    );
    if (options.json === true) terminal.json({ from: nameOf(before), to: nameOf(after), changes });
    else if (changes.length === 0) terminal.print("No difference.");
    else for (const change of changes) terminal.print(changeLine(change, context));
    context.finish(0);
  });
}

async function listAll(options: DatabaseOptions, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const rows = await readAt(options, context, (desk) => desk.definitions());
  if (options.json === true) terminal.json(rows);
  else if (rows.length === 0) terminal.print("No definitions.");
  else {
    const head = ["Version", "Published (UTC)", "Author", "Hash", "Note"];
    const table = rows.map((row) => [
      nameOf(row),
      instantText(row.publishedAt),
      row.author,
      row.hash.slice(0, 12),
      row.note,
    ]);
    terminal.print(renderTable(head, table, terminal));
  }
  context.finish(0);
}

/** Throws `DEFINITION_UNKNOWN`. */
function loadVersion(desk: ReadingDesk, word: string): Promise<PublishedDefinition> {
  const { stateMachineId, version } = parseMachineName(word);
  return desk.definition(stateMachineId, version);
}

function nameOf({ stateMachineId, version }: DefinitionSummary): string {
  return `${stateMachineId}@${version}`;
}

function changeLine({ change, message }: DefinitionChange, { terminal }: CommandContext): string {
  const { out } = terminal;
  const mark = { removed: out.red("-"), added: out.green("+"), changed: out.yellow("~") }[change];
  return `${mark} ${message}`;
}
