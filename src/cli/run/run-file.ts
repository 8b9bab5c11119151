/**
 * The whole of a run: reads the line, opens the engine as owner of the database, drives the instance, waits a moment
 * for what is still to be delivered, and prints the instance.
 *
 * Invariants:
 * 1. Whatever happens after the engine was opened, it is closed before this returns.
 * 2. With `--json` the one value is the instance document; it has an `error` when the run was refused, timed out or
 *    stopped. Without an instance it is `{ "error": … }`.
 */

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { StatewrightError } from "../../core/errors.js";
import type { InstanceDocument } from "../../core/instance-document.js";
import { compileMachine } from "../../core/model/compile-machine.js";
import { durationMs } from "../../core/model/compile-text.js";
import type { Machine } from "../../core/model/machine.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import { createEngine, type Engine, environmentSecrets, pinoLogger, sqlite } from "../../index.js";
import { sharedSchemaCompiler } from "../../validation.js";
import type { CommandContext } from "../cli-command.js";
import { readJsonArgument } from "../input/json-argument.js";
import { loadDefinition } from "../input/load-definition.js";
import { loginName } from "../input/login-name.js";
import { resolveSettings, type Settings } from "../input/settings.js";
import { instanceText } from "../output/instance-text.js";
import { type ErrorReport, errorLines, exitCodeOf, reportOf } from "../output/report-error.js";
import { usageError } from "../usage-error.js";
import { continueLine } from "./continue-line.js";
import { awaitLastWork } from "./last-work.js";
import { type LineWord, readLineItems } from "./line-items.js";
import { Progress } from "./progress.js";
import { InstanceRun, type RunEnding, type RunRequest } from "./run-instance.js";
import type { RunOptions } from "./run-options.js";
import { listenForSignals, SIGNAL_EXIT_CODES, type StopSignal } from "./signals.js";
import { busyText } from "./trouble-text.js";
import { waitsText } from "./waits.js";

const LAST_WORK_LIMIT_MS = 10_000;
/** What is under way when the time is up is sent again by the next run, under the same key: no need to wait long. */
const TIMED_OUT_GRACE_MS = 1_000;

type Ending = RunEnding | { readonly kind: "stopped"; readonly signal: StopSignal };

/** Returns the exit code. Throws what went wrong before there was an instance. */
export async function runFile(
  file: string,
  options: RunOptions,
  words: readonly LineWord[],
  context: CommandContext,
): Promise<number> {
  const progress = new Progress(context.terminal);
  const timeoutMs = parseTimeout(options.timeout);
  const items = await readLineItems(words);
  const data = options.data === undefined ? {} : await readJsonArgument(options.data, "--data");
  const settings = await resolveSettings(options, context);
  const loaded = await loadDefinition(file, context.terminal);
  if (loaded.warnings.length > 0) {
    const count = loaded.warnings.length === 1 ? "1 warning" : `${loaded.warnings.length} warnings`;
    progress.line("definition", `valid, with ${count}: statewright validate ${file}`, "quiet");
  }
  const request: RunRequest = {
    definition: { text: loaded.text, stateMachineId: loaded.definition.stateMachineId },
    instanceId: options.instance,
    data,
    items,
    until: options.until,
    deadlineMs: Date.now() + timeoutMs,
    actor: options.actor ?? loginName(),
    groups: options.group ?? [],
  };
  const signals = listenForSignals();
  // Whatever the run waits for, it is this that keeps the process alive until it is over.
  const keepAlive = setInterval(() => {}, LAST_WORK_LIMIT_MS);
  try {
    const engine = await openEngine(settings, options, progress);
    return await new RunOnEngine(engine, request, progress, context, options).run(signals.first);
  } finally {
    clearInterval(keepAlive);
    signals.stopListening();
  }
}

class RunOnEngine {
  #graceMs = 10_000;

  constructor(
    private readonly engine: Engine,
    private readonly request: RunRequest,
    private readonly progress: Progress,
    private readonly context: CommandContext,
    private readonly options: RunOptions,
  ) {}

  async run(firstSignal: Promise<StopSignal>): Promise<number> {
    const { engine, request, progress } = this;
    const endWatch = engine.watch((committed) => progress.show(committed));
    const run = new InstanceRun(engine, request, progress, (snapshot) => machineOf(engine, snapshot));
    try {
      const stopped = firstSignal.then((signal): Ending => ({ kind: "stopped", signal }));
      const running = run.run();
      // When a signal wins, the run fails against the closing engine, and nobody listens any more.
      running.catch(() => {});
      const ending = await Promise.race([running, stopped]);
      return await this.#conclude(ending, run.instanceId, stopped);
    } finally {
      endWatch();
      await engine.close({ graceMs: this.#graceMs });
    }
  }

  async #conclude(ending: Ending, instanceId: string | undefined, stopped: Promise<Ending>): Promise<number> {
    if (instanceId === undefined) return this.#concludeWithout(ending);
    const { engine, progress } = this;
    if (ending.kind === "timed-out") this.#graceMs = TIMED_OUT_GRACE_MS;
    if (ending.kind !== "stopped") {
      const open = await Promise.race([
        awaitLastWork(engine, instanceId, LAST_WORK_LIMIT_MS),
        stopped.then((): readonly string[] => []),
      ]);
      for (const name of open)
        progress.line("still open", `${name}; it goes on with the next run on this database`);
    }
    const document = await engine.get(instanceId);
    const error = await this.#problemOf(ending, document);
    this.#print(document, error);
    this.#advise(ending, document);
    return exitCode(ending, document);
  }

  #concludeWithout(ending: Ending): number {
    const error =
      ending.kind === "refused"
        ? ending.error
        : new StatewrightError("ENGINE_STOPPED", "The run was stopped before it began.");
    const report = reportOf(error);
    if (this.options.json === true) this.context.terminal.json({ error: report });
    this.context.terminal.note(errorLines(report, this.context.terminal.err));
    return ending.kind === "stopped" ? SIGNAL_EXIT_CODES[ending.signal] : exitCodeOf(error);
  }

  async #problemOf(ending: Ending, document: InstanceDocument): Promise<ErrorReport | undefined> {
    switch (ending.kind) {
      case "refused":
        return reportOf(ending.error);
      case "stopped":
        return {
          code: "ENGINE_STOPPED",
          message: `The run was stopped by ${ending.signal}; instance "${document.instanceId}" is kept as it is.`,
          hint: "What is under way goes on with the next run.",
        };
      case "timed-out":
        return this.#timeoutOf(document);
      default:
        return undefined;
    }
  }

  async #timeoutOf(document: InstanceDocument): Promise<ErrorReport> {
    const { instanceId } = document;
    const snapshot = await this.engine.snapshot(instanceId);
    const pending = await this.engine.pending(instanceId);
    const busy = snapshot === undefined ? [] : busyText(snapshot, pending, Date.now());
    return {
      code: "RUN_TIMEOUT",
      message: [
        `The time of the run (${this.options.timeout}) is up; instance "${instanceId}" goes on later.`,
        ...busy,
      ].join(" "),
      hint: "Give the line below again, with a longer --timeout if it needs one.",
    };
  }

  #print(document: InstanceDocument, error: ErrorReport | undefined): void {
    const { terminal } = this.context;
    if (this.options.json === true) terminal.json(error === undefined ? document : { ...document, error });
    else terminal.print(instanceText(document, terminal));
    if (error !== undefined) terminal.note(errorLines(error, terminal.err));
  }

  /** The last word to people: what it waits for, or how to go on. */
  #advise(ending: Ending, document: InstanceDocument): void {
    const { terminal, words } = this.context;
    const line = continueLine(words, document.instanceId);
    switch (ending.kind) {
      case "waiting":
        terminal.note(`It waits for ${waitsText(ending.waits, Date.now())}.`);
        terminal.note(`Go on with: ${line} …`);
        break;
      case "suspended":
        terminal.note(`It is suspended by an open incident. Correct it at the end of the line: ${line} …`);
        break;
      case "timed-out":
      case "stopped":
        terminal.note(`Go on with: ${line}`);
        break;
      case "refused":
        terminal.note(`Nothing has changed by what was refused. Go on with: ${line}`);
        break;
      case "settled":
      case "ended":
        break;
    }
  }
}

function exitCode(ending: Ending, document: InstanceDocument): number {
  switch (ending.kind) {
    case "stopped":
      return SIGNAL_EXIT_CODES[ending.signal];
    case "refused":
      return exitCodeOf(ending.error);
    case "timed-out":
    case "suspended":
      return 1;
    case "ended":
      return document.status === "completed" ? 0 : 1;
    case "settled":
    case "waiting":
      return 0;
  }
}

async function openEngine(settings: Settings, options: RunOptions, progress: Progress): Promise<Engine> {
  const { databasePath, outbound, instancesDirectory, secretsSource } = settings;
  try {
    await mkdir(dirname(databasePath), { recursive: true });
  } catch (error) {
    throw new StatewrightError(
      "STORE_UNAVAILABLE",
      `The folder of "${databasePath}" cannot be made: ${(error as Error).message}.`,
      {
        hint: "Choose another place with --db sqlite:PATH.",
        cause: error,
      },
    );
  }
  const logger =
    options.verbose === true ? pinoLogger({ level: "debug", destination: "stderr" }) : progress.logger();
  return createEngine({
    store: sqlite(databasePath),
    outbound,
    secrets: environmentSecrets({ ...secretsSource, warn: (message) => logger.warn(message) }),
    logger,
    ...(instancesDirectory === undefined ? {} : { instancesDirectory }),
  });
}

/** The machine of the version that the instance runs on, which need not be the file's. */
async function machineOf(engine: Engine, snapshot: Snapshot): Promise<Machine> {
  const rows = await engine.definitions();
  const row = rows.find(
    ({ stateMachineId, version }) =>
      stateMachineId === snapshot.stateMachineId && version === snapshot.version,
  );
  if (row === undefined)
    throw new Error(`Broken invariant: no definition of instance "${snapshot.instanceId}".`);
  return compileMachine(JSON.parse(row.text) as never, sharedSchemaCompiler());
}

function parseTimeout(text: string): number {
  let timeoutMs: number;
  try {
    timeoutMs = durationMs(text);
  } catch {
    throw usageError(
      `"${text}" is no duration for --timeout.`,
      "Write it in ISO 8601, for example PT30S or PT5M.",
    );
  }
  if (timeoutMs <= 0)
    throw usageError(`--timeout ${text} leaves no time.`, "Give more than nothing, for example PT30S.");
  return timeoutMs;
}
