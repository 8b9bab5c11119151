/**
 * Opens the database file with the settings that the promises rest on, and refuses it when they do not hold.
 *
 * Modes: for the owner (directory and file are made, the schema is brought up to date) and for a reader (the file must be
 * there and up to date; nothing is written).
 */
import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Database } from "./database.js";
import type { Driver } from "./driver/driver.js";
import { isUpToDate, migrate, storedVersion } from "./migrate.js";
import { storeFailure, unavailable } from "./store-failure.js";

const BUSY_TIMEOUT_MS = 5000;
const SYNCHRONOUS_FULL = 2;

/** Pages in the log before they are moved to the database: more, and each hot page is moved once for many commits. */
const CHECKPOINT_PAGES = 4000;
const LOG_SIZE_LIMIT_BYTES = 64 * 1024 * 1024;
const CACHE_KIBIBYTES = 32 * 1024;

/** Throws `STORE_UNAVAILABLE`, `STORE_NEWER`, or `STORE_LOCKED` when it must be migrated and another process owns it. */
export function openDatabase(path: string, driver: Driver, mode: "owner" | "reader"): Database {
  const absolutePath = resolve(path);
  let database: Database | undefined;
  try {
    if (mode === "reader") refuseAbsent(absolutePath);
    else mkdirSync(dirname(absolutePath), { recursive: true });
    refuseDirectory(absolutePath);
    const connection = driver.open(absolutePath, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    database = new Database(existsSync(absolutePath) ? realpathSync(absolutePath) : absolutePath, connection);
    if (mode === "reader") prepareReader(database);
    else prepareOwner(database, driver);
    return database;
  } catch (error) {
    database?.close();
    throw storeFailure(error, absolutePath);
  }
}

function prepareReader(database: Database): void {
  database.exec("pragma query_only = 1");
  if (isUpToDate(database)) return;
  throw unavailable(
    database.path,
    "has an old schema, and a reader changes nothing",
    "Start the engine on it once; that brings it up to date.",
  );
}

function prepareOwner(database: Database, driver: Driver): void {
  // Looked at before anything is set: the journal mode is written into the file.
  storedVersion(database);
  const journal = database.pragma("journal_mode = wal");
  database.exec(`
    pragma synchronous = full;
    pragma fullfsync = 1;
    pragma checkpoint_fullfsync = 1;
    pragma foreign_keys = 0;
    pragma cache_size = -${CACHE_KIBIBYTES};
  `);
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.pragma(`journal_size_limit = ${LOG_SIZE_LIMIT_BYTES}`);
  const synchronous = Number(database.pragma("synchronous"));
  if (journal !== "wal" || synchronous !== SYNCHRONOUS_FULL) {
    throw unavailable(
      database.path,
      `cannot be written durably: journal mode is ${String(journal)} and synchronous is ${synchronous}, but must be wal and 2`,
      "Put it on a local disk: network file systems have no shared memory for the log.",
    );
  }
  migrate(database, driver);
}

function refuseAbsent(path: string): void {
  if (existsSync(path)) return;
  throw unavailable(path, "is not there", "Check the path; the engine makes the file when it first starts.");
}

function refuseDirectory(path: string): void {
  if (!existsSync(path) || !statSync(path).isDirectory()) return;
  throw unavailable(path, "is a directory", "Name a file in it, such as state.db.");
}
