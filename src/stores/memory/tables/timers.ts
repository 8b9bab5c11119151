import type { DueQuery, TimerRow } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

export class TimerTable {
  readonly #rows: KeyedRows<TimerRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  set(row: TimerRow): void {
    this.#rows.set(row.instanceId, row.timerId, row);
  }

  /** Does nothing when there is no such timer. */
  clear(instanceId: string, timerId: string): void {
    this.#rows.delete(instanceId, timerId);
  }

  due(query: DueQuery): readonly TimerRow[] {
    return this.#rows
      .all()
      .filter((row) => row.dueAtMs <= query.dueBeforeMs)
      .toSorted(by((row) => [row.dueAtMs, row.instanceId, row.timerId]))
      .slice(0, query.limit);
  }

  nextAt(): number | undefined {
    return this.#rows.all().toSorted(by((row) => [row.dueAtMs]))[0]?.dueAtMs;
  }

  load(instanceId: string): readonly TimerRow[] {
    return this.#rows.of(instanceId).toSorted(by((row) => [row.timerId]));
  }
}
