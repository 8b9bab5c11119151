/**
 * The server that a command talks to: `--url`, then `STATEWRIGHT_URL`, then `url` of the configuration. `--db` means a
 * database, whatever the environment says; `STATEWRIGHT_DB` beats the configuration.
 */
import type { DatabaseOptions } from "../cli-command.js";
import type { Environment } from "../output/terminal.js";
import { usageError } from "../usage-error.js";
import { readConfig } from "./config-file.js";

export interface Place {
  readonly environment: Environment;
  readonly workingDirectory: string;
}

export interface ServerAddress {
  /** Without a slash at its end. */
  readonly url: string;
  /** A key or a token of the server. */
  readonly token?: string;
}

/** Absent: the command works on a database. Throws `USAGE` for an address that is none. */
export async function serverOf(options: DatabaseOptions, place: Place): Promise<ServerAddress | undefined> {
  if (options.db !== undefined && options.url !== undefined) {
    throw usageError("--db and --url are given.", "Give either a database or a server.");
  }
  const named = await namedServer(options, place);
  if (named === undefined) return undefined;
  const token = options.token ?? place.environment.STATEWRIGHT_TOKEN;
  return {
    url: parseServer(named),
    ...(token === undefined || token === "" ? {} : { token: parseToken(token) }),
  };
}

async function namedServer(options: DatabaseOptions, place: Place): Promise<string | undefined> {
  if (options.url !== undefined) return options.url;
  if (options.db !== undefined) return undefined;
  const { STATEWRIGHT_URL, STATEWRIGHT_DB } = place.environment;
  if (STATEWRIGHT_URL !== undefined && STATEWRIGHT_URL !== "") return STATEWRIGHT_URL;
  if (STATEWRIGHT_DB !== undefined) return undefined;
  return (await readConfig(place.workingDirectory)).url;
}

function parseServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === "";
  if (isPlain) return url.href.replace(/\/+$/, "");
  throw usageError(
    `The server "${text.replace(/\/\/[^/@]*@/, "//")}" is no address of a server.`,
    "Give its http or https address without a password and a query, for example --url http://127.0.0.1:7400",
  );
}

function parseToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw usageError(
    "The token is none.",
    "STATEWRIGHT_TOKEN and --token take a key or a token on one line, without spaces.",
  );
}
