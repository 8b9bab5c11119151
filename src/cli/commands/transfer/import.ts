/**
 * `import FILE…`: takes instances over from their documents.
 *
 * 1. An imported instance is like any other: its beginning is an audited command, and its trail replays.
 * 2. What is wrong in a document is told in full. The instance is there, suspended, with an incident that lists it; exit 1.
 * 3. The same document again is `unchanged`. One that cannot be taken over (no such machine or state, another instance
 *    under the id) is `refused`, and the others are imported.
 */
import type { Command } from "commander";
import type { ReadInstance } from "../../../core/import/read-instance-document.js";
import { RefusedError } from "../../../core/refused.js";
import type { Engine } from "../../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import { readInstanceFile } from "../../input/instance-files.js";
import { loadDefinition } from "../../input/load-definition.js";
import { loginName } from "../../input/login-name.js";
import { statusText } from "../../output/instance-text.js";
import { type ErrorReport, exitCodeOf, reportOf } from "../../output/report-error.js";
import { SlowProgress } from "../../output/slow-progress.js";
import { renderTable } from "../../output/table.js";
import { SETTLE_LIMIT_MS, withEngine } from "../../owner/with-engine.js";

interface ImportOptions extends DatabaseOptions {
  readonly definition?: readonly string[];
  readonly actor?: string;
}

interface ImportResult {
  readonly file: string;
  readonly instanceId?: string;
  readonly outcome: "imported" | "unchanged" | "refused";
  readonly status?: string;
  readonly currentState?: string;
  readonly incidentId?: string;
  readonly violations: readonly { readonly path: string; readonly message: string }[];
  readonly error?: ErrorReport;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<files...>", "instance documents: one a file, a list, or one a line")
    .option("--definition <file>", "publish this definition first; repeatable", appendTo)
    .option("--actor <name>", "who does it, for the audit trail (default: the login name)");
  addDatabaseOptions(command);
  addExamples(command, [
    {
      line: "statewright import instances/active/*.json --definition order.json",
      says: "with their definition",
    },
    { line: "statewright import all.ndjson --json", says: "what `statewright export --reveal` wrote" },
  ]);
  command.action(async (files: string[], options: ImportOptions) => {
    const documents: (readonly [string, ReadInstance])[] = [];
    for (const file of files) {
      for (const read of await readInstanceFile(file)) documents.push([file, read]);
    }
    const definitions: string[] = [];
    for (const file of options.definition ?? []) {
      definitions.push((await loadDefinition(file, context.terminal)).text);
    }
    const actor = options.actor ?? loginName();
    const results = await withEngine(options, context, async (engine) => {
      for (const text of definitions) await engine.publish(text, { author: actor });
      return importAll(engine, documents, actor, context);
    });
    show(results, context, options);
    const isWhole = results.every(
      ({ outcome, violations }) => outcome !== "refused" && violations.length === 0,
    );
    context.finish(isWhole ? 0 : 1);
  });
}

async function importAll(
  engine: Engine,
  documents: readonly (readonly [string, ReadInstance])[],
  actor: string,
  context: CommandContext,
): Promise<ImportResult[]> {
  const progress = new SlowProgress(context.terminal, "documents imported", documents.length);
  const results: ImportResult[] = [];
  for (const [file, read] of documents) {
    results.push(await importOne(engine, file, read, actor));
    progress.tick(results.length);
  }
  const endsAtMs = Date.now() + SETTLE_LIMIT_MS;
  for (const { instanceId } of results) {
    if (instanceId !== undefined) await engine.waitSettled(instanceId, Math.max(0, endsAtMs - Date.now()));
  }
  return results;
}

async function importOne(
  engine: Engine,
  file: string,
  read: ReadInstance,
  actor: string,
): Promise<ImportResult> {
  if (!read.ok) {
    const message = `"${file}" is no instance document: ${read.faults.map((fault) => fault.message).join(" ")}`;
    const error = new RefusedError({ code: "VALIDATION_FAILED", message, violations: read.faults });
    return { file, outcome: "refused", violations: read.faults, error: reportOf(error) };
  }
  const { instanceId } = read.instance;
  try {
    const outcome = await engine.importInstance(read.instance, { actor, source: "cli" });
    const { status, currentState } = await engine.get(instanceId);
    const incident = (await engine.incidents({ instanceId, isOpen: true, limit: 1 }))
      .map(({ text }) => JSON.parse(text) as ImportIncident)
      .find(({ incidentId }) => incidentId === `${instanceId}/incident-1`);
    return {
      file,
      instanceId,
      outcome,
      status,
      currentState,
      ...(incident === undefined ? {} : { incidentId: incident.incidentId }),
      violations: incident?.violations ?? [],
    };
  } catch (error) {
    if (exitCodeOf(error) !== 1) throw error;
    return { file, outcome: "refused", violations: [], error: reportOf(error), instanceId };
  }
}

interface ImportIncident {
  readonly incidentId: string;
  readonly violations?: ImportResult["violations"];
}

function show(results: readonly ImportResult[], { terminal }: CommandContext, options: ImportOptions): void {
  if (options.json === true) {
    terminal.json({ results });
    return;
  }
  const { out } = terminal;
  const rows = results.map(({ file, instanceId, outcome, status, currentState, error, violations }) => [
    file,
    instanceId ?? "",
    outcome === "refused" ? out.red(outcome) : out.green(outcome),
    currentState ?? "",
    status === undefined ? "" : statusText(status as "active", out),
    [
      ...(error === undefined ? [] : [error.message]),
      ...(error === undefined ? violations : []).map(({ path, message }) => `${path}  ${message}`),
    ].join("\n"),
  ]);
  terminal.print(
    renderTable(["File", "Instance", "Outcome", "State", "Status", "What is wrong"], rows, terminal),
  );
}

function appendTo(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
