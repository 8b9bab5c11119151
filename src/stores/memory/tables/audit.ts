import type { AuditRow } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

/** The audit trail: one entry a commit, written once. */
export class AuditTable {
  readonly #rows: KeyedRows<AuditRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  insert(row: AuditRow): void {
    this.#rows.insert(row.instanceId, row.seq, row);
  }

  load(instanceId: string, afterSeq: number, limit: number): readonly AuditRow[] {
    return this.#rows
      .of(instanceId)
      .filter((row) => row.seq > afterSeq)
      .toSorted(by((row) => [row.seq]))
      .slice(0, limit);
  }
}
