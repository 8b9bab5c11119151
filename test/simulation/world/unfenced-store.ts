import { type Lease, PARTITION_COUNT, type Store } from "../../../src/ports/store.js";
import type { Tables } from "./tables.js";

/**
 * A store that takes whoever writes for the owner. Leases save work; what makes it right is the guard on the seq, so an
 * engine must be as right on such a store, with two processes that both think they own it.
 */
export function unfencedStore(store: Store, tables: Tables): Store {
  const commit = store.commit.bind(store);
  store.commit = (lease, items) => commit(newestLease(lease, tables), items);
  return store;
}

function newestLease({ workerId, expiresAtMs }: Lease, tables: Tables): Lease {
  const epoch = tables.lease.epoch();
  const epochs = new Map(
    Array.from({ length: PARTITION_COUNT }, (_, partition) => [partition, epoch] as const),
  );
  return { workerId, epochs, expiresAtMs };
}
