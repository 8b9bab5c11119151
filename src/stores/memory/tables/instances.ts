import type { InstanceQuery, InstanceRow } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by, compareTexts } from "../row-order.js";

/** The newest snapshot of each instance. */
export class InstanceTable {
  readonly #rows: KeyedRows<InstanceRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  save(row: InstanceRow): void {
    this.#rows.set(row.instanceId, "", row);
  }

  load(instanceId: string): InstanceRow | undefined {
    return this.#rows.get(instanceId, "");
  }

  list(query: InstanceQuery): readonly InstanceRow[] {
    return this.#rows
      .all()
      .filter((row) => query.stateMachineId === undefined || row.stateMachineId === query.stateMachineId)
      .filter((row) => query.status === undefined || row.status === query.status)
      .filter((row) => query.currentState === undefined || row.currentState === query.currentState)
      .filter((row) => query.parentId === undefined || row.parentId === query.parentId)
      .filter(
        (row) =>
          query.afterInstanceId === undefined || compareTexts(row.instanceId, query.afterInstanceId) > 0,
      )
      .toSorted(by((row) => [row.instanceId]))
      .slice(0, query.limit);
  }
}
