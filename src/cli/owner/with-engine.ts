/**
 * Opens the engine as owner of the database for as long as a command works, and closes it whatever happens.
 *
 * 1. What an earlier process left goes on while the command works; what is under way at its end has the grace period.
 * 2. A database that another process owns is `STORE_LOCKED`, exit 3: nothing has been done then.
 */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { StatewrightError } from "../../core/errors.js";
import type { Engine, EngineOptions, Logger } from "../../index.js";
import type { CommandContext, DatabaseOptions } from "../cli-command.js";
import { resolveSettings, type Settings } from "../input/settings.js";

/** How long what a command has caused may take. */
export const SETTLE_LIMIT_MS = 10_000;

export async function withEngine<Result>(
  options: DatabaseOptions,
  context: CommandContext,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  return ownEngine(await resolveSettings(options, context), options, context, work);
}

/** The same, where it is known already where to work; `further` adds to what the engine is made of. */
export async function ownEngine<Result>(
  settings: Settings,
  options: DatabaseOptions,
  context: CommandContext,
  work: (engine: Engine) => Promise<Result>,
  further: Partial<EngineOptions> & { readonly graceMs?: number } = {},
): Promise<Result> {
  const { graceMs = SETTLE_LIMIT_MS, ...engineOptions } = further;
  // The loops of the engine do not keep the process alive while it waits for them.
  const keepAlive = setInterval(() => {}, SETTLE_LIMIT_MS);
  try {
    const engine = await openOwner(settings, options, context, engineOptions);
    try {
      return await work(engine);
    } finally {
      await engine.close({ graceMs });
    }
  } finally {
    clearInterval(keepAlive);
  }
}

async function openOwner(
  settings: Settings,
  options: DatabaseOptions,
  context: CommandContext,
  further: Partial<EngineOptions>,
): Promise<Engine> {
  const { databasePath, outbound, instancesDirectory, secretsSource } = settings;
  try {
    await mkdir(dirname(databasePath), { recursive: true });
  } catch (error) {
    const message = `The folder of "${databasePath}" cannot be made: ${(error as Error).message}.`;
    const hint = "Choose another place with --db sqlite:PATH.";
    throw new StatewrightError("STORE_UNAVAILABLE", message, { hint, cause: error });
  }
  const { createEngine, environmentSecrets, pinoLogger, sqlite } = await import("../../index.js");
  const logger =
    options.verbose === true ? pinoLogger({ level: "debug", destination: "stderr" }) : warningsOnly(context);
  const engineOptions: EngineOptions = {
    store: sqlite(databasePath),
    outbound,
    secrets: environmentSecrets({ ...secretsSource, warn: (message) => logger.warn(message) }),
    logger,
    ...(instancesDirectory === undefined ? {} : { instancesDirectory }),
    ...further,
  };
  return createEngine(engineOptions);
}

function warningsOnly({ terminal }: CommandContext): Logger {
  return {
    debug: () => {},
    info: () => {},
    warn: (message) => terminal.note(`${terminal.err.yellow("warning")}  ${message}`),
    error: (message) => terminal.note(`${terminal.err.red("error")}  ${message}`),
  };
}
