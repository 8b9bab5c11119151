/**
 * The driver over `libsql`. Loaded when a store is opened and not before, because the native module costs start-up time
 * that most commands need not pay.
 *
 * Invariants:
 * 1. A text that the library would not give back whole is never written: it reads texts only up to the first NUL.
 * 2. Every failure of the library leaves here as a `DriverError` with SQLite's own code.
 */
import type Database from "libsql";
import { type Connection, type Driver, DriverError, type Row, type Statement, type Value } from "./driver.js";

/** The codes whose names the library does not tell apart when it cannot open a file; it ends its sentence with them. */
const OPEN_FAILURES: ReadonlyMap<string, string> = new Map([
  ["8", "SQLITE_READONLY"],
  ["10", "SQLITE_IOERR"],
  ["13", "SQLITE_FULL"],
  ["14", "SQLITE_CANTOPEN"],
  ["23", "SQLITE_AUTH"],
]);

export async function libsqlDriver(): Promise<Driver> {
  const { default: Library } = await import("libsql");
  return {
    name: "libsql",
    open: (path, { busyTimeoutMs }) =>
      translated(() => new LibsqlConnection(new Library(path, { timeout: busyTimeoutMs }))),
  };
}

class LibsqlConnection implements Connection {
  constructor(private readonly database: Database.Database) {}

  exec(sql: string): void {
    translated(() => this.database.exec(sql));
  }

  prepare(sql: string): Statement {
    return new LibsqlStatement(translated(() => this.database.prepare<unknown[]>(sql)));
  }

  isInTransaction(): boolean {
    return this.database.inTransaction;
  }

  close(): void {
    translated(() => this.database.close());
  }
}

class LibsqlStatement implements Statement {
  constructor(private readonly statement: Database.Statement<unknown[]>) {}

  run(values: readonly Value[]): number {
    refuseNul(values);
    return translated(() => this.statement.run(values)).changes;
  }

  get(values: readonly Value[]): Row | undefined {
    return translated(() => this.statement.get(values)) as Row | undefined;
  }

  all(values: readonly Value[]): readonly Row[] {
    return translated(() => this.statement.all(values)) as readonly Row[];
  }
}

function refuseNul(values: readonly Value[]): void {
  for (const value of values) {
    if (typeof value === "string" && value.includes("\0")) {
      throw new Error(
        "Broken invariant: a text with a NUL character reached the store; it could not be read back.",
      );
    }
  }
}

function translated<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw driverError(error);
  }
}

function driverError(error: unknown): DriverError {
  const message = error instanceof Error ? error.message : String(error);
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "string" && code !== "") return new DriverError(code, message, { cause: error });
  const number = /: (\d+)"?\)?$/.exec(message)?.[1] ?? "";
  return new DriverError(OPEN_FAILURES.get(number) ?? "SQLITE_ERROR", message, { cause: error });
}
