/**
 * The bank's own database: SQLite, WAL, every commit synced to disk before it is answered.
 *
 * 1. Postings are append-only; the schema itself refuses to change or drop one.
 * 2. A transfer's content never changes, and its state only moves instructed → held → posted, or to voided from the
 *    first two; the schema refuses anything else.
 * 3. No customer's account goes below zero, neither in its balance nor in what is available.
 * 4. Every move of a transfer is in the journal, in the order of the commits, written by the schema itself.
 * 5. A key is answered or closed, never both; a closed one stays closed.
 * 6. All integers are read as bigint; money is whole minor units.
 */
import Database from "libsql";

const SCHEMA = `
create table if not exists accounts (
  id text primary key,
  kind text not null check (kind in ('customer', 'equity')),
  customer_id text,
  currency text not null,
  balance integer not null,
  available integer not null,
  daily_limit integer,
  opening text not null,
  opened_at text not null,
  check (kind = 'equity' or (balance >= 0 and available >= 0 and available <= balance))
) strict, without rowid;

create table if not exists blocked_accounts (
  account_id text primary key,
  reason text not null
) strict, without rowid;

create table if not exists transfers (
  id text primary key,
  source text not null,
  destination text not null,
  currency text not null,
  amount integer not null check (amount > 0),
  state text not null check (state in ('instructed', 'held', 'posted', 'voided')),
  hold_id text unique,
  held_at text,
  held_day text,
  reference text unique,
  posted_at text,
  voided_at text,
  receipt_id text unique
) strict, without rowid;
create index if not exists transfers_by_source_day on transfers (source, held_day);

create table if not exists postings (
  id integer primary key autoincrement,
  transfer_id text not null,
  account_id text not null,
  currency text not null,
  amount integer not null check (amount <> 0),
  posted_at text not null,
  unique (transfer_id, account_id)
) strict;
create index if not exists postings_by_account on postings (account_id);

create table if not exists answers (
  key text primary key,
  request_hash text not null,
  status integer not null,
  body text not null,
  answered_at text not null
) strict, without rowid;

create table if not exists closed_keys (
  key text primary key,
  closed_at text not null
) strict, without rowid;

create table if not exists callbacks (
  id integer primary key autoincrement,
  subject text,
  type text,
  body text not null,
  received_at text not null
) strict;

create table if not exists faults_fired (
  fault text primary key,
  fired_at text not null
) strict, without rowid;

create table if not exists transfer_journal (
  id integer primary key autoincrement,
  transfer_id text not null,
  state text not null
) strict;

create trigger if not exists transfers_keep_a_journal after update of state on transfers
begin insert into transfer_journal (transfer_id, state) values (new.id, new.state); end;
create trigger if not exists the_journal_is_never_changed before update on transfer_journal
begin select raise(abort, 'the journal is append-only'); end;
create trigger if not exists the_journal_is_never_deleted before delete on transfer_journal
begin select raise(abort, 'the journal is append-only'); end;
create trigger if not exists a_closed_key_is_never_answered before insert on answers
when exists (select 1 from closed_keys where key = new.key)
begin select raise(abort, 'the key is closed'); end;
create trigger if not exists an_answered_key_is_never_closed before insert on closed_keys
when exists (select 1 from answers where key = new.key)
begin select raise(abort, 'the key has its answer'); end;
create trigger if not exists closed_keys_are_never_deleted before delete on closed_keys
begin select raise(abort, 'a key is closed for good'); end;
create trigger if not exists postings_are_never_changed before update on postings
begin select raise(abort, 'postings are append-only'); end;
create trigger if not exists postings_are_never_deleted before delete on postings
begin select raise(abort, 'postings are append-only'); end;
create trigger if not exists transfers_are_never_deleted before delete on transfers
begin select raise(abort, 'a transfer is never deleted'); end;
create trigger if not exists transfers_keep_their_content
before update of id, source, destination, currency, amount on transfers
begin select raise(abort, 'the content of a transfer never changes'); end;
create trigger if not exists transfers_move_forward before update of state on transfers
when not (
  (old.state = 'instructed' and new.state in ('held', 'voided')) or
  (old.state = 'held' and new.state in ('posted', 'voided'))
)
begin select raise(abort, 'a transfer is posted or voided once'); end;
`;

/**
 * @typedef {object} LedgerDatabase
 * @property {(sql: string) => import("libsql").Statement} prepare prepares a statement once and keeps it
 * @property {<T>(work: () => T) => T} immediate runs work in one write transaction; what it throws rolls it back
 * @property {<T>(work: () => T) => T} savepoint as `immediate`, inside a transaction
 * @property {() => void} close
 */

/**
 * Opens (and where it is new, lays out) the ledger.
 * @param {string} path
 * @returns {LedgerDatabase}
 */
export function openDatabase(path) {
  const database = new Database(path);
  database.defaultSafeIntegers(true);
  database.exec("pragma busy_timeout = 5000");
  database.exec("pragma journal_mode = wal");
  database.exec("pragma synchronous = full");
  database.exec(SCHEMA);
  // The driver frees statements only when memory is collected: each is prepared once.
  const statements = new Map();
  return {
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = database.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    immediate: (work) => database.transaction(work).immediate(),
    savepoint: (work) => {
      database.exec("savepoint operation");
      try {
        const result = work();
        database.exec("release operation");
        return result;
      } catch (error) {
        database.exec("rollback to operation");
        database.exec("release operation");
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/**
 * Runs a guarded write and says whether it changed exactly one row.
 * @param {import("libsql").Statement} statement
 * @param {unknown[]} values
 */
export function changedOne(statement, ...values) {
  return Number(statement.run(values).changes) === 1;
}
