import type { AuditRow } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt, textAt } from "../driver/column.js";

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
      .map((row) => ({
        instanceId: textAt(row, "instance_id"),
        seq: integerAt(row, "seq"),
        at: textAt(row, "at"),
        type: textAt(row, "type"),
        previousHash: textAt(row, "previous_hash"),
        hash: textAt(row, "hash"),
        entry: textAt(row, "entry"),
        disclosed: textAt(row, "disclosed"),
      }));
  }
}
