/**
 * The right of one process to own a database file: an exclusive transaction, held open on the small companion file
 * `<path>-owner`. The lock is the operating system's, so it ends with the process, however the process ends; the
 * companion stays empty and is never deleted, because a deleted file could be locked twice. The database itself stays
 * free for readers.
 */
import { StatewrightError } from "../../core/errors.js";
import { type Connection, type Driver, DriverError } from "./driver/driver.js";

export class OwnerLock {
  private constructor(private readonly connection: Connection) {}

  /** Waits for the lock for at most `waitMs`, then throws `STORE_LOCKED`. `path` is the database's real path. */
  static take(driver: Driver, path: string, waitMs: number): OwnerLock {
    const connection = driver.open(`${path}-owner`, { busyTimeoutMs: waitMs });
    try {
      // Nothing is ever written to this file, so it needs no journal beside it.
      connection.exec("pragma journal_mode = off");
      connection.exec("begin exclusive");
      return new OwnerLock(connection);
    } catch (error) {
      connection.close();
      if (!(error instanceof DriverError && error.is("SQLITE_BUSY"))) throw error;
      throw new StatewrightError("STORE_LOCKED", `The database ${path} is owned by another process.`, {
        hint: "Use the process that has it (`--url`), or stop that process first.",
        cause: error,
      });
    }
  }

  release(): void {
    // Said, and not left to the closing: a library may keep a closed connection alive until its statements are collected.
    this.connection.exec("rollback");
    this.connection.close();
  }
}
