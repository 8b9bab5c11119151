import type { KeyRow } from "../../../ports/store.js";
import { by } from "../row-order.js";

export class KeyTable {
  readonly #rows = new Map<string, KeyRow>();

  save(row: KeyRow): void {
    this.#rows.set(row.keyId, Object.freeze({ ...row, hash: this.#rows.get(row.keyId)?.hash ?? row.hash }));
  }

  load(keyId: string): KeyRow | undefined {
    return this.#rows.get(keyId);
  }

  list(): readonly KeyRow[] {
    return [...this.#rows.values()].toSorted(by((row) => [row.keyId]));
  }
}
