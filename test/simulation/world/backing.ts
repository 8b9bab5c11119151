/** What is durable in a run: it outlives every process, and knows which of them has the lease. */
import type { Store } from "../../../src/ports/store.js";
import type { memoryTables } from "../../../src/stores/memory/memory-store.js";
import type { Tables } from "./tables.js";

export type StoreKind = "memory" | "sqlite";
export type MemoryTables = ReturnType<typeof memoryTables>;

export interface Backing {
  readonly tables: Tables;
  /** The memory store's own, where it is that; what is torn on purpose is torn there. */
  readonly memoryTables: MemoryTables | undefined;
  /** A store for one process, not opened. */
  newStore(): BackedStore;
  /** Lets go of everything. */
  close(): void;
}

export interface BackedStore {
  readonly store: Store;
  /** Its lease is anybody's; it may go on and does not know. */
  loseLease(): void;
  /** Its process is dead: nothing that it held is held any more. */
  abandon(): void;
}
