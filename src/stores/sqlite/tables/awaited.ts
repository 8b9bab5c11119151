import type { AwaitedRow, WaiterQuery } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { textAt } from "../driver/column.js";

/** What from outside an instance waits for. */
export class AwaitedTable {
  constructor(private readonly database: Database) {}

  /** The whole set of one instance. */
  replace(instanceId: string, awaits: readonly AwaitedRow[]): void {
    this.database.prepare("delete from awaited where instance_id = ?").run([instanceId]);
    for (const { kind, name, value } of awaits) {
      this.database
        .prepare("insert into awaited (instance_id, kind, name, value) values (?, ?, ?, ?)")
        .run([instanceId, kind, name, value]);
    }
  }

  waiters({ kind, name, value, afterInstanceId, limit }: WaiterQuery): readonly string[] {
    // No id is empty, so the first page is after the empty one.
    return this.database
      .prepare(
        `select instance_id from awaited where kind = ? and name = ? and value = ? and instance_id > ?
         order by instance_id limit ?`,
      )
      .all([kind, name, value, afterInstanceId ?? "", limit])
      .map((row) => textAt(row, "instance_id"));
  }
}
