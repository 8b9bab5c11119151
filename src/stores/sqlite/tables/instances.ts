/**
 * The newest snapshot of each instance.
 *
 * An update names an indexed column only when its value changes, because SQLite rewrites the index of every column that
 * an update names.
 */
import type { InstanceQuery, InstanceRow, InstanceStatus } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt, textAt } from "../driver/column.js";
import type { Row, Value } from "../driver/driver.js";

const COLUMNS =
  "instance_id, partition, state_machine_id, version, seq, status, current_state, started_at, updated_at, parent_id, snapshot";

/** What a guard has to know of the stored row. */
export interface InstanceHead {
  readonly seq: number;
  readonly status: string;
  readonly currentState: string;
}

export class InstanceTable {
  constructor(private readonly database: Database) {}

  head(instanceId: string): InstanceHead | undefined {
    const row = this.database
      .prepare("select seq, status, current_state from instances where instance_id = ?")
      .get([instanceId]);
    if (row === undefined) return undefined;
    return {
      seq: integerAt(row, "seq"),
      status: textAt(row, "status"),
      currentState: textAt(row, "current_state"),
    };
  }

  insert(row: InstanceRow): void {
    this.database
      .prepare(`insert into instances (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run([
        row.instanceId,
        row.partition,
        row.stateMachineId,
        row.version,
        row.seq,
        row.status,
        row.currentState,
        row.startedAt,
        row.updatedAt,
        row.parentId ?? null,
        row.snapshot,
      ]);
  }

  /** `stored` is what the guard read in the same transaction. The parent stays: it is given at the start. */
  update(row: InstanceRow, stored: InstanceHead): void {
    const columns = ["version = ?", "seq = ?", "updated_at = ?", "snapshot = ?"];
    const values: Value[] = [row.version, row.seq, row.updatedAt, row.snapshot];
    if (row.status !== stored.status) {
      columns.push("status = ?");
      values.push(row.status);
    }
    if (row.currentState !== stored.currentState) {
      columns.push("current_state = ?");
      values.push(row.currentState);
    }
    const changed = this.database
      .prepare(`update instances set ${columns.join(", ")} where instance_id = ? and seq = ?`)
      .run([...values, row.instanceId, stored.seq]);
    if (changed !== 1) {
      throw new Error(
        `Broken invariant: the update of instance ${row.instanceId} to seq ${row.seq} changed ${changed} rows.`,
      );
    }
  }

  load(instanceId: string): InstanceRow | undefined {
    const row = this.database
      .prepare(`select ${COLUMNS} from instances where instance_id = ?`)
      .get([instanceId]);
    return row === undefined ? undefined : instanceRow(row);
  }

  list(query: InstanceQuery): readonly InstanceRow[] {
    const conditions: string[] = [];
    const values: Value[] = [];
    const narrow = (condition: string, value: string | undefined) => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    narrow("state_machine_id = ?", query.stateMachineId);
    narrow("status = ?", query.status);
    narrow("current_state = ?", query.currentState);
    narrow("parent_id = ?", query.parentId);
    narrow("instance_id > ?", query.afterInstanceId);
    const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
    return this.database
      .prepare(`select ${COLUMNS} from instances ${where} order by instance_id limit ?`)
      .all([...values, query.limit])
      .map(instanceRow);
  }
}

function instanceRow(row: Row): InstanceRow {
  const parentId = row.parent_id;
  return {
    instanceId: textAt(row, "instance_id"),
    partition: integerAt(row, "partition"),
    stateMachineId: textAt(row, "state_machine_id"),
    version: integerAt(row, "version"),
    seq: integerAt(row, "seq"),
    status: textAt(row, "status") as InstanceStatus,
    currentState: textAt(row, "current_state"),
    startedAt: textAt(row, "started_at"),
    updatedAt: textAt(row, "updated_at"),
    ...(typeof parentId === "string" ? { parentId } : {}),
    snapshot: textAt(row, "snapshot"),
  };
}
