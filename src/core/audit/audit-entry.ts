/**
 * The audit entry: one for every command, holding the command and the records of what it caused. It is hashed as
 * canonical JSON (RFC 8785) and chained to the entry before it.
 *
 * Values of people's data stand in it as salted digests; the values themselves lie beside it ("disclosed"), so that
 * they can be erased later while the chain still verifies.
 *
 * Invariants:
 * 1. `hash = SHA-256(previousHash + "\n" + entry)`; the first entry's previous hash is 64 zeros.
 * 2. Sealing and opening know the same places: `openCommand` gives back the command that was sealed.
 * 3. A digest is never looked for outside the known places, so data that looks like one stays data.
 */
import { canonicalJson } from "../json/canonical-json.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import type { Command } from "../message/command.js";
import type { StepRecord } from "../message/record.js";

/** SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string;

export const FIRST_PREVIOUS_HASH = "0".repeat(64);

export interface AuditFacts {
  readonly instanceId: string;
  readonly seq: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly stateMachineId: string;
  readonly version: number;
  readonly command: Command;
  readonly records: readonly StepRecord[];
}

export interface SealedEntry {
  readonly previousHash: string;
  readonly hash: string;
  /** Canonical JSON. */
  readonly entry: string;
  /** Canonical JSON: digest → `{ salt, value }`. */
  readonly disclosed: string;
}

export function sealEntry(
  facts: AuditFacts,
  previousHash: string,
  sha256: Sha256,
  nextSalt: () => string,
): SealedEntry {
  const disclosed: { [digest: string]: Json } = {};
  const seal = (value: Json): Json => {
    const salt = nextSalt();
    const digest = digestOf(salt, value, sha256);
    disclosed[digest] = { salt, value };
    return { $digest: digest };
  };
  const { command, ...rest } = facts;
  const entry = canonicalJson({
    ...rest,
    type: command.type,
    actor: command.actor,
    source: command.source,
    command: mapValues(command as unknown as JsonObject, COMMAND_PLACES, seal),
    records: facts.records.map((record) => mapValues(record, RECORD_PLACES, seal)),
  });
  return {
    previousHash,
    hash: chainHash(previousHash, entry, sha256),
    entry,
    disclosed: canonicalJson(disclosed),
  };
}

export function chainHash(previousHash: string, entry: string, sha256: Sha256): string {
  return sha256(`${previousHash}\n${entry}`);
}

export function digestOf(salt: string, value: Json, sha256: Sha256): string {
  return sha256(`${salt}\n${canonicalJson(value)}`);
}

/** The entry as it was before sealing; what was erased reads as `null` and makes `isWhole` false. */
export function openEntry(
  entry: string,
  disclosed: string,
): { readonly entry: JsonObject; readonly isWhole: boolean } {
  const sealed = JSON.parse(entry) as JsonObject;
  const values = JSON.parse(disclosed) as { [digest: string]: { readonly value: Json } };
  let isWhole = true;
  const open = (place: Json): Json => {
    const digest = isJsonObject(place) ? place.$digest : undefined;
    if (typeof digest !== "string") return place;
    const found = values[digest];
    if (found === undefined) isWhole = false;
    return found === undefined ? null : found.value;
  };
  const command = sealed.command as JsonObject;
  const records = sealed.records as readonly JsonObject[];
  const opened = {
    ...sealed,
    command: mapValues(command, COMMAND_PLACES, open),
    records: records.map((record) => mapValues(record, RECORD_PLACES, open)),
  };
  return { entry: opened, isWhole };
}

/** The command of an opened entry. */
export function commandOf(entry: JsonObject): Command {
  return entry.command as unknown as Command;
}

/** Where values of data stand: a path, and whether the value itself or each of its members is sealed. */
interface Place {
  readonly path: readonly string[];
  readonly each: boolean;
}

const COMMAND_PLACES: readonly Place[] = [
  { path: ["data"], each: true },
  { path: ["variables"], each: true },
  { path: ["message"], each: false },
  { path: ["body"], each: false },
  { path: ["inbound", "value"], each: false },
  { path: ["visits"], each: false },
  { path: ["faults"], each: false },
  { path: ["result", "message"], each: false },
  { path: ["result", "response", "headers"], each: true },
  { path: ["result", "response", "body"], each: false },
];

const RECORD_PLACES: readonly Place[] = [
  { path: ["message"], each: false },
  { path: ["violations"], each: false },
  { path: ["config"], each: false },
  ...["before", "after", "variablesBefore", "variablesAfter"].map((name) => ({ path: [name], each: true })),
];

function mapValues(object: JsonObject, places: readonly Place[], map: (value: Json) => Json): JsonObject {
  return places.reduce((mapped, place) => mapAt(mapped, place.path, place.each, map), object);
}

function mapAt(
  object: JsonObject,
  path: readonly string[],
  each: boolean,
  map: (value: Json) => Json,
): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined || !Object.hasOwn(object, name)) return object;
  const value = object[name] ?? null;
  if (rest.length > 0)
    return isJsonObject(value) ? { ...object, [name]: mapAt(value, rest, each, map) } : object;
  if (!each) return { ...object, [name]: map(value) };
  if (!isJsonObject(value)) return object;
  return {
    ...object,
    [name]: Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)])),
  };
}
