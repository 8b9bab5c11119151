/**
 * Replay: an instance's snapshot is the fold of the step over its commands. Feeding the stored commands to the step
 * again must give the stored snapshot, byte for byte; where it does not, either the store or the step has lied.
 * Each entry is replayed on the version that it names: a migration ran on the version that it led to.
 */
import { commandOf, openEntry } from "./audit/audit-entry.js";
import type { TrailRow } from "./audit/verify-audit.js";
import { parseInstant } from "./instant.js";
import type { Machine } from "./model/machine.js";
import type { Snapshot } from "./model/snapshot.js";
import { step } from "./step/step.js";

export type ReplayResult =
  | { readonly outcome: "replayed"; readonly snapshot: Snapshot }
  /** The step refuses today what it once accepted. */
  | { readonly outcome: "diverged"; readonly seq: number; readonly message: string }
  /** Values of this entry were erased; an erased instance is exempt from replay. */
  | { readonly outcome: "erased"; readonly seq: number };

/** One machine for all entries, or one for each version. */
export type ReplayMachines = Machine | ReadonlyMap<number, Machine>;

/** Rows from the first entry on, by seq. */
export function replay(machines: ReplayMachines, rows: readonly TrailRow[]): ReplayResult {
  let snapshot: Snapshot | undefined;
  for (const row of rows) {
    const result = replayRow(machines, snapshot, row);
    if (result.outcome !== "replayed") return result;
    snapshot = result.snapshot;
  }
  if (snapshot === undefined) return { outcome: "diverged", seq: 0, message: "There is no entry to replay." };
  return { outcome: "replayed", snapshot };
}

/** The versions that entries name, each once, in their order; an entry that cannot be read names none. */
export function versionsIn(rows: readonly TrailRow[]): readonly number[] {
  return [...new Set(rows.flatMap(({ entry }) => versionOf(entry)))];
}

function versionOf(entry: string): number[] {
  try {
    const { version } = JSON.parse(entry) as { readonly version?: unknown };
    return Number.isSafeInteger(version) ? [Number(version)] : [];
  } catch {
    return [];
  }
}

/** Whatever an entry holds that was damaged or changed, replaying it ends in a verdict. */
function replayRow(machines: ReplayMachines, snapshot: Snapshot | undefined, row: TrailRow): ReplayResult {
  const diverged = (message: string): ReplayResult => ({ outcome: "diverged", seq: row.seq, message });
  const nowMs = parseInstant(row.at);
  if (nowMs === undefined) return diverged(`"${row.at}" is not a time.`);
  try {
    const { entry, isWhole } = openEntry(row.entry, row.disclosed);
    if (!isWhole) return { outcome: "erased", seq: row.seq };
    const machine = machines instanceof Map ? machines.get(Number(entry.version)) : (machines as Machine);
    if (machine === undefined) return diverged(`Version ${Number(entry.version)} is not published.`);
    const result = step(machine, snapshot, commandOf(entry), nowMs);
    return result.ok
      ? { outcome: "replayed", snapshot: result.snapshot }
      : diverged(result.rejection.message);
  } catch (error) {
    return diverged(`The entry cannot be replayed: ${error instanceof Error ? error.message : "unknown"}.`);
  }
}
