/**
 * Verifies a trail without trusting whoever kept it: every entry's hash, the chain, the numbering, what stands beside
 * the entries, and that the rows say the same as the entries they carry.
 */
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import { chainHash, digestOf, FIRST_PREVIOUS_HASH, type Sha256 } from "./audit-entry.js";

export interface TrailRow {
  readonly instanceId: string;
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly previousHash: string;
  readonly hash: string;
  readonly entry: string;
  readonly disclosed: string;
}

export interface TrailFault {
  /** The seq at which the trail stops being what it was. */
  readonly seq: number;
  readonly code: "CHANGED" | "MISSING" | "OUT_OF_ORDER" | "FOREIGN" | "VALUE_CHANGED" | "CHAIN_BROKEN";
  readonly message: string;
}

export interface TrailVerdict {
  readonly isValid: boolean;
  readonly entries: number;
  /** Hash of the last entry: what an auditor keeps to notice a cut-off tail. */
  readonly head: string;
  readonly faults: readonly TrailFault[];
}

/** Rows in the order in which they are kept; `expectedSeq` is the instance's, where it is known. */
export function verifyAudit(
  instanceId: string,
  rows: readonly TrailRow[],
  sha256: Sha256,
  expectedSeq?: number,
): TrailVerdict {
  const faults: TrailFault[] = [];
  let previousHash = FIRST_PREVIOUS_HASH;
  let nextSeq = 1;
  for (const row of rows) {
    faults.push(...checkPlace(instanceId, row, nextSeq), ...checkEntry(row, sha256));
    if (row.previousHash !== previousHash) {
      faults.push({
        seq: row.seq,
        code: "CHAIN_BROKEN",
        message: `Entry ${row.seq} does not follow from the entry before it.`,
      });
    }
    previousHash = row.hash;
    nextSeq = row.seq + 1;
  }
  const last = nextSeq - 1;
  if (expectedSeq !== undefined && last < expectedSeq) {
    faults.push({
      seq: last + 1,
      code: "MISSING",
      message: `The trail ends at entry ${last}, but the instance is at seq ${expectedSeq}.`,
    });
  }
  if (expectedSeq !== undefined && last > expectedSeq) {
    faults.push({
      seq: expectedSeq + 1,
      code: "FOREIGN",
      message: `The trail goes on to entry ${last}, but the instance is at seq ${expectedSeq}.`,
    });
  }
  return { isValid: faults.length === 0, entries: rows.length, head: previousHash, faults };
}

function checkPlace(instanceId: string, row: TrailRow, expected: number): TrailFault[] {
  const faults: TrailFault[] = [];
  if (row.instanceId !== instanceId) {
    faults.push({
      seq: row.seq,
      code: "FOREIGN",
      message: `Entry ${row.seq} belongs to instance "${row.instanceId}".`,
    });
  }
  if (row.seq > expected) {
    const gap =
      row.seq - 1 === expected
        ? `Entry ${expected} is missing.`
        : `Entries ${expected} to ${row.seq - 1} are missing.`;
    faults.push({ seq: expected, code: "MISSING", message: gap });
  } else if (row.seq < expected) {
    faults.push({
      seq: row.seq,
      code: "OUT_OF_ORDER",
      message: `Entry ${row.seq} comes where entry ${expected} is due.`,
    });
  }
  return faults;
}

function checkEntry(row: TrailRow, sha256: Sha256): TrailFault[] {
  const changed = (message: string): TrailFault => ({ seq: row.seq, code: "CHANGED", message });
  if (chainHash(row.previousHash, row.entry, sha256) !== row.hash) {
    return [changed(`Entry ${row.seq} is not what was hashed.`)];
  }
  const entry = parseObject(row.entry);
  if (entry === undefined) return [changed(`Entry ${row.seq} is not JSON.`)];
  const faults: TrailFault[] = [];
  for (const name of ["instanceId", "seq", "at", "type"] as const) {
    if (entry[name] !== row[name])
      faults.push(changed(`Entry ${row.seq}: the row's ${name} is not the entry's.`));
  }
  return [...faults, ...checkDisclosed(row, sha256)];
}

function checkDisclosed(row: TrailRow, sha256: Sha256): TrailFault[] {
  const disclosed = parseObject(row.disclosed);
  if (disclosed === undefined) {
    return [
      { seq: row.seq, code: "VALUE_CHANGED", message: `The values beside entry ${row.seq} are not JSON.` },
    ];
  }
  const referred = new Set(digestsIn(JSON.parse(row.entry) as Json));
  return Object.entries(disclosed).flatMap(([digest, kept]): TrailFault[] => {
    const isTrue =
      isJsonObject(kept) &&
      typeof kept.salt === "string" &&
      kept.value !== undefined &&
      digestOf(kept.salt, kept.value, sha256) === digest &&
      referred.has(digest);
    return isTrue
      ? []
      : [
          {
            seq: row.seq,
            code: "VALUE_CHANGED",
            message: `A value beside entry ${row.seq} is not the one that was recorded.`,
          },
        ];
  });
}

function digestsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(digestsIn);
  if (!isJsonObject(value)) return [];
  if (typeof value.$digest === "string") return [value.$digest];
  return Object.values(value).flatMap(digestsIn);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
