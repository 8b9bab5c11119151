/**
 * `serve`: the engine as owner of the database, with its HTTP API, until it is asked to stop.
 *
 * 1. What it says on standard output comes when it listens: a line for people, or with `--json` the one value.
 * 2. SIGTERM and SIGINT: readiness turns false, listening stops, requests under way end, the engine drains; exit 0. A second
 *    signal ends the process at once.
 * 3. Where others can reach it, private addresses are not called unless the configuration says so.
 * 4. A port that is taken is exit 3, and nothing was done.
 */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { checkExposure } from "../../http/access/exposure.js";
import type { HttpServer, ServerOptions } from "../../http/index.js";
import type { Engine } from "../../index.js";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../cli-command.js";
import type { HttpConfig } from "../input/config-file.js";
import { resolveSettings, type Settings } from "../input/settings.js";
import { type OwnCallbacks, ownCallbacks } from "../owner/callback-settings.js";
import { openAccess } from "../owner/open-access.js";
import { outboundOfServer } from "../owner/outbound-of-server.js";
import { ownEngine } from "../owner/with-engine.js";
import { listenForSignals } from "../run/signals.js";
import { usageError } from "../usage-error.js";

interface ServeOptions extends CommonOptions {
  readonly db?: string;
  readonly port?: string;
  readonly host?: string;
  readonly definitions?: string;
  readonly config?: string;
}

const DEFAULT_GRACE_MS = 10_000;
const DEFAULT_HOST = "127.0.0.1";

export function configure(command: Command, context: CommandContext): void {
  command
    .option("--port <number>", "where to listen; 0 takes one that is free (default: 7400)")
    .option("--host <address>", "for whom to listen (default: 127.0.0.1, this machine alone)")
    .option("--definitions <directory>", "publish the definitions (*.json) of this directory first")
    .option("--config <file>", "the configuration (default: statewright.config.json)")
    .option(
      "--db <address>",
      "the database: sqlite:PATH or PATH (default: sqlite:./.statewright/statewright.db)",
    );
  addCommonOptions(command);
  addExamples(command, [
    { line: "statewright serve --definitions definitions", says: "on http://127.0.0.1:7400" },
    { line: "statewright serve --port 0 --json", says: "on a free port, which the JSON value names" },
  ]);
  command.action(async (options: ServeOptions) => {
    const settings = await resolveSettings(options, context, { isServer: true });
    const http = httpOf(options, settings.config.http ?? {});
    const graceMs = http.graceMs ?? DEFAULT_GRACE_MS;
    const { prometheusTelemetry } = await import("../../index.js");
    const metrics = prometheusTelemetry();
    const callbacks = await ownCallbacks(settings, http);
    await ownEngine(
      settings,
      options,
      context,
      (engine) => serve(engine, { ...http, metrics }, callbacks, graceMs, options, settings, context),
      {
        graceMs,
        outbound: await outboundOfServer(http.host ?? DEFAULT_HOST, settings.outbound),
        telemetry: metrics,
        callbacks: callbacks.settings,
      },
    );
    context.finish(0);
  });
}

async function serve(
  engine: Engine,
  http: HttpConfig & Pick<ServerOptions, "metrics">,
  callbacks: OwnCallbacks,
  graceMs: number,
  options: ServeOptions,
  settings: Settings,
  context: CommandContext,
): Promise<void> {
  const signals = listenForSignals();
  let closeAccess = async (): Promise<void> => {};
  try {
    const directory = options.definitions ?? settings.config.definitions;
    const published =
      directory === undefined ? [] : await publishAll(engine, resolve(context.workingDirectory, directory));
    const [{ createServer }, { pinoLogger }] = await Promise.all([
      import("../../http/index.js"),
      import("../../index.js"),
    ]);
    const logger = pinoLogger({ level: options.verbose === true ? "debug" : "warn", destination: "stderr" });
    const { graceMs: _, ...listening } = http;
    const outbound = await outboundOfServer(http.host ?? DEFAULT_HOST, settings.outbound);
    const access = await openAccess(engine, settings.databasePath, { outbound, logger });
    closeAccess = () => access.close(graceMs);
    checkExposure(http.host ?? DEFAULT_HOST, access.gate !== undefined);
    const server = await createServer({
      engine,
      logger,
      ...listening,
      hosts: [...(http.hosts ?? []), ...callbacks.hosts],
      ...(access.gate === undefined ? {} : { gate: access.gate }),
    });
    callbacks.listensOn(server.url);
    announce(server, published, settings, options, context);
    const signal = await signals.first;
    context.terminal.note(
      `${signal}: no new requests; what is under way has ${graceMs / 1000} s. Once more ends it at once.`,
    );
    await server.close({ graceMs });
  } finally {
    signals.stopListening();
    await closeAccess();
  }
}

function announce(
  server: HttpServer,
  published: readonly string[],
  { databasePath }: Settings,
  { json }: ServeOptions,
  { terminal }: CommandContext,
): void {
  if (json === true) {
    terminal.json({ url: server.url, database: databasePath, published, pid: process.pid });
    return;
  }
  for (const name of published) terminal.note(`published ${name}`);
  terminal.print(`Statewright listens on ${server.url} (database: ${databasePath}).`);
}

/** In the order of the file names; `ID@VERSION` of each that was not there. Throws `DEFINITION_INVALID` and names the file. */
async function publishAll(engine: Engine, directory: string): Promise<readonly string[]> {
  const { DefinitionInvalidError } = await import("../../index.js");
  const { readText } = await import("../input/read-text.js");
  const published: string[] = [];
  for (const name of await definitionFiles(directory)) {
    const path = join(directory, name);
    try {
      const { stateMachineId, version, outcome } = await engine.publish(await readText(path), {
        author: "serve",
      });
      if (outcome === "published") published.push(`${stateMachineId}@${version}`);
    } catch (error) {
      throw error instanceof DefinitionInvalidError ? error.in(path) : error;
    }
  }
  return published;
}

async function definitionFiles(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith(".json")).sort();
  } catch (error) {
    throw usageError(
      `The directory "${directory}" cannot be read: ${(error as Error).message}.`,
      "Name the directory of the definitions with --definitions.",
    );
  }
}

function httpOf({ port, host }: ServeOptions, config: HttpConfig): HttpConfig {
  return {
    ...config,
    ...(port === undefined ? {} : { port: parsePort(port) }),
    ...(host === undefined ? {} : { host }),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw usageError(`--port ${text} is no port.`, "Give a number from 0 to 65535, for example --port 7400.");
}
