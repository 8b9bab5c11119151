/**
 * Replay: an instance's snapshot is the fold of the step over its commands. Feeding the stored commands to the step
 * again must give the stored snapshot, byte for byte; where it does not, either the store or the step has lied.
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

/** Rows from the first entry on, by seq. */
export function replay(machine: Machine, rows: readonly TrailRow[]): ReplayResult {
  let snapshot: Snapshot | undefined;
  for (const row of rows) {
    const { entry, isWhole } = openEntry(row.entry, row.disclosed);
    if (!isWhole) return { outcome: "erased", seq: row.seq };
    const nowMs = parseInstant(row.at);
    if (nowMs === undefined)
      return { outcome: "diverged", seq: row.seq, message: `"${row.at}" is not a time.` };
    const result = step(machine, snapshot, commandOf(entry), nowMs);
    if (!result.ok) return { outcome: "diverged", seq: row.seq, message: result.rejection.message };
    snapshot = result.snapshot;
  }
  if (snapshot === undefined) return { outcome: "diverged", seq: 0, message: "There is no entry to replay." };
  return { outcome: "replayed", snapshot };
}
