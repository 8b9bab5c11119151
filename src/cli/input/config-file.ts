/**
 * `statewright.config.json` in the working directory, checked against the published schema
 * (`schema/config.schema.json`): everything that is wrong is told at once, with its place.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import { parseJsonText } from "../../core/json/parse-json.js";
import { usageError } from "../usage-error.js";

export const CONFIG_FILE = "statewright.config.json";
const HINT = "The keys are described in docs/reference/cli.md and in schema/config.schema.json.";

export interface Rewrite {
  readonly from: string;
  readonly to: string;
}

export interface Outbound {
  readonly rewrite?: readonly Rewrite[];
  readonly privateAddresses?: "allow" | "deny";
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly maxInFlightPerHost?: number;
  readonly breaker?: false | { readonly failures: number; readonly openFor: string };
}

export interface Config {
  readonly db?: string;
  /** The server that commands talk to. */
  readonly url?: string;
  readonly instances?: string;
  readonly outbound?: Outbound;
  /** The path of the secrets file. */
  readonly secrets?: string;
  readonly definitions?: string;
  readonly http?: HttpConfig;
  readonly callbacks?: {
    readonly baseUrl?: string;
    /** The name of a secret. */
    readonly secret?: string;
  };
}

export interface HttpConfig {
  readonly port?: number;
  readonly host?: string;
  readonly hosts?: readonly string[];
  readonly origins?: readonly string[];
  readonly rateLimit?: { readonly max: number; readonly windowMs: number };
  readonly graceMs?: number;
}

/**
 * An empty configuration when there is no file, unless it is named. Throws `USAGE` when there is one that is not right.
 */
export async function readConfig(workingDirectory: string, named?: string): Promise<Config> {
  const file = named ?? CONFIG_FILE;
  let text: string;
  try {
    text = await readFile(resolve(workingDirectory, file), "utf8");
  } catch (error) {
    if (named === undefined && (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw usageError(`"${file}" cannot be read: ${(error as Error).message}.`);
  }
  const parsed = parseJsonText(text);
  if (!parsed.ok) {
    const faults = parsed.faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
    throw usageError(faults.join(" "), HINT);
  }
  if (!isJsonObject(parsed.value)) throw usageError(`${file} is JSON, but no object.`, HINT);
  const { value, locate } = parsed;
  const violations = await violationsOf(value);
  if (violations.length === 0) return value as Config;
  const sentences = violations.map(({ path, message }) => {
    const place = locate(path) ?? locate(path.slice(0, path.lastIndexOf("/")));
    return `${file}${place === undefined ? "" : `:${place.line}:${place.column}`}: ${path} ${message}`;
  });
  throw usageError(sentences.join(" "), HINT);
}

async function violationsOf(
  config: JsonObject,
): Promise<readonly { readonly path: string; readonly message: string }[]> {
  const { validateAgainst } = await import("../../validation.js");
  const schemaText = await readFile(new URL("../../../schema/config.schema.json", import.meta.url), "utf8");
  const { $id: _, ...schema } = JSON.parse(schemaText) as JsonObject;
  const compiled = validateAgainst(schema);
  if (!compiled.ok)
    throw new Error(`Broken invariant: config.schema.json: ${compiled.faults[0]?.message ?? ""}`);
  return compiled.validate(config);
}
