import type { AnswerRow } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt, textAt } from "../driver/column.js";
import type { Row } from "../driver/driver.js";

const COLUMNS = "instance_id, key, fingerprint, seq, text, expires_at_ms";

/** Answers by idempotency key. One that has expired still stands until it is pruned. */
export class AnswerTable {
  constructor(private readonly database: Database) {}

  insert(row: AnswerRow): void {
    this.database
      .prepare(`insert into answers (${COLUMNS}) values (?, ?, ?, ?, ?, ?)`)
      .run([row.instanceId, row.key, row.fingerprint, row.seq, row.text, row.expiresAtMs]);
  }

  load(instanceId: string, key: string): AnswerRow | undefined {
    const row = this.database
      .prepare(`select ${COLUMNS} from answers where instance_id = ? and key = ?`)
      .get([instanceId, key]);
    return row === undefined ? undefined : answerRow(row);
  }

  /** Those under a key of the engine's own, which have an index. */
  find(key: string): readonly AnswerRow[] {
    return this.database
      .prepare(
        `select ${COLUMNS} from answers where key = ? and instr(key, char(10)) > 0 order by instance_id`,
      )
      .all([key])
      .map(answerRow);
  }

  /** The ones that expired first go first. */
  prune(beforeMs: number, limit: number): number {
    return this.database
      .prepare(
        `delete from answers where (instance_id, key) in (
           select instance_id, key from answers where expires_at_ms < ? order by expires_at_ms, instance_id, key limit ?)`,
      )
      .run([beforeMs, limit]);
  }
}

function answerRow(row: Row): AnswerRow {
  return {
    instanceId: textAt(row, "instance_id"),
    key: textAt(row, "key"),
    fingerprint: textAt(row, "fingerprint"),
    seq: integerAt(row, "seq"),
    text: textAt(row, "text"),
    expiresAtMs: integerAt(row, "expires_at_ms"),
  };
}
