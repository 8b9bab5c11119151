/**
 * What the store asks of a SQLite library. Small, so that another library can take its place: everything is synchronous,
 * parameters are bound by position, and a row is an object by column name.
 */

export type Value = string | number | null;

export type Row = Readonly<Record<string, unknown>>;

export interface Statement {
  /** Runs a statement that gives no rows. Returns how many rows it changed. */
  run(values: readonly Value[]): number;
  get(values: readonly Value[]): Row | undefined;
  all(values: readonly Value[]): readonly Row[];
}

export interface Connection {
  /** One or more statements without parameters. */
  exec(sql: string): void;
  /** A statement to be kept and used again: a library may free it only with the connection. */
  prepare(sql: string): Statement;
  isInTransaction(): boolean;
  close(): void;
}

export interface Driver {
  readonly name: string;
  /**
   * Opens or creates the file at an absolute path. A statement that meets another's lock waits for it up to
   * `busyTimeoutMs`. Throws `DriverError`, as everything of the connection does.
   */
  open(path: string, options: { readonly busyTimeoutMs: number }): Connection;
}

/** A failure that the library reported. */
export class DriverError extends Error {
  constructor(
    /** SQLite's name for it, basic or extended, such as `SQLITE_BUSY` or `SQLITE_IOERR_FSYNC`. */
    readonly code: string,
    message: string,
    options: { readonly cause: unknown },
  ) {
    super(message, options);
    this.name = "DriverError";
  }

  /** True for the basic code and for the extended ones that refine it. */
  is(basicCode: string): boolean {
    return this.code === basicCode || this.code.startsWith(`${basicCode}_`);
  }
}
