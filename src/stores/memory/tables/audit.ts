import type { AuditRow, JournalRow } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

/** The audit trail: one entry a commit, written once. */
export class AuditTable {
  readonly #rows: KeyedRows<AuditRow>;
  /** In the order of their commits: the position of an entry is its place here, from 1. */
  readonly #inOrder: JournalRow[] = [];

  constructor(private readonly journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  insert(row: AuditRow): void {
    this.#rows.insert(row.instanceId, row.seq, row);
    this.#inOrder.push({ ...row, position: this.#inOrder.length + 1 });
    this.journal.note(() => this.#inOrder.pop());
  }

  load(instanceId: string, afterSeq: number, limit: number): readonly AuditRow[] {
    return this.#rows
      .of(instanceId)
      .filter((row) => row.seq > afterSeq)
      .toSorted(by((row) => [row.seq]))
      .slice(0, limit);
  }

  loadJournal(afterPosition: number, limit: number): readonly JournalRow[] {
    return this.#inOrder.slice(afterPosition, afterPosition + limit);
  }

  head(): number {
    return this.#inOrder.length;
  }
}
