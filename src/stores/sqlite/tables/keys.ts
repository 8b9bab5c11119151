import type { KeyRow } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { textAt } from "../driver/column.js";
import type { Row } from "../driver/driver.js";

export class KeyTable {
  constructor(private readonly database: Database) {}

  save({ keyId, hash, text }: KeyRow): void {
    this.database
      .prepare(
        "insert into keys (key_id, hash, text) values (?, ?, ?) on conflict do update set text = excluded.text",
      )
      .run([keyId, hash, text]);
  }

  load(keyId: string): KeyRow | undefined {
    const row = this.database.prepare("select key_id, hash, text from keys where key_id = ?").get([keyId]);
    return row === undefined ? undefined : keyRow(row);
  }

  list(): readonly KeyRow[] {
    return this.database.prepare("select key_id, hash, text from keys order by key_id").all([]).map(keyRow);
  }
}

function keyRow(row: Row): KeyRow {
  return { keyId: textAt(row, "key_id"), hash: textAt(row, "hash"), text: textAt(row, "text") };
}
