/**
 * Where a command works: the command line wins over the environment, the environment over `statewright.config.json`,
 * and without any of them it is `sqlite:./.statewright/statewright.db`.
 */
import { resolve } from "node:path";
import { durationMs } from "../../core/model/compile-text.js";
import type { EngineOptions } from "../../index.js";
import type { DatabaseOptions } from "../cli-command.js";
import type { Environment } from "../output/terminal.js";
import { usageError } from "../usage-error.js";
import { type Config, type Outbound, type Rewrite, readConfig } from "./config-file.js";
import { type Place, serverOf } from "./server-address.js";

export const DEFAULT_DATABASE = "sqlite:./.statewright/statewright.db";

export interface Settings {
  /** Path of the SQLite file; relative paths are those of the working directory. */
  readonly databasePath: string;
  readonly outbound: NonNullable<EngineOptions["outbound"]>;
  /** Where secrets are looked up: the environment, and the file that the configuration names. */
  readonly secretsSource: { readonly environment: Environment; readonly file?: string };
  readonly instancesDirectory: string | undefined;
  readonly config: Config;
}

/** Throws `USAGE` for addresses that cannot be used, and for a configuration that is not right. */
export async function resolveSettings(
  options: DatabaseOptions & {
    readonly rewrite?: readonly string[];
    readonly instances?: string;
    readonly config?: string;
  },
  place: Place,
  /** Of a command that is the server itself: which server others talk to is nothing to it. */
  { isServer = false }: { readonly isServer?: boolean } = {},
): Promise<Settings> {
  const { environment } = place;
  const server = isServer ? undefined : await serverOf(options, place);
  if (server !== undefined) {
    throw usageError(
      `This command works on a database, and not over a server (${server.url}).`,
      "Give it where the database is, with --db sqlite:PATH.",
    );
  }
  const config: Config = await readConfig(place.workingDirectory, options.config);
  const rewrite = [...(options.rewrite ?? []).map(parseRewrite), ...(config.outbound?.rewrite ?? [])];
  return {
    databasePath: parseAddress(options.db ?? environment.STATEWRIGHT_DB ?? config.db ?? DEFAULT_DATABASE),
    outbound: { ...outboundOf(config.outbound), rewrite },
    secretsSource: {
      environment,
      ...(config.secrets === undefined ? {} : { file: resolve(place.workingDirectory, config.secrets) }),
    },
    instancesDirectory: options.instances ?? config.instances,
    config,
  };
}

function outboundOf(outbound: Outbound = {}): Settings["outbound"] {
  const { breaker, ...others } = outbound;
  if (breaker === undefined || breaker === false) {
    return { ...others, ...(breaker === undefined ? {} : { breaker }) };
  }
  const { failures, openFor } = breaker;
  const openForMs = parseDurationMs(openFor);
  return { ...others, breaker: { failures, openForMs } };
}

function parseDurationMs(text: string): number {
  try {
    const durationInMs = durationMs(text);
    if (durationInMs > 0) return durationInMs;
  } catch {
    // Said below, as for a duration that leaves no time.
  }
  throw usageError(
    `outbound.breaker.openFor "${text}" is not right.`,
    "Write a duration in ISO 8601, for example PT10S.",
  );
}

/** The path of a database's address: `sqlite:PATH`, or a bare path. */
export function parseAddress(address: string): string {
  if (/^postgres(ql)?:/.test(address))
    throw notThere(`The database ${address.split("@").at(-1) ?? ""}: PostgreSQL`);
  const path = address.replace(/^sqlite:/, "");
  if (path === "")
    throw usageError(`The database "${address}" has no path.`, `For example: --db ${DEFAULT_DATABASE}`);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(path)?.[1];
  if (scheme !== undefined) {
    throw usageError(
      `The database "${address}" is of a kind that is not known: ${scheme}.`,
      "Use sqlite:PATH, or a path.",
    );
  }
  return path;
}

/** `FROM=TO`, both beginnings of http addresses. */
export function parseRewrite(argument: string): Rewrite {
  const match = /^(https?:\/\/.+?)=(https?:\/\/.+)$/.exec(argument);
  const [, from, to] = match ?? [];
  if (from === undefined || to === undefined || !URL.canParse(from) || !URL.canParse(to)) {
    throw usageError(
      `"${argument}" is no rewrite.`,
      "Give FROM=TO, for example --rewrite http://example.com=http://127.0.0.1:9001",
    );
  }
  return { from, to };
}

function notThere(what: string): Error {
  return usageError(
    `${what} is not there yet in this version.`,
    `Work on a SQLite file: --db ${DEFAULT_DATABASE}`,
  );
}
