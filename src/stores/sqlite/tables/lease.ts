/** The newest lease: one row, because the owner of the file holds all partitions under one epoch. */
import { type Lease, PARTITION_COUNT } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt } from "../driver/column.js";

export class LeaseTable {
  constructor(private readonly database: Database) {}

  epoch(): number {
    const row = this.database.prepare("select epoch from lease where id = 1").get([]);
    if (row === undefined) throw new Error("Broken invariant: the row of the table lease is gone.");
    return integerAt(row, "epoch");
  }

  /** Outdates every lease before it. To be called in a transaction. */
  next(workerId: string): Lease {
    this.database.prepare("update lease set epoch = epoch + 1, worker_id = ? where id = 1").run([workerId]);
    const epoch = this.epoch();
    const epochs = new Map<number, number>();
    for (let partition = 0; partition < PARTITION_COUNT; partition += 1) epochs.set(partition, epoch);
    return { workerId, epochs, expiresAtMs: Number.POSITIVE_INFINITY };
  }
}
