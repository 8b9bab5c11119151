/**
 * What the bare driver can do: libsql, prepared statements, the durability settings of the engine's store, and nothing
 * else. The limit that durable transitions are measured against.
 *
 * Invariants:
 * 1. A database opened here syncs every commit (WAL, `synchronous=FULL`), like the store's.
 * 2. An item that holds more than the tables written here is refused: it would make the limit too high.
 */
import Database from "libsql";
import { loadBuilt } from "./built-engine.mjs";

const SETTINGS = ["journal_mode = wal", "synchronous = full", "fullfsync = 1", "checkpoint_fullfsync = 1"];
/** As the store has them, so that both move the log to the database equally seldom. */
const SIZES = [
  "foreign_keys = 0",
  "cache_size = -32768",
  "wal_autocheckpoint = 4000",
  "journal_size_limit = 67108864",
];

/**
 * @param {string} file
 * @returns {import("libsql").Database}
 */
export function openSynced(file) {
  const database = new Database(file);
  for (const setting of [...SETTINGS, ...SIZES]) database.pragma(setting);
  return database;
}

/**
 * Writes recorded batches into the store's own tables.
 *
 * @returns {Promise<number>} transitions a second
 */
export async function writeToSameTables(file, { startBatches, batches }) {
  const { MIGRATIONS } = await loadBuilt("stores/sqlite/migrations/migration-list.js");
  const database = openSynced(file);
  for (const migration of MIGRATIONS) database.exec(migration);
  const write = itemWriter(database);
  return timed(database, { startBatches, batches }, write);
}

/**
 * Appends the same bytes, row by row, to one table that has no key, no index and no second column.
 *
 * @returns {Promise<number>} transitions a second
 */
export async function appendToOneTable(file, { startBatches, batches }) {
  const database = openSynced(file);
  database.exec("create table log (text text not null)");
  const insert = database.prepare("insert into log (text) values (?)");
  const texts = new Map(batches.flat().map((item) => [item, rowsOf(item).map((row) => row.join(""))]));
  const write = (item) => {
    for (const text of texts.get(item) ?? []) insert.run(text);
  };
  return timed(database, { startBatches, batches }, write);
}

/** Rows written, and bytes in their columns: texts in UTF-8, eight for a number. */
export function bytesOf(batches) {
  const rows = batches.flat().flatMap(rowsOf);
  const bytes = rows
    .flat()
    .reduce((sum, value) => sum + (typeof value === "string" ? Buffer.byteLength(value) : 8), 0);
  return { rows: rows.length, bytes };
}

function timed(database, { startBatches, batches }, write) {
  try {
    writeBatches(database, startBatches, write);
    const startedAt = process.hrtime.bigint();
    writeBatches(database, batches, write);
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    return batches.reduce((sum, batch) => sum + batch.length, 0) / seconds;
  } finally {
    database.close();
  }
}

function writeBatches(database, batches, write) {
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  for (const batch of batches) {
    begin.run();
    for (const item of batch) write(item);
    commit.run();
  }
}

function itemWriter(database) {
  const insertInstance = database.prepare(
    "insert into instances (instance_id, partition, state_machine_id, version, seq, status, current_state, started_at, updated_at, snapshot) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const updateInstance = database.prepare(
    "update instances set version = ?, seq = ?, updated_at = ?, snapshot = ?, current_state = ? where instance_id = ?",
  );
  const insertAudit = database.prepare("insert into audit values (?, ?, ?, ?, ?, ?, ?, ?)");
  const insertHistory = database.prepare("insert into history values (?, ?, ?)");
  return (item) => {
    const [instance, audit, ...history] = rowsOf(item);
    const statement = item.expectedSeq === 0 ? insertInstance : updateInstance;
    statement.run(instance);
    insertAudit.run(audit);
    for (const row of history) insertHistory.run(row);
  };
}

/** The values that an item writes: its instance row, its audit row, its history rows. */
function rowsOf(item) {
  refuseMore(item);
  const { instance: i, audit: a, history } = item;
  const whole = [i.instanceId, i.partition, i.stateMachineId, i.version, i.seq];
  return [
    item.expectedSeq === 0
      ? [...whole, i.status, i.currentState, i.startedAt, i.updatedAt, i.snapshot]
      : [i.version, i.seq, i.updatedAt, i.snapshot, i.currentState, i.instanceId],
    [a.instanceId, a.seq, a.at, a.type, a.previousHash, a.hash, a.entry, a.disclosed],
    ...history.map((row) => [row.instanceId, row.ordinal, row.text]),
  ];
}

function refuseMore(item) {
  const others = ["effectsAdded", "effectsEnded", "timersSet", "timersCleared", "incidents"];
  const found = others.filter((name) => item[name].length > 0);
  for (const name of ["answer", "signals"]) if (item[name] !== undefined) found.push(name);
  if (found.length > 0)
    throw new Error(`A commit holds ${found.join(", ")}, which the bare driver would not write.`);
}
