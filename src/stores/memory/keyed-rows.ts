/**
 * The rows of one table, by instance id and then by a key within the instance.
 *
 * Invariants:
 * 1. A row is copied and frozen when it comes in, so that nobody changes it from outside; its values are all plain.
 * 2. A text that a database could not give back whole is refused here as there.
 */
import type { Journal } from "./journal.js";

export type RowKey = string | number;

export class KeyedRows<Row extends object> {
  readonly #groups = new Map<string, Map<RowKey, Row>>();

  constructor(private readonly journal: Journal) {}

  get(group: string, key: RowKey): Row | undefined {
    return this.#groups.get(group)?.get(key);
  }

  /** Throws when there is such a row already, as a primary key does. */
  insert(group: string, key: RowKey, row: Row): void {
    if (this.get(group, key) !== undefined) {
      throw new Error(`Broken invariant: a row to be written is there already (${group}, ${key}).`);
    }
    this.set(group, key, row);
  }

  set(group: string, key: RowKey, row: Row): void {
    for (const value of Object.values(row)) {
      if (typeof value === "string" && value.includes("\0")) {
        throw new Error(
          "Broken invariant: a text with a NUL character reached the store; it could not be read back.",
        );
      }
    }
    this.#change(group, key, Object.freeze({ ...row }));
  }

  delete(group: string, key: RowKey): void {
    if (this.get(group, key) !== undefined) this.#change(group, key, undefined);
  }

  of(group: string): readonly Row[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  all(): readonly Row[] {
    return [...this.#groups.values()].flatMap((rows) => [...rows.values()]);
  }

  #change(group: string, key: RowKey, row: Row | undefined): void {
    const before = this.get(group, key);
    this.journal.note(() => this.#put(group, key, before));
    this.#put(group, key, row);
  }

  #put(group: string, key: RowKey, row: Row | undefined): void {
    const rows = this.#groups.get(group) ?? new Map<RowKey, Row>();
    if (row === undefined) rows.delete(key);
    else rows.set(key, row);
    if (rows.size === 0) this.#groups.delete(group);
    else this.#groups.set(group, rows);
  }
}
