/**
 * A real database file in a directory of its own. A process that dies closes nothing: its connections are let go of as the
 * operating system would, and the next one finds the file and its log as they are.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection, Driver } from "../../../src/stores/sqlite/driver/driver.js";
import { libsqlDriver } from "../../../src/stores/sqlite/driver/libsql-driver.js";
import { openDatabase } from "../../../src/stores/sqlite/open-database.js";
import { sqlite } from "../../../src/stores/sqlite/sqlite-store.js";
import { Tables } from "../../../src/stores/sqlite/tables/tables.js";
import type { BackedStore, Backing } from "./backing.js";

/** A file system in memory, where there is one: power stays on here, and waiting for a disk that others use shows nothing. */
const IN_MEMORY = "/dev/shm";

/** The library is loaded before a run begins: loading takes time that no seed rules. */
export async function sqliteBacking(): Promise<Backing> {
  const driver = await libsqlDriver();
  const directory = mkdtempSync(
    join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), "statewright-simulation-"),
  );
  const path = join(directory, "state.db");
  const database = openDatabase(path, driver, "owner");
  const opened: Opened[] = [];
  return {
    tables: new Tables(database),
    memoryTables: undefined,
    newStore: () => {
      const process = new Opened(path, driver);
      opened.push(process);
      return process;
    },
    close: () => {
      for (const process of opened) process.abandon();
      database.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

class Opened implements BackedStore {
  readonly store;
  readonly #connections = new Map<Connection, string>();

  constructor(path: string, library: Driver) {
    const driver: Driver = {
      name: library.name,
      open: (file, options) => this.#watch(library.open(file, options), file),
    };
    this.store = sqlite(path, { driver: () => Promise.resolve(driver) });
  }

  loseLease(): void {
    this.#closeThose((file) => file.endsWith("-owner"));
  }

  abandon(): void {
    this.#closeThose(() => true);
  }

  #watch(connection: Connection, file: string): Connection {
    this.#connections.set(connection, file);
    const watched: Connection = {
      exec: (sql) => connection.exec(sql),
      prepare: (sql) => connection.prepare(sql),
      isInTransaction: () => connection.isInTransaction(),
      close: () => {
        if (this.#connections.delete(connection)) connection.close();
      },
    };
    return watched;
  }

  #closeThose(isMeant: (file: string) => boolean): void {
    for (const [connection, file] of [...this.#connections]) {
      if (!isMeant(file)) continue;
      this.#connections.delete(connection);
      if (connection.isInTransaction()) connection.exec("rollback");
      connection.close();
    }
  }
}
