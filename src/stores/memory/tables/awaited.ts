import type { AwaitedRow, WaiterQuery } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { compareTexts } from "../row-order.js";

interface InstanceAwaitedRow extends AwaitedRow {
  readonly instanceId: string;
}

/** What from outside an instance waits for. */
export class AwaitedTable {
  readonly #rows: KeyedRows<InstanceAwaitedRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  /** The whole set of one instance. */
  replace(instanceId: string, awaits: readonly AwaitedRow[]): void {
    for (const row of this.#rows.of(instanceId)) this.#rows.delete(instanceId, keyOf(row));
    for (const row of awaits) this.#rows.insert(instanceId, keyOf(row), { instanceId, ...row });
  }

  waiters({ kind, name, value, afterInstanceId, limit }: WaiterQuery): readonly string[] {
    return this.#rows
      .all()
      .filter((row) => row.kind === kind && row.name === name && row.value === value)
      .map((row) => row.instanceId)
      .filter((instanceId) => afterInstanceId === undefined || compareTexts(instanceId, afterInstanceId) > 0)
      .toSorted(compareTexts)
      .slice(0, limit);
  }
}

function keyOf({ kind, name, value }: AwaitedRow): string {
  return JSON.stringify([kind, name, value]);
}
