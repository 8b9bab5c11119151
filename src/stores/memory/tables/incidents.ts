import type { IncidentQuery, IncidentRow } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

export class IncidentTable {
  readonly #rows: KeyedRows<IncidentRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  /** Opens it, or replaces it whole. */
  save(row: IncidentRow): void {
    this.#rows.set(row.instanceId, row.incidentId, row);
  }

  list(query: IncidentQuery): readonly IncidentRow[] {
    const rows = query.instanceId === undefined ? this.#rows.all() : this.#rows.of(query.instanceId);
    return rows
      .filter((row) => query.isOpen === undefined || row.isOpen === query.isOpen)
      .toSorted(by((row) => [row.openedAt, row.instanceId, row.incidentId]))
      .slice(0, query.limit);
  }
}
