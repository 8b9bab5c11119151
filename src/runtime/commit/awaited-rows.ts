/** What an instance waits for from outside, as it is written with its commit. */
import type { Sha256 } from "../../core/audit/audit-entry.js";
import { type Awaited, awaitedBy } from "../../core/awaited.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { Machine } from "../../core/model/machine.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import type { AwaitedRow } from "../../ports/store.js";

/** Each once, in one and the same order. */
export function awaitedRows(machine: Machine, snapshot: Snapshot, sha256: Sha256): readonly AwaitedRow[] {
  const rows = awaitedBy(machine, snapshot).map((awaited) => awaitedRow(awaited, sha256));
  const byText = new Map(rows.map((row) => [textOf(row), row]));
  return [...byText].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
}

/** The same where it is not what is stored; undefined where it is. A machine that awaits nothing pays for nothing. */
export function changedAwaits(
  machine: Machine,
  before: Snapshot | undefined,
  after: Snapshot,
  sha256: Sha256,
): readonly AwaitedRow[] | undefined {
  if (!machine.awaits) return undefined;
  const stored = before === undefined ? [] : awaitedRows(machine, before, sha256);
  const awaited = awaitedRows(machine, after, sha256);
  return textsOf(stored) === textsOf(awaited) ? undefined : awaited;
}

function awaitedRow(awaited: Awaited, sha256: Sha256): AwaitedRow {
  const { kind, name } = awaited;
  return { kind, name, value: kind === "signal" ? "" : sha256(canonicalJson(awaited.value)) };
}

function textsOf(rows: readonly AwaitedRow[]): string {
  return rows.map(textOf).join("\n");
}

function textOf({ kind, name, value }: AwaitedRow): string {
  return JSON.stringify([kind, name, value]);
}
