/**
 * A copy of the database file while an engine works on it.
 *
 * Invariants:
 * 1. The copy is one moment of the database: it reads in one transaction and disturbs nobody who writes.
 * 2. The copy has its name only when it is whole and on disk; a file that is there is never replaced.
 */
import { existsSync } from "node:fs";
import { link, open, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { StatewrightError } from "../../core/errors.js";
import type { Driver } from "./driver/driver.js";
import { libsqlDriver } from "./driver/libsql-driver.js";
import { storeFailure } from "./store-failure.js";

const BUSY_TIMEOUT_MS = 5000;

/**
 * Copies the database at `path` to `target` (`VACUUM INTO`). Returns the size of the copy. Throws `USAGE` when `target` is
 * there or cannot be made, `STORE_UNAVAILABLE` when the database cannot be read.
 */
export async function backupSqlite(
  path: string,
  target: string,
  options: { readonly driver?: () => Promise<Driver> } = {},
): Promise<{ readonly bytes: number }> {
  const source = resolve(path);
  const copy = resolve(target);
  if (!existsSync(source)) {
    throw new StatewrightError("STORE_UNAVAILABLE", `There is no database "${path}".`, {
      hint: "Name it with --db sqlite:PATH.",
    });
  }
  refuseExisting(target);
  if (!existsSync(dirname(copy))) {
    throw new StatewrightError("USAGE", `"${target}" cannot be made: its folder is not there.`, {
      hint: "Make the folder first, or name another file.",
    });
  }
  const unfinished = `${copy}.${process.pid}.unfinished`;
  try {
    await copyInto(source, unfinished, options.driver ?? libsqlDriver);
    await makeDurable(unfinished);
    // Unlike a rename, a link never replaces what somebody has put there meanwhile.
    await link(unfinished, copy).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") refuseExisting(target);
      throw error;
    });
    await makeDurable(dirname(copy));
    return { bytes: (await stat(copy)).size };
  } finally {
    await rm(unfinished, { force: true });
  }
}

function refuseExisting(target: string): void {
  if (!existsSync(target)) return;
  throw new StatewrightError("USAGE", `"${target}" is there already.`, {
    hint: "Name a file that is not there: a backup never replaces one.",
  });
}

async function copyInto(source: string, target: string, loadDriver: () => Promise<Driver>): Promise<void> {
  const driver = await loadDriver();
  try {
    const connection = driver.open(source, { busyTimeoutMs: BUSY_TIMEOUT_MS });
    try {
      connection.exec(`vacuum into '${target.replaceAll("'", "''")}'`);
    } finally {
      connection.close();
    }
  } catch (error) {
    throw storeFailure(error, source);
  }
}

/** SQLite does not sync what it vacuums into. */
async function makeDurable(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
