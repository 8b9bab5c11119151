import type { AuditRow, JournalRow } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt, textAt } from "../driver/column.js";
import type { Row } from "../driver/driver.js";

const COLUMNS = "instance_id, seq, at, type, previous_hash, hash, entry, disclosed";

/** The audit trail: one entry a commit, written once. */
export class AuditTable {
  constructor(private readonly database: Database) {}

  insert(row: AuditRow): void {
    this.database
      .prepare(`insert into audit (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)`)
      .run([row.instanceId, row.seq, row.at, row.type, row.previousHash, row.hash, row.entry, row.disclosed]);
  }

  load(instanceId: string, afterSeq: number, limit: number): readonly AuditRow[] {
    return this.database
      .prepare(`select ${COLUMNS} from audit where instance_id = ? and seq > ? order by seq limit ?`)
      .all([instanceId, afterSeq, limit])
      .map(auditRow);
  }

  /**
   * The row id is the position: entries are written once, one after the other, and none is ever taken out, so the ids rise
   * with the commits, and a copy of the database (`VACUUM INTO`) numbers them alike.
   */
  loadJournal(afterPosition: number, limit: number): readonly JournalRow[] {
    return this.database
      .prepare(`select rowid as position, ${COLUMNS} from audit where rowid > ? order by rowid limit ?`)
      .all([afterPosition, limit])
      .map((row) => ({ ...auditRow(row), position: integerAt(row, "position") }));
  }

  head(): number {
    const row = this.database.prepare("select coalesce(max(rowid), 0) as head from audit").get([]);
    return row === undefined ? 0 : integerAt(row, "head");
  }
}

function auditRow(row: Row): AuditRow {
  return {
    instanceId: textAt(row, "instance_id"),
    seq: integerAt(row, "seq"),
    at: textAt(row, "at"),
    type: textAt(row, "type"),
    previousHash: textAt(row, "previous_hash"),
    hash: textAt(row, "hash"),
    entry: textAt(row, "entry"),
    disclosed: textAt(row, "disclosed"),
  };
}
