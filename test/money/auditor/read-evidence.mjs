/**
 * Reads what the witnesses have left, by plain SQL and line by line; knows the tables, and nothing of who wrote them.
 *
 * Invariants:
 * 1. Nothing is written: databases are opened for reading alone.
 * 2. Money is read as whole numbers; a value of another type is kept as it is, so that it can be found.
 */
import { existsSync, readFileSync } from "node:fs";
import Database from "libsql";

/**
 * @typedef {{ id: string, kind: string, balance: unknown, available: unknown, currency: string }} Account
 * @typedef {{ id: bigint, transfer_id: string, account_id: string, currency: string, amount: unknown }} Posting
 * @typedef {{ id: string, source: string, destination: string, currency: string, amount: unknown, state: string }} BankTransfer
 * @typedef {{ transfer_id: string, state: string }} Move
 * @typedef {{ accounts: Account[], postings: Posting[], transfers: BankTransfer[], moves: Move[], doneKeys: Set<string> }} Books
 * @typedef {{ line: "came" | "answered", step: "post" | "void" | "settle", key?: string, transferId?: string, status?: number, outcome?: string }} BankCall
 *
 * @typedef {object} Instance
 * @property {string} instanceId
 * @property {number} seq
 * @property {string} status
 * @property {string} state
 * @property {Record<string, unknown>} data
 * @property {number} openIncidents
 * @property {number} undone tries and timers that are left
 * @property {TrailRow[]} trail
 *
 * @typedef {{ instance_id: string, seq: number, at: string, type: string, previous_hash: string, hash: string, entry: string, disclosed: string }} TrailRow
 *
 * @typedef {{ transferId: string, content: Record<string, string> }} Opening
 * @typedef {{ instanceId: string, key: string, kind: string, data: Record<string, unknown> }} Ask
 * @typedef {{ instanceId: string, key: string, seq: number }} Answered
 * @typedef {{ instanceId: string, state: string, status: string }} Over
 * @typedef {{ openings: Map<string, Opening>, asksOf: Map<string, Ask[]>, answersOf: Map<string, Answered[]>, overs: Over[] }} Clients
 */

/**
 * The bank's books, each table in the order in which it was written.
 * @param {string} path
 * @returns {Books}
 */
export function readBooks(path) {
  return reading(path, (database) => {
    database.defaultSafeIntegers(true);
    /** @param {string} sql */
    const all = (sql) => /** @type {any[]} */ (database.prepare(sql).all());
    return {
      accounts: all("select id, kind, balance, available, currency from accounts order by id"),
      postings: all("select id, transfer_id, account_id, currency, amount from postings order by id"),
      transfers: all("select id, source, destination, currency, amount, state from transfers order by id"),
      moves: all("select transfer_id, state from transfer_journal order by id"),
      doneKeys: new Set(all("select key from answers where status < 400").map(({ key }) => key)),
    };
  });
}

/**
 * Every instance of the engine, one after the other.
 * @param {string} path
 * @param {(instance: Instance) => void} look
 */
export function eachInstance(path, look) {
  reading(path, (database) => {
    const trail = database.prepare("select * from audit where instance_id = ? order by seq");
    const rows = database
      .prepare(
        `select instance_id, seq, status, current_state, snapshot,
           (select count(*) from incidents n where n.instance_id = i.instance_id and is_open = 1) as incidents,
           (select count(*) from effects e where e.instance_id = i.instance_id and purpose <> 'delivery')
             + (select count(*) from timers t where t.instance_id = i.instance_id) as undone
         from instances i order by instance_id`,
      )
      .iterate();
    for (const row of /** @type {Iterable<any>} */ (rows)) {
      look({
        instanceId: row.instance_id,
        seq: row.seq,
        status: row.status,
        state: row.current_state,
        data: JSON.parse(row.snapshot).data,
        openIncidents: row.incidents,
        undone: row.undone,
        trail: /** @type {TrailRow[]} */ (trail.all([row.instance_id])),
      });
    }
  });
}

/**
 * All clients' logs together; a last line that was cut off does not count.
 * @param {readonly string[]} paths
 * @returns {Clients}
 */
export function readClients(paths) {
  /** @type {Clients} */
  const clients = { openings: new Map(), asksOf: new Map(), answersOf: new Map(), overs: [] };
  for (const path of paths.filter((candidate) => existsSync(candidate))) {
    for (const text of readFileSync(path, "utf8").split("\n").slice(0, -1)) {
      const { line, ...rest } = JSON.parse(text);
      if (line === "opens") clients.openings.set(rest.instanceId, rest);
      else if (line === "asks") add(clients.asksOf, rest);
      else if (line === "answered") add(clients.answersOf, rest);
      else if (line === "over") clients.overs.push(rest);
    }
  }
  return clients;
}

/**
 * What came to the bank, in the order in which it came; a line that a kill has cut off does not count.
 * @param {string} path
 * @returns {BankCall[]}
 */
export function readCalls(path) {
  if (!existsSync(path)) throw new Error(`There is no log of the bank's calls at ${path}.`);
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text.endsWith("}"))
    .map((text) => JSON.parse(text));
}

/**
 * @template {{ instanceId: string }} Line
 * @param {Map<string, Line[]>} linesOf by instance
 * @param {Line} line
 */
function add(linesOf, line) {
  const lines = linesOf.get(line.instanceId);
  if (lines === undefined) linesOf.set(line.instanceId, [line]);
  else lines.push(line);
}

/**
 * @template Result
 * @param {string} path
 * @param {(database: import("libsql").Database) => Result} read
 * @returns {Result}
 */
function reading(path, read) {
  if (!existsSync(path)) throw new Error(`There is no database at ${path}.`);
  const database = new Database(path, { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
