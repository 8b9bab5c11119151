import type { HistoryRow } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

/** Closed visits: written once, never changed. */
export class HistoryTable {
  readonly #rows: KeyedRows<HistoryRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  insert(row: HistoryRow): void {
    this.#rows.insert(row.instanceId, row.ordinal, row);
  }

  load(instanceId: string, afterOrdinal: number, limit: number): readonly HistoryRow[] {
    return this.#rows
      .of(instanceId)
      .filter((row) => row.ordinal > afterOrdinal)
      .toSorted(by((row) => [row.ordinal]))
      .slice(0, limit);
  }
}
