import type { HistoryRow } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt, textAt } from "../driver/column.js";

/** Closed visits: written once, never changed. */
export class HistoryTable {
  constructor(private readonly database: Database) {}

  insert(row: HistoryRow): void {
    this.database
      .prepare("insert into history (instance_id, ordinal, text) values (?, ?, ?)")
      .run([row.instanceId, row.ordinal, row.text]);
  }

  load(instanceId: string, afterOrdinal: number, limit: number): readonly HistoryRow[] {
    return this.database
      .prepare(
        "select instance_id, ordinal, text from history where instance_id = ? and ordinal > ? order by ordinal limit ?",
      )
      .all([instanceId, afterOrdinal, limit])
      .map((row) => ({
        instanceId: textAt(row, "instance_id"),
        ordinal: integerAt(row, "ordinal"),
        text: textAt(row, "text"),
      }));
  }
}
