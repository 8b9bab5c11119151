import type {
  DueEffectsQuery,
  EffectId,
  EffectRow,
  NextEffectQuery,
  OrderedEffectsQuery,
} from "../../../ports/store.js";
import type { Journal } from "../journal.js";
import { KeyedRows } from "../keyed-rows.js";
import { by } from "../row-order.js";

/** The outbox. */
export class EffectTable {
  readonly #rows: KeyedRows<EffectRow>;

  constructor(journal: Journal) {
    this.#rows = new KeyedRows(journal);
  }

  add(rows: readonly EffectRow[]): void {
    for (const row of rows) this.#rows.insert(row.instanceId, place(row), row);
  }

  /** Does nothing when it is gone already. */
  end(id: EffectId): void {
    this.#rows.delete(id.instanceId, place(id));
  }

  /** Does nothing when it is gone already. */
  postpone(id: EffectId, dueAtMs: number, attempts: number): void {
    const row = this.#rows.get(id.instanceId, place(id));
    if (row !== undefined) this.#rows.set(id.instanceId, place(id), { ...row, dueAtMs, attempts });
  }

  /** True for the first who asks while it is there. */
  begin(id: EffectId): boolean {
    const row = this.#rows.get(id.instanceId, place(id));
    if (row === undefined || row.isBegun) return false;
    this.#rows.set(id.instanceId, place(id), { ...row, isBegun: true });
    return true;
  }

  due(query: DueEffectsQuery): readonly EffectRow[] {
    return this.#ready()
      .filter((row) => row.purpose === query.purpose && row.dueAtMs <= query.dueBeforeMs)
      .toSorted(by((row) => [row.dueAtMs, row.instanceId, row.seq, row.ordinal]))
      .slice(0, query.limit);
  }

  nextAt({ afterMs, purposes }: NextEffectQuery): number | undefined {
    const later = this.#ready().filter((row) => row.dueAtMs > afterMs && purposes.includes(row.purpose));
    return later.toSorted(by((row) => [row.dueAtMs]))[0]?.dueAtMs;
  }

  load(instanceId: string): readonly EffectRow[] {
    return this.#rows.of(instanceId).toSorted(by((row) => [row.seq, row.ordinal]));
  }

  loadOrdered({ instanceId, purpose, limit }: OrderedEffectsQuery): readonly EffectRow[] {
    return this.load(instanceId)
      .filter((row) => row.isOrdered && row.purpose === purpose)
      .slice(0, limit);
  }

  /** All but the ordered ones that have an earlier ordered one of their instance and purpose before them. */
  #ready(): readonly EffectRow[] {
    const firstOrdered = new Map<string, EffectRow>();
    const inOrder = by<EffectRow>((row) => [row.seq, row.ordinal]);
    const rows = this.#rows.all();
    for (const row of rows) {
      const first = firstOrdered.get(lineOf(row));
      if (row.isOrdered && (first === undefined || inOrder(row, first) < 0))
        firstOrdered.set(lineOf(row), row);
    }
    return rows.filter((row) => !row.isOrdered || firstOrdered.get(lineOf(row)) === row);
  }
}

function place(id: EffectId): string {
  return `${id.seq}.${id.ordinal}`;
}

/** Those of one line follow each other. */
function lineOf(row: EffectRow): string {
  return `${row.purpose} ${row.instanceId}`;
}
