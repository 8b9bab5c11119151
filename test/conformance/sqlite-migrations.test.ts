/** A file that an earlier version of the schema made is brought up to date, and what it holds stays and goes on. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { libsqlDriver } from "../../src/stores/sqlite/driver/libsql-driver.js";
import { FIRST_TABLES } from "../../src/stores/sqlite/migrations/0001-first-tables.js";
import { LINKS } from "../../src/stores/sqlite/migrations/0002-links.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { temporaryDirectory } from "./places.js";
import { AT, AT_MS, effectRow, instanceCommit, instanceRow, signal } from "./rows.js";

/** "Stwr", which marks a file as a store of this project. */
const APPLICATION_ID = 0x53747772;

let directory = "";

beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => rm(directory, { recursive: true }));

test("schema 1: an instance has no parent, waits for no signal, and its notices keep their order", async () => {
  const path = join(directory, "state.db");
  const raw = (await libsqlDriver()).open(path, { busyTimeoutMs: 0 });
  raw.exec(`
    ${FIRST_TABLES}
    pragma application_id = ${APPLICATION_ID};
    pragma user_version = 1;
    insert into instances values ('i', 7, 'order', 1, 1, 'active', 'open', '${AT}', '${AT}', '{"seq":1}');
    insert into effects values ('i', 1, 0, 7, 'delivery', 1, 0, ${AT_MS}, 0, '{"ordinal":0}');
    insert into effects values ('i', 1, 1, 7, 'delivery', 1, 1, ${AT_MS}, 0, '{"ordinal":1}');
  `);
  raw.close();

  const store = sqlite(path);
  await store.open();
  try {
    const lease = await store.acquireLease({ workerId: "worker", nowMs: 0 });
    const due = { dueBeforeMs: AT_MS, limit: 10 };
    const notices = { ...due, purpose: "delivery" } as const;
    const first = effectRow("i", 1, 0, { purpose: "delivery", isOrdered: true });
    const second = { ...first, ordinal: 1, text: '{"ordinal":1}' };
    const link = effectRow("i", 2, 0, { purpose: "link", isOrdered: true });

    expect(await store.loadInstances(["i"])).toEqual([instanceRow("i", 1)]);
    expect(await store.dueEffects(lease, notices)).toEqual([first]);
    await store.commit(lease, [instanceCommit("i", 2, { effectsAdded: [link], awaits: [signal("go")] })]);
    expect(await store.dueEffects(lease, { ...due, purpose: "link" })).toEqual([link]);
    expect(await store.listWaiters({ ...signal("go"), limit: 10 })).toEqual(["i"]);
    await store.commit(lease, [
      { kind: "delivery", effectId: { instanceId: "i", seq: 1, ordinal: 0 }, change: "ended" },
    ]);
    expect(await store.dueEffects(lease, notices)).toEqual([second]);
  } finally {
    await store.close();
  }
});

test("schema 2: who waited for a signal still does", async () => {
  const path = join(directory, "state.db");
  const raw = (await libsqlDriver()).open(path, { busyTimeoutMs: 0 });
  raw.exec(`
    ${FIRST_TABLES}
    ${LINKS}
    pragma application_id = ${APPLICATION_ID};
    pragma user_version = 2;
    insert into signals (instance_id, signal) values ('i', 'go'), ('i', 'stop'), ('j', 'go');
  `);
  raw.close();

  const store = sqlite(path);
  await store.open();
  try {
    const lease = await store.acquireLease({ workerId: "worker", nowMs: 0 });
    expect(await store.listWaiters({ ...signal("go"), limit: 10 })).toEqual(["i", "j"]);
    await store.commit(lease, [instanceCommit("i", 1, { awaits: [signal("stop")] })]);
    expect(await store.listWaiters({ ...signal("go"), limit: 10 })).toEqual(["j"]);
    expect(await store.listWaiters({ ...signal("stop"), limit: 10 })).toEqual(["i"]);
  } finally {
    await store.close();
  }
});
