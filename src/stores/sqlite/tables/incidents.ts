import type { IncidentQuery, IncidentRow } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { booleanAt, textAt } from "../driver/column.js";
import type { Row, Value } from "../driver/driver.js";

const COLUMNS = "instance_id, incident_id, is_open, opened_at, code, text";

export class IncidentTable {
  constructor(private readonly database: Database) {}

  /** Opens it, or replaces it whole. */
  save(row: IncidentRow): void {
    this.database
      .prepare(`insert or replace into incidents (${COLUMNS}) values (?, ?, ?, ?, ?, ?)`)
      .run([row.instanceId, row.incidentId, row.isOpen ? 1 : 0, row.openedAt, row.code, row.text]);
  }

  list(query: IncidentQuery): readonly IncidentRow[] {
    const conditions: string[] = [];
    const values: Value[] = [];
    if (query.instanceId !== undefined) {
      conditions.push("instance_id = ?");
      values.push(query.instanceId);
    }
    // Written out, not bound: only so can the index of the open ones serve the query.
    if (query.isOpen !== undefined) conditions.push(query.isOpen ? "is_open = 1" : "is_open = 0");
    const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
    return this.database
      .prepare(
        `select ${COLUMNS} from incidents ${where} order by opened_at, instance_id, incident_id limit ?`,
      )
      .all([...values, query.limit])
      .map(incidentRow);
  }
}

function incidentRow(row: Row): IncidentRow {
  return {
    instanceId: textAt(row, "instance_id"),
    incidentId: textAt(row, "incident_id"),
    isOpen: booleanAt(row, "is_open"),
    openedAt: textAt(row, "opened_at"),
    code: textAt(row, "code"),
    text: textAt(row, "text"),
  };
}
