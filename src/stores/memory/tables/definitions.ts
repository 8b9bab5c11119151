import type { DefinitionRow, PublishedVersion } from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

export class DefinitionTable {
  readonly #rows: KeyedRows<DefinitionRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  save(row: DefinitionRow): "saved" | "same" | "different" {
    const stored = this.#rows.get(row.stateMachineId, row.version);
    if (stored !== undefined)
      return stored.hash === row.hash && stored.text === row.text ? "same" : "different";
    this.#rows.insert(row.stateMachineId, row.version, row);
    return "saved";
  }

  load(stateMachineId: string, version: number | undefined): DefinitionRow | undefined {
    if (version !== undefined) return this.#rows.get(stateMachineId, version);
    return this.#rows
      .of(stateMachineId)
      .toSorted(by((row) => [row.version]))
      .at(-1);
  }

  list(): readonly DefinitionRow[] {
    return this.#rows.all().toSorted(by((row) => [row.stateMachineId, row.version]));
  }

  versions(): readonly PublishedVersion[] {
    return this.list().map(({ stateMachineId, version }) => ({ stateMachineId, version }));
  }

  newest(): readonly PublishedVersion[] {
    const newest = new Map(this.list().map(({ stateMachineId, version }) => [stateMachineId, version]));
    return [...newest].map(([stateMachineId, version]) => ({ stateMachineId, version }));
  }
}
