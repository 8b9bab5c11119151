/**
 * Says what a database file is, and brings its tables up to date.
 *
 * Invariants:
 * 1. A file that is another program's is never written to.
 * 2. Each migration is one exclusive transaction, together with the number that says it was done.
 * 3. Only the owner migrates: the tables never change under a running engine.
 */
import { StatewrightError } from "../../core/errors.js";
import type { Database } from "./database.js";
import { integerAt } from "./driver/column.js";
import type { Driver } from "./driver/driver.js";
import { MIGRATIONS } from "./migrations/migration-list.js";
import { OwnerLock } from "./owner-lock.js";
import { unavailable } from "./store-failure.js";

/** Marks a SQLite file as a store of this project: "Stwr" in ASCII. */
const APPLICATION_ID = 0x53747772;

const MIGRATION_WAIT_MS = 5000;

/** How many migrations the database has had. Throws when it is not ours (`STORE_UNAVAILABLE`) or is too new (`STORE_NEWER`). */
export function storedVersion(database: Database): number {
  const version = Number(database.pragma("user_version"));
  const applicationId = Number(database.pragma("application_id"));
  const tables = database.prepare("select count(*) as tables from sqlite_schema").get([]);
  const isFresh =
    version === 0 && applicationId === 0 && tables !== undefined && integerAt(tables, "tables") === 0;
  if (!isFresh && applicationId !== APPLICATION_ID) {
    throw unavailable(
      database.path,
      "is a SQLite database of another program",
      "Name another file: this one is left as it is.",
    );
  }
  if (version > MIGRATIONS.length) {
    throw new StatewrightError(
      "STORE_NEWER",
      `The database ${database.path} has schema ${version}; this program knows schemas up to ${MIGRATIONS.length}.`,
      { hint: "Use the newer version of Statewright that wrote it; there is no way back." },
    );
  }
  return version;
}

export function isUpToDate(database: Database): boolean {
  return storedVersion(database) === MIGRATIONS.length;
}

export function migrate(database: Database, driver: Driver): void {
  if (isUpToDate(database)) return;
  const lock = lockUnlessDone(database, driver);
  if (lock === undefined) return;
  try {
    for (let version = storedVersion(database); version < MIGRATIONS.length; version += 1) {
      const migration = MIGRATIONS[version];
      if (migration !== undefined) runMigration(database, migration, version + 1);
    }
  } finally {
    lock.release();
  }
}

function runMigration(database: Database, migration: string, version: number): void {
  database.transaction("exclusive", () => {
    database.exec(migration);
    database.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${version};`);
  });
}

/** `undefined` when the process that holds the lock has done the work meanwhile. */
function lockUnlessDone(database: Database, driver: Driver): OwnerLock | undefined {
  try {
    return OwnerLock.take(driver, database.path, MIGRATION_WAIT_MS);
  } catch (error) {
    if (error instanceof StatewrightError && error.code === "STORE_LOCKED" && isUpToDate(database))
      return undefined;
    throw error;
  }
}
