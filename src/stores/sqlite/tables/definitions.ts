import type { DefinitionRow, PublishedVersion } from "../../../ports/store.js";
import type { Database } from "../database.js";
import { integerAt, textAt } from "../driver/column.js";
import type { Row } from "../driver/driver.js";

const COLUMNS = "state_machine_id, version, hash, text, published_at, author, note";

export class DefinitionTable {
  constructor(private readonly database: Database) {}

  save(row: DefinitionRow): "saved" | "same" | "different" {
    const saved = this.database
      .prepare(`insert into definitions (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`)
      .run([row.stateMachineId, row.version, row.hash, row.text, row.publishedAt, row.author, row.note]);
    if (saved === 1) return "saved";
    const stored = this.load(row.stateMachineId, row.version);
    return stored?.hash === row.hash && stored.text === row.text ? "same" : "different";
  }

  load(stateMachineId: string, version: number | undefined): DefinitionRow | undefined {
    const row =
      version === undefined
        ? this.database
            .prepare(
              `select ${COLUMNS} from definitions where state_machine_id = ? order by version desc limit 1`,
            )
            .get([stateMachineId])
        : this.database
            .prepare(`select ${COLUMNS} from definitions where state_machine_id = ? and version = ?`)
            .get([stateMachineId, version]);
    return row === undefined ? undefined : definitionRow(row);
  }

  list(): readonly DefinitionRow[] {
    return this.database
      .prepare(`select ${COLUMNS} from definitions order by state_machine_id, version`)
      .all([])
      .map(definitionRow);
  }

  versions(): readonly PublishedVersion[] {
    return this.database
      .prepare("select state_machine_id, version from definitions order by state_machine_id, version")
      .all([])
      .map(publishedVersion);
  }

  newest(): readonly PublishedVersion[] {
    return this.database
      .prepare(
        "select state_machine_id, max(version) as version from definitions group by state_machine_id order by state_machine_id",
      )
      .all([])
      .map(publishedVersion);
  }
}

function publishedVersion(row: Row): PublishedVersion {
  return { stateMachineId: textAt(row, "state_machine_id"), version: integerAt(row, "version") };
}

function definitionRow(row: Row): DefinitionRow {
  return {
    stateMachineId: textAt(row, "state_machine_id"),
    version: integerAt(row, "version"),
    hash: textAt(row, "hash"),
    text: textAt(row, "text"),
    publishedAt: textAt(row, "published_at"),
    author: textAt(row, "author"),
    note: textAt(row, "note"),
  };
}
