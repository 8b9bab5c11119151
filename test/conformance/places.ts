/** Where a store of each kind keeps its rows in a test: several store objects can be opened on it, one after the other. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lease, Store } from "../../src/ports/store.js";
import { memory, memoryTables } from "../../src/stores/memory/memory-store.js";
import { libsqlDriver } from "../../src/stores/sqlite/driver/libsql-driver.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";

export interface Place {
  /** A store object that is not open yet. */
  store(): Store;
  /** Closes every store object and removes what is left. */
  remove(): Promise<void>;
}

export interface StoreKind {
  readonly name: string;
  readonly keepsRows: "in the process" | "in a file";
  make(): Place;
}

export const STORE_KINDS: readonly StoreKind[] = [
  { name: "memory", keepsRows: "in the process", make: memoryPlace },
  { name: "sqlite with libsql", keepsRows: "in a file", make: () => sqlitePlace() },
];

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "statewright-store-"));
}

export async function openedWithLease(
  place: Place,
  workerId = "worker",
): Promise<{ readonly store: Store; readonly lease: Lease }> {
  const store = place.store();
  await store.open();
  return { store, lease: await store.acquireLease({ workerId, nowMs: 0 }) };
}

function memoryPlace(): Place {
  const tables = memoryTables();
  return placeOf(() => memory(tables));
}

function sqlitePlace(): Place {
  const directory = temporaryDirectory();
  const path = join(directory, "state.db");
  return placeOf(
    () => sqlite(path, { driver: libsqlDriver }),
    () => rmSync(directory, { recursive: true }),
  );
}

function placeOf(make: () => Store, clear: () => void = () => {}): Place {
  const stores: Store[] = [];
  return {
    store: () => {
      const store = make();
      stores.push(store);
      return store;
    },
    remove: async () => {
      for (const store of stores) await store.close();
      clear();
    },
  };
}
