import type { AnswerRow } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

/** Answers by idempotency key. One that has expired still stands until it is pruned. */
export class AnswerTable {
  readonly #rows: KeyedRows<AnswerRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  insert(row: AnswerRow): void {
    this.#rows.insert(row.instanceId, row.key, row);
  }

  load(instanceId: string, key: string): AnswerRow | undefined {
    return this.#rows.get(instanceId, key);
  }

  /** Those under a key of the engine's own. */
  find(key: string): readonly AnswerRow[] {
    if (!key.includes("\n")) return [];
    return this.#rows
      .all()
      .filter((row) => row.key === key)
      .toSorted(by((row) => [row.instanceId]));
  }

  /** The ones that expired first go first. */
  prune(beforeMs: number, limit: number): number {
    const expired = this.#rows
      .all()
      .filter((row) => row.expiresAtMs < beforeMs)
      .toSorted(by((row) => [row.expiresAtMs, row.instanceId, row.key]))
      .slice(0, limit);
    for (const row of expired) this.#rows.delete(row.instanceId, row.key);
    return expired.length;
  }
}
