import type { SignalWaiterQuery } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { compareTexts } from "../row-order.js";

interface SignalRow {
  readonly instanceId: string;
  readonly signal: string;
}

/** Which signals an instance waits for. */
export class SignalTable {
  readonly #rows: KeyedRows<SignalRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  /** The whole set of one instance. */
  replace(instanceId: string, signals: readonly string[]): void {
    for (const row of this.#rows.of(instanceId)) this.#rows.delete(instanceId, row.signal);
    for (const signal of signals) this.#rows.insert(instanceId, signal, { instanceId, signal });
  }

  waiters({ signal, afterInstanceId, limit }: SignalWaiterQuery): readonly string[] {
    return this.#rows
      .all()
      .filter((row) => row.signal === signal)
      .map((row) => row.instanceId)
      .filter((instanceId) => afterInstanceId === undefined || compareTexts(instanceId, afterInstanceId) > 0)
      .toSorted(compareTexts)
      .slice(0, limit);
  }
}
