/** What is kept by name; the first that is said stays. */
import type { Database } from "../database.js";
import { textAt } from "../driver/column.js";

export class SettingTable {
  constructor(private readonly database: Database) {}

  keep(name: string, text: string): string {
    this.database
      .prepare("insert into settings (name, text) values (?, ?) on conflict do nothing")
      .run([name, text]);
    const row = this.database.prepare("select text from settings where name = ?").get([name]);
    if (row === undefined) throw new Error(`Broken invariant: the setting "${name}" is gone.`);
    return textAt(row, "text");
  }
}
