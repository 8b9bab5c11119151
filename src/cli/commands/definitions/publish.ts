/**
 * `publish FILE…`: publishes versions. Every file is checked before any is published. A version that is there with the same
 * content is `unchanged`; with other content it is refused.
 */
import type { Command } from "commander";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import type { WorkingDesk } from "../../desk/desk.js";
import { workAt } from "../../desk/open-desk.js";
import { type LoadedDefinition, loadDefinition } from "../../input/load-definition.js";
import { loginName } from "../../input/login-name.js";
import { type ErrorReport, exitCodeOf, reportOf } from "../../output/report-error.js";
import { renderTable } from "../../output/table.js";

interface PublishOptions extends DatabaseOptions {
  readonly note?: string;
  readonly author?: string;
}

interface PublishResult {
  readonly file: string;
  readonly stateMachineId: string;
  readonly version: number;
  readonly outcome: "published" | "unchanged" | "refused";
  readonly hash?: string;
  readonly warnings: number;
  readonly error?: ErrorReport;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<files...>", "definitions in JSON, in either form")
    .option("--note <text>", "what is new, kept with the version")
    .option("--author <name>", "who publishes it (default: the login name)");
  addDatabaseOptions(command);
  addExamples(command, [
    {
      line: "statewright publish order.json --note 'a limit of 1000'",
      says: "the version that the file names",
    },
    {
      line: "statewright publish definitions/*.json --json",
      says: "all of them; what is there is left alone",
    },
  ]);
  command.action(async (files: string[], options: PublishOptions) => {
    const loaded: [string, LoadedDefinition][] = [];
    for (const file of files) loaded.push([file, await loadDefinition(file, context.terminal)]);
    const results = await workAt(options, context, async (desk) => {
      const all: PublishResult[] = [];
      for (const [file, definition] of loaded) all.push(await publishOne(desk, file, definition, options));
      return all;
    });
    show(results, context, options);
    context.finish(results.some(({ outcome }) => outcome === "refused") ? 1 : 0);
  });
}

async function publishOne(
  desk: WorkingDesk,
  file: string,
  { text, definition, warnings }: LoadedDefinition,
  options: PublishOptions,
): Promise<PublishResult> {
  const { stateMachineId, version = 1 } = definition;
  const about = { file, stateMachineId, version, warnings: warnings.length };
  try {
    const { outcome, hash } = await desk.publish(text, {
      author: options.author ?? loginName(),
      note: options.note ?? "",
    });
    return { ...about, outcome, hash };
  } catch (error) {
    if (exitCodeOf(error) !== 1) throw error;
    return { ...about, outcome: "refused", error: reportOf(error) };
  }
}

function show(
  results: readonly PublishResult[],
  { terminal }: CommandContext,
  options: PublishOptions,
): void {
  if (options.json === true) {
    terminal.json({ results });
    return;
  }
  const rows = results.map(({ file, stateMachineId, version, outcome, warnings, error }) => [
    file,
    `${stateMachineId}@${version}`,
    outcome === "refused" ? terminal.out.red(outcome) : terminal.out.green(outcome),
    warnings === 0 ? "" : `${warnings}: statewright validate ${file}`,
    error === undefined ? "" : `${error.message} ${error.hint ?? ""}`,
  ]);
  terminal.print(renderTable(["File", "Version", "Outcome", "Warnings", "Why"], rows, terminal));
}
