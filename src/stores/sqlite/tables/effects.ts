/**
 * The outbox.
 *
 * Invariant: of the ordered effects of an instance and purpose the first that is there does not wait, and all others do.
 * Every method that adds or ends an ordered one restores it before it returns.
 */
import type {
  DueEffectsQuery,
  EffectId,
  EffectPurpose,
  EffectRow,
  NextEffectQuery,
  OrderedEffectsQuery,
} from "../../../ports/store.js";
import type { Database } from "../database.js";
import { booleanAt, integerAt, textAt } from "../driver/column.js";
import type { Row } from "../driver/driver.js";

const COLUMNS =
  "instance_id, seq, ordinal, partition, purpose, is_ordered, due_at_ms, attempts, is_begun, text";

export class EffectTable {
  constructor(private readonly database: Database) {}

  /** Rows of one commit, in any order. They come after all that the instance has, for its seq only grows. */
  add(rows: readonly EffectRow[]): void {
    if (rows.length === 0) return;
    const first = new Map<EffectPurpose, EffectRow>();
    for (const row of rows) {
      this.#insert(row);
      if (row.isOrdered && !first.has(row.purpose)) first.set(row.purpose, row);
    }
    for (const { instanceId, purpose } of first.values()) this.#release(instanceId, purpose);
  }

  /** Does nothing when it is gone already. */
  end(id: EffectId): void {
    const ended = this.database
      .prepare(
        "delete from effects where instance_id = ? and seq = ? and ordinal = ? returning is_ordered, purpose",
      )
      .get([id.instanceId, id.seq, id.ordinal]);
    if (ended === undefined || !booleanAt(ended, "is_ordered")) return;
    this.#release(id.instanceId, purposeAt(ended));
  }

  /** Does nothing when it is gone already. */
  postpone(id: EffectId, dueAtMs: number, attempts: number): void {
    this.database
      .prepare(
        "update effects set due_at_ms = ?, attempts = ? where instance_id = ? and seq = ? and ordinal = ?",
      )
      .run([dueAtMs, attempts, id.instanceId, id.seq, id.ordinal]);
  }

  /** True for the first who asks while it is there. */
  begin(id: EffectId): boolean {
    const begun = this.database
      .prepare(
        `update effects set is_begun = 1
         where instance_id = ? and seq = ? and ordinal = ? and is_begun = 0 returning seq`,
      )
      .get([id.instanceId, id.seq, id.ordinal]);
    return begun !== undefined;
  }

  due(query: DueEffectsQuery): readonly EffectRow[] {
    return this.database
      .prepare(
        `select ${COLUMNS} from effects where is_waiting = 0 and purpose = ? and due_at_ms <= ?
         order by due_at_ms, instance_id, seq, ordinal limit ?`,
      )
      .all([query.purpose, query.dueBeforeMs, query.limit])
      .map(effectRow);
  }

  nextAt({ afterMs, purposes }: NextEffectQuery): number | undefined {
    const nextOf = this.database.prepare(
      "select due_at_ms from effects where is_waiting = 0 and purpose = ? and due_at_ms > ? order by due_at_ms limit 1",
    );
    const next = purposes.flatMap((purpose) => {
      const row = nextOf.get([purpose, afterMs]);
      return row === undefined ? [] : [integerAt(row, "due_at_ms")];
    });
    return next.length === 0 ? undefined : Math.min(...next);
  }

  load(instanceId: string): readonly EffectRow[] {
    return this.database
      .prepare(`select ${COLUMNS} from effects where instance_id = ? order by seq, ordinal`)
      .all([instanceId])
      .map(effectRow);
  }

  loadOrdered({ instanceId, purpose, limit }: OrderedEffectsQuery): readonly EffectRow[] {
    return this.database
      .prepare(
        `select ${COLUMNS} from effects where instance_id = ? and purpose = ? and is_ordered = 1
         order by seq, ordinal limit ?`,
      )
      .all([instanceId, purpose, limit])
      .map(effectRow);
  }

  #insert(row: EffectRow): void {
    const isOrdered = row.isOrdered ? 1 : 0;
    this.database
      .prepare(`insert into effects (${COLUMNS}, is_waiting) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run([
        row.instanceId,
        row.seq,
        row.ordinal,
        row.partition,
        row.purpose,
        isOrdered,
        row.dueAtMs,
        row.attempts,
        row.isBegun ? 1 : 0,
        row.text,
        isOrdered,
      ]);
  }

  #release(instanceId: string, purpose: EffectPurpose): void {
    this.database
      .prepare(
        `update effects set is_waiting = 0
         where instance_id = ?1 and is_waiting = 1 and (seq, ordinal) = (
           select seq, ordinal from effects where instance_id = ?1 and purpose = ?2 and is_ordered = 1
           order by seq, ordinal limit 1)`,
      )
      .run([instanceId, purpose]);
  }
}

function purposeAt(row: Row): EffectPurpose {
  return textAt(row, "purpose") as EffectPurpose;
}

function effectRow(row: Row): EffectRow {
  return {
    instanceId: textAt(row, "instance_id"),
    seq: integerAt(row, "seq"),
    ordinal: integerAt(row, "ordinal"),
    partition: integerAt(row, "partition"),
    purpose: purposeAt(row),
    isOrdered: booleanAt(row, "is_ordered"),
    dueAtMs: integerAt(row, "due_at_ms"),
    attempts: integerAt(row, "attempts"),
    isBegun: booleanAt(row, "is_begun"),
    text: textAt(row, "text"),
  };
}
