/** What is SQLite's alone: the file, its owner, its readers, and the errors that name it. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../src/ports/store.js";
import type { Connection } from "../../src/stores/sqlite/driver/driver.js";
import { libsqlDriver } from "../../src/stores/sqlite/driver/libsql-driver.js";
import { MIGRATIONS } from "../../src/stores/sqlite/migrations/migration-list.js";
import { type SqliteOptions, sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { temporaryDirectory } from "./places.js";
import { answerRow, instanceCommit, outcomes } from "./rows.js";

const REQUEST = { workerId: "worker", nowMs: 0 };

let directory = "";
let path = "";
let opened: { close(): unknown }[] = [];

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory, "state.db");
  opened = [];
});
afterEach(async () => {
  for (const one of opened) await one.close();
  await rm(directory, { recursive: true });
});

async function openStore(options: SqliteOptions = {}, at = path): Promise<Store> {
  const store = sqlite(at, options);
  opened.push(store);
  await store.open();
  return store;
}

async function rawConnection(at = path): Promise<Connection> {
  const connection = (await libsqlDriver()).open(at, { busyTimeoutMs: 0 });
  opened.push(connection);
  return connection;
}

describe("the file", () => {
  test("is made together with its directories", async () => {
    const deep = join(directory, "a", "b", "state.db");
    await openStore({}, deep);
    expect(existsSync(deep)).toBe(true);
  });

  test("keeps a log that is synced at every commit", async () => {
    const driver = await libsqlDriver();
    let own: Connection | undefined;
    const watched = {
      ...driver,
      open: (file: string, settings: { readonly busyTimeoutMs: number }) => {
        const connection = driver.open(file, settings);
        if (!file.endsWith("-owner")) own = connection;
        return connection;
      },
    };
    await openStore({ driver: async () => watched });
    const setting = (name: string) => own?.prepare(`pragma ${name}`).get([]);
    expect(setting("journal_mode")).toMatchObject({ journal_mode: "wal" });
    expect(setting("synchronous")).toMatchObject({ synchronous: 2 });
    expect(setting("foreign_keys")).toMatchObject({ foreign_keys: 0 });
    expect(setting("busy_timeout")).toMatchObject({ timeout: 5000 });
  });

  test("is refused when the library does not keep a synced log", async () => {
    const driver = await libsqlDriver();
    const forgetful = {
      ...driver,
      open: (file: string, settings: { readonly busyTimeoutMs: number }): Connection => {
        const connection = driver.open(file, settings);
        return {
          exec: (sql) => connection.exec(sql.replaceAll("synchronous = full", "synchronous = normal")),
          prepare: (sql) => connection.prepare(sql),
          isInTransaction: () => connection.isInTransaction(),
          close: () => connection.close(),
        };
      },
    };
    await expect(openStore({ driver: async () => forgetful })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("synchronous is 1"),
    });
  });

  test("alone is whole after its owner has closed it", async () => {
    const store = await openStore();
    const lease = await store.acquireLease(REQUEST);
    await store.commit(lease, [instanceCommit("i", 1)]);
    await store.close();
    const copy = join(directory, "copy.db");
    writeFileSync(copy, readFileSync(path));
    const reader = await openStore({ readOnly: true }, copy);
    expect((await reader.loadInstances(["i"]))[0]?.seq).toBe(1);
  });

  test("is brought up to date once, and keeps what it has when it is opened again", async () => {
    const first = await openStore();
    await first.acquireLease(REQUEST);
    await first.close();
    const second = await openStore();
    await second.close();
    const raw = await rawConnection();
    expect(raw.prepare("pragma user_version").get([])).toMatchObject({ user_version: MIGRATIONS.length });
    expect(raw.prepare("select epoch from lease").get([])).toMatchObject({ epoch: 1 });
  });
});

describe("the owner", () => {
  test("is one: a second one is told which file it is, and what to do", async () => {
    const first = await openStore();
    await first.acquireLease(REQUEST);
    const second = await openStore();
    await expect(second.acquireLease({ ...REQUEST, workerId: "other" })).rejects.toMatchObject({
      code: "STORE_LOCKED",
      message: expect.stringContaining(path),
      hint: expect.stringContaining("--url"),
    });
  });

  test("is one under every name of the file", async () => {
    const first = await openStore();
    await first.acquireLease(REQUEST);
    const link = join(directory, "link.db");
    symlinkSync(path, link);
    const second = await openStore({}, link);
    await expect(second.acquireLease(REQUEST)).rejects.toMatchObject({ code: "STORE_LOCKED" });
  });

  test("that is killed leaves the file to the next at once", async () => {
    const store = await openStore();
    const child = spawn(process.execPath, ["--input-type=module", "--eval", HOLDER, `${path}-owner`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    try {
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await expect(store.acquireLease(REQUEST)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    } finally {
      child.kill("SIGKILL");
      await ended;
    }
    expect((await store.acquireLease(REQUEST)).epochs.get(0)).toBe(1);
  });
});

describe("a reader", () => {
  test("works beside the owner, and sees each commit that was answered", async () => {
    const owner = await openStore();
    const lease = await owner.acquireLease(REQUEST);
    const reader = await openStore({ readOnly: true });
    for (let seq = 1; seq <= 50; seq += 1) {
      expect(await outcomes(owner, lease, [instanceCommit("i", seq)])).toEqual(["committed"]);
      expect((await reader.loadInstances(["i"]))[0]?.seq).toBe(seq);
    }
  });

  test("changes nothing", async () => {
    const owner = await openStore();
    const lease = await owner.acquireLease(REQUEST);
    await owner.commit(lease, [instanceCommit("i", 1, { answer: answerRow("i", "k", 1) })]);
    const reader = await openStore({ readOnly: true });
    const refused = { code: "STORE_UNAVAILABLE", message: expect.stringContaining(path) };
    await expect(reader.acquireLease(REQUEST)).rejects.toMatchObject(refused);
    await expect(reader.commit(lease, [instanceCommit("i", 2)])).rejects.toMatchObject(refused);
    await expect(reader.pruneAnswers(Number.MAX_SAFE_INTEGER, 9)).rejects.toMatchObject(refused);
  });

  test("does not make a file that is not there", async () => {
    await expect(openStore({ readOnly: true })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining(path),
    });
    expect(existsSync(path)).toBe(false);
  });

  test("does not bring an old schema up to date", async () => {
    writeFileSync(path, "");
    await expect(openStore({ readOnly: true })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("old schema"),
    });
  });

  test("finds what an owner wrote that did not close", async () => {
    const owner = await openStore();
    const lease = await owner.acquireLease(REQUEST);
    await owner.commit(lease, [instanceCommit("i", 1)]);
    const elsewhere = join(directory, "crashed.db");
    writeFileSync(elsewhere, readFileSync(path));
    writeFileSync(`${elsewhere}-wal`, readFileSync(`${path}-wal`));
    const reader = await openStore({ readOnly: true }, elsewhere);
    expect((await reader.loadInstances(["i"]))[0]?.seq).toBe(1);
  });
});

describe("an error", () => {
  const unavailable = (at: string, what: string) => ({
    code: "STORE_UNAVAILABLE",
    message: expect.stringMatching(new RegExp(`${at}.*${what}`)),
    hint: expect.any(String),
  });

  test("says that a file is no database", async () => {
    writeFileSync(path, "not a database, only text\n".repeat(200));
    await expect(openStore()).rejects.toMatchObject(unavailable(path, "no SQLite database"));
    await expect(openStore({ readOnly: true })).rejects.toMatchObject(
      unavailable(path, "no SQLite database"),
    );
  });

  test("says that the path is a directory", async () => {
    await expect(openStore({}, directory)).rejects.toMatchObject(unavailable(directory, "is a directory"));
  });

  test("says that a parent of the path is no directory", async () => {
    writeFileSync(join(directory, "file"), "");
    const under = join(directory, "file", "state.db");
    await expect(openStore({}, under)).rejects.toMatchObject(unavailable(under, "no directory"));
  });

  test.skipIf(process.getuid?.() === 0)(
    "says that the directory may not be written (root may always)",
    async () => {
      const closed = join(directory, "closed");
      mkdirSync(closed);
      chmodSync(closed, 0o500);
      const inside = join(closed, "state.db");
      await expect(openStore({}, inside)).rejects.toMatchObject(unavailable(inside, "cannot be opened"));
    },
  );

  test("says that the database is another program's, and leaves it as it is", async () => {
    const raw = await rawConnection();
    raw.exec("create table theirs (a integer); pragma user_version = 1;");
    raw.close();
    const before = readFileSync(path);
    await expect(openStore()).rejects.toMatchObject(unavailable(path, "another program"));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("says that the database is newer than the program", async () => {
    await (await openStore()).close();
    const raw = await rawConnection();
    raw.exec(`pragma user_version = ${MIGRATIONS.length + 1}`);
    raw.close();
    for (const options of [{}, { readOnly: true }]) {
      await expect(openStore(options)).rejects.toMatchObject({
        code: "STORE_NEWER",
        message: expect.stringContaining(path),
      });
    }
  });

  test("says that the disk is full; nothing of the batch was written, and the store goes on when there is room", async () => {
    const driver = await libsqlDriver();
    let own: Connection | undefined;
    const watched = {
      ...driver,
      open: (file: string, settings: { readonly busyTimeoutMs: number }) => {
        const connection = driver.open(file, settings);
        if (!file.endsWith("-owner")) own = connection;
        return connection;
      },
    };
    const store = await openStore({ driver: async () => watched });
    const lease = await store.acquireLease(REQUEST);
    await store.commit(lease, [instanceCommit("a", 1)]);
    own?.exec("pragma max_page_count = 60");
    const large = instanceCommit("b", 1, { instance: { snapshot: "x".repeat(1_000_000) } });
    await expect(store.commit(lease, [instanceCommit("a", 2), large])).rejects.toMatchObject(
      unavailable(path, "disk is full"),
    );
    expect((await store.loadInstances(["a", "b"])).map((row) => row?.seq)).toEqual([1, undefined]);
    own?.exec("pragma max_page_count = 100000");
    expect(await outcomes(store, lease, [instanceCommit("a", 2), large])).toEqual(["committed", "committed"]);
  });
});

/** A process that holds the owner's lock and nothing else. */
const HOLDER = `
import { createRequire } from "node:module";
const Database = createRequire(${JSON.stringify(createRequire(import.meta.url).resolve("libsql"))})("libsql");
const lock = new Database(process.argv[1]);
lock.exec("begin exclusive");
console.log("held");
setInterval(() => {}, 1000);
`;
