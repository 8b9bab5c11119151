/**
 * One open connection, with its statements prepared once and its transactions.
 *
 * Invariants:
 * 1. A statement is prepared at its first use and kept, because the library frees statements late.
 * 2. A transaction that throws has written nothing, and the connection is out of it.
 */
import type { Connection, Row, Statement } from "./driver/driver.js";

export class Database {
  readonly #statements = new Map<string, Statement>();

  constructor(
    /** Absolute, links resolved. */
    readonly path: string,
    private readonly connection: Connection,
  ) {}

  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  exec(sql: string): void {
    this.connection.exec(sql);
  }

  /** The value of a pragma, as SQLite gives it back after `assignment`, such as `journal_mode = wal`. */
  pragma(assignment: string): unknown {
    const row: Row | undefined = this.connection.prepare(`pragma ${assignment}`).get([]);
    const column = row === undefined ? undefined : Object.keys(row).find((name) => name !== "_metadata");
    return column === undefined ? undefined : row?.[column];
  }

  /** Runs the work in a transaction that holds the write lock from its start; durable when this returns. */
  transaction<Result>(kind: "immediate" | "exclusive", work: () => Result): Result {
    this.connection.exec(`begin ${kind}`);
    try {
      const result = work();
      this.connection.exec("commit");
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /**
   * Moves the log into the database file, so that the file alone is whole. Left undone when somebody is reading or the
   * disk refuses: the log keeps what it has.
   */
  emptyLog(): void {
    try {
      this.connection.exec("pragma busy_timeout = 0");
      this.pragma("wal_checkpoint(truncate)");
    } catch {
      // The next open goes on from the log.
    }
  }

  close(): void {
    this.#statements.clear();
    this.connection.close();
  }

  /** After some failures SQLite has rolled back by itself; what matters to the caller is the first error. */
  #rollBack(): void {
    if (!this.connection.isInTransaction()) return;
    try {
      this.connection.exec("rollback");
    } catch {
      // The connection is beyond use; the next statement says so.
    }
  }
}
