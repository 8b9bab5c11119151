/** Entries of the audit trail as they are shown: opened, with what the definition calls sensitive masked. */
import { maskData } from "../data/mask.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import { openEntry } from "./audit-entry.js";

export interface TrailEntry {
  readonly entry: JsonObject;
  readonly hash: string;
  readonly previousHash: string;
  /** False when values of it were erased; they read as null. */
  readonly isWhole: boolean;
}

/** What a store keeps of an entry. */
export interface SealedRow {
  readonly entry: string;
  readonly disclosed: string;
  readonly hash: string;
  readonly previousHash: string;
}

/** `sensitive`: pointers into data (`sensitive` of the definition). */
export function openTrailEntry(row: SealedRow, sensitive: readonly string[]): TrailEntry {
  const { entry, isWhole } = openEntry(row.entry, row.disclosed);
  return { entry: masked(entry, sensitive), hash: row.hash, previousHash: row.previousHash, isWhole };
}

/** What the definition calls sensitive is not shown here either. */
function masked(entry: JsonObject, sensitive: readonly string[]): JsonObject {
  const { command } = entry;
  if (!isJsonObject(command) || sensitive.length === 0) return entry;
  return {
    ...entry,
    command: {
      ...command,
      ...(isJsonObject(command.data) ? { data: maskData(command.data, sensitive) } : {}),
      ...(Array.isArray(command.visits)
        ? { visits: command.visits.map((visit: Json) => maskedVisit(visit, sensitive)) }
        : {}),
    },
  };
}

/** Of an import: the data of a state that the instance has been in. */
function maskedVisit(visit: Json, sensitive: readonly string[]): Json {
  if (!isJsonObject(visit) || !isJsonObject(visit.data)) return visit;
  return { ...visit, data: maskData(visit.data, sensitive) };
}
