import type { SignalWaiterQuery } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { textAt } from "../driver/column.js";

/** Which signals an instance waits for. */
export class SignalTable {
  constructor(private readonly database: Database) {}

  /** The whole set of one instance. */
  replace(instanceId: string, signals: readonly string[]): void {
    this.database.prepare("delete from signals where instance_id = ?").run([instanceId]);
    for (const signal of signals) {
      this.database
        .prepare("insert into signals (instance_id, signal) values (?, ?)")
        .run([instanceId, signal]);
    }
  }

  waiters({ signal, afterInstanceId, limit }: SignalWaiterQuery): readonly string[] {
    // No id is empty, so the first page is after the empty one.
    return this.database
      .prepare(
        "select instance_id from signals where signal = ? and instance_id > ? order by instance_id limit ?",
      )
      .all([signal, afterInstanceId ?? "", limit])
      .map((row) => textAt(row, "instance_id"));
  }
}
