/**
 * Secrets from the environment and from a file.
 *
 * 1. The secret `bank-token` is the environment variable `STATEWRIGHT_SECRET_BANK_TOKEN`: upper case, and `_` for whatever
 *    is no letter, digit or underscore. The prefix keeps a definition from naming any other variable of the process.
 * 2. The environment wins over the file. The file is a JSON object of names and texts.
 * 3. The file is looked at again when it has changed, so that a secret is exchanged without a restart. A change that
 *    cannot be read is told once and leaves what was known.
 * 4. No message of this file holds a value.
 */
import { readFileSync, type Stats, statSync } from "node:fs";
import { StatewrightError } from "../core/errors.js";
import { isJsonObject } from "../core/json/json.js";
import { parseJsonText } from "../core/json/parse-json.js";
import type { Secrets } from "../ports/secrets.js";

interface SecretsSource {
  /** The process's own where missing. */
  readonly environment?: { readonly [name: string]: string | undefined };
  readonly file?: string;
  /** Is told of a file that others may read, and of a change that cannot be read. */
  readonly warn?: (message: string) => void;
}

const PREFIX = "STATEWRIGHT_SECRET_";
const READABLE_BY_OTHERS = 0o077;

/** @throws StatewrightError `USAGE` for a file that cannot be read, or is no object of names and texts. */
export function environmentSecrets(source: SecretsSource = {}): Secrets {
  const environment = source.environment ?? process.env;
  const file =
    source.file === undefined ? undefined : new SecretsFile(source.file, source.warn ?? (() => {}));
  return {
    read(name) {
      const value = environment[variableOf(name)] || file?.read(name);
      return value === "" ? undefined : value;
    },
    remedy(name) {
      const variable = `set the environment variable ${variableOf(name)}`;
      return file === undefined ? variable : `${variable}, or add "${name}" to ${file.path}`;
    },
  };
}

function variableOf(name: string): string {
  return PREFIX + name.replace(/[^A-Za-z0-9_]/g, "_").toUpperCase();
}

class SecretsFile {
  #stamp = "";
  #values: ReadonlyMap<string, string> = new Map();

  constructor(
    readonly path: string,
    private readonly warn: (message: string) => void,
  ) {
    const stats = this.#stats();
    this.#take(stats);
    if (process.platform !== "win32" && (stats.mode & READABLE_BY_OTHERS) !== 0) {
      const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
      warn(`The secrets file "${path}" can be read by others (mode ${mode}). Run: chmod 600 ${path}`);
    }
  }

  read(name: string): string | undefined {
    this.#refresh();
    return this.#values.get(name);
  }

  #refresh(): void {
    let stamp = "gone";
    try {
      const stats = this.#stats();
      stamp = stampOf(stats);
      if (stamp !== this.#stamp) this.#take(stats);
    } catch (error) {
      if (stamp === this.#stamp) return;
      this.#stamp = stamp;
      this.warn(`${(error as Error).message} What was read before is still used.`);
    }
  }

  #take(stats: Stats): void {
    this.#values = readValues(this.path);
    this.#stamp = stampOf(stats);
  }

  #stats(): Stats {
    try {
      return statSync(this.path);
    } catch (error) {
      throw unusable(
        this.path,
        `cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown reason"}`,
      );
    }
  }
}

function stampOf({ mtimeMs, size, ino }: Stats): string {
  return `${mtimeMs} ${size} ${ino}`;
}

function readValues(path: string): ReadonlyMap<string, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw unusable(path, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown reason"}`);
  }
  const parsed = parseJsonText(text);
  // Where it is wrong may be told, what stands there may not: it could be a value.
  if (!parsed.ok) throw unusable(path, `is no JSON at line ${parsed.faults[0]?.line ?? 1}`);
  if (!isJsonObject(parsed.value)) throw unusable(path, "is no JSON object");
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed.value)) {
    if (typeof value !== "string") throw unusable(path, `has no text for ${JSON.stringify(name)}`);
    values.set(name, value);
  }
  return values;
}

function unusable(path: string, what: string): StatewrightError {
  return new StatewrightError("USAGE", `The secrets file "${path}" ${what}.`, {
    hint: 'It is a JSON object of names and texts, for example { "bank-token": "…" }, that only its owner may read (mode 0600).',
  });
}
