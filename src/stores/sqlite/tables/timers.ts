import type { DueQuery, TimerRow } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt, textAt } from "../driver/column.js";
import type { Row } from "../driver/driver.js";

const COLUMNS = "instance_id, timer_id, partition, due_at_ms";

export class TimerTable {
  constructor(private readonly database: Database) {}

  set(row: TimerRow): void {
    this.database
      .prepare(
        `insert into timers (${COLUMNS}) values (?, ?, ?, ?)
         on conflict (instance_id, timer_id) do update set due_at_ms = excluded.due_at_ms`,
      )
      .run([row.instanceId, row.timerId, row.partition, row.dueAtMs]);
  }

  /** Does nothing when there is no such timer. */
  clear(instanceId: string, timerId: string): void {
    this.database
      .prepare("delete from timers where instance_id = ? and timer_id = ?")
      .run([instanceId, timerId]);
  }

  due(query: DueQuery): readonly TimerRow[] {
    return this.database
      .prepare(
        `select ${COLUMNS} from timers where due_at_ms <= ? order by due_at_ms, instance_id, timer_id limit ?`,
      )
      .all([query.dueBeforeMs, query.limit])
      .map(timerRow);
  }

  nextAt(): number | undefined {
    const row = this.database.prepare("select due_at_ms from timers order by due_at_ms limit 1").get([]);
    return row === undefined ? undefined : integerAt(row, "due_at_ms");
  }

  load(instanceId: string): readonly TimerRow[] {
    return this.database
      .prepare(`select ${COLUMNS} from timers where instance_id = ? order by timer_id`)
      .all([instanceId])
      .map(timerRow);
  }
}

function timerRow(row: Row): TimerRow {
  return {
    instanceId: textAt(row, "instance_id"),
    partition: integerAt(row, "partition"),
    timerId: textAt(row, "timer_id"),
    dueAtMs: integerAt(row, "due_at_ms"),
  };
}
