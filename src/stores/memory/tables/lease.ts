/** The newest lease: one for all partitions, because a memory store has one owner. */
import { type Lease, PARTITION_COUNT } from "../../../ports/store.js";

export class LeaseTable {
  /** The store object that holds the tables now. */
  owner: object | undefined;
  #epoch = 0;

  epoch(): number {
    return this.#epoch;
  }

  /** Outdates every lease before it. */
  next(workerId: string): Lease {
    this.#epoch += 1;
    const epochs = new Map<number, number>();
    for (let partition = 0; partition < PARTITION_COUNT; partition += 1) epochs.set(partition, this.#epoch);
    return { workerId, epochs, expiresAtMs: Number.POSITIVE_INFINITY };
  }
}
