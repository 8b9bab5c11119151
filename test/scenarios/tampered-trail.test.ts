/** `audit verify` on a database that somebody has changed by hand: every change of a stored trail is found and placed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openReader } from "../../src/engine.js";
import { seededRandom } from "../../src/platform/seeded-random.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { workMachine } from "../kit/definitions.js";
import { openBench } from "../kit/engine-bench.js";

const CHANGES = 1_000;
const TEXTS = ["at", "type", "previous_hash", "hash", "entry", "disclosed"];

let directory = "";
let path = "";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "statewright-trail-"));
  path = join(directory, "trail.db");
  const bench = await openBench("sqlite", [workMachine({ retryCount: 2 })], { store: sqlite(path) });
  await bench.engine.start("workMachine", {
    instanceId: "i1",
    data: { name: "Ada", amount: 10 },
    actor: "ada",
  });
  await bench.engine.send("i1", "go", { data: { note: "please" }, actor: "bob" });
  await bench.settle();
  await bench.engine.start("workMachine", { instanceId: "i2" });
  await bench.close();
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test(`each of ${CHANGES} random changes of the stored rows is found, with the entry it is at`, async () => {
  const random = seededRandom(3);
  const pick = (limit: number): number => Number.parseInt(random.hex(4), 16) % limit;
  const database = new Database(path);
  const { reader, close } = await openReader(sqlite(path, { readOnly: true }));
  const seqs = (await reader.audit("i1")).map((row) => row.seq);
  expect(seqs).toEqual([1, 2, 3]);
  const kinds = new Map<string, number>();
  try {
    for (let round = 0; round < CHANGES; round += 1) {
      const kind = tamper(database, pick, seqs);
      const verdict = await reader.verify("i1");
      expect(verdict.faults.length, kind).toBeGreaterThan(0);
      expect(verdict.faults.every((fault) => fault.seq >= 1 && fault.seq <= 5)).toBe(true);
      restore(database);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect((await reader.verify("i1")).faults).toEqual([]);
    expect([...kinds.keys()].sort()).toEqual(["changed", "dropped", "inserted", "swapped"]);
  } finally {
    await close();
    database.close();
  }
});

/** Changes one thing for good, as somebody with the file in hand would; `restore` takes it back from a copy. */
function tamper(
  database: Database.Database,
  pick: (limit: number) => number,
  seqs: readonly number[],
): string {
  database.exec(
    "drop table if exists kept; create table kept as select * from audit where instance_id = 'i1'",
  );
  const seq = seqs[pick(seqs.length)] ?? 1;
  switch (pick(5)) {
    case 0:
      database.prepare("delete from audit where instance_id = 'i1' and seq = ?").run(seq);
      return "dropped";
    case 1: {
      const other = (seq % seqs.length) + 1;
      for (const [from, to] of [
        [seq, 900],
        [other, seq],
        [900, other],
      ]) {
        database.prepare("update audit set seq = ? where instance_id = 'i1' and seq = ?").run(to, from);
      }
      return "swapped";
    }
    case 2:
      database
        .prepare(
          "insert into audit (instance_id, seq, at, type, previous_hash, hash, entry, disclosed) select instance_id, ?, at, type, previous_hash, hash, entry, disclosed from audit where instance_id = 'i1' and seq = ?",
        )
        .run(seqs.length + 1 + pick(2), seq);
      return "inserted";
    default: {
      const column = TEXTS[pick(TEXTS.length)] ?? "entry";
      const row = database
        .prepare(`select ${column} as text from audit where instance_id = 'i1' and seq = ?`)
        .get(seq) as { text: string };
      const at = pick(row.text.length);
      const changed = `${row.text.slice(0, at)}${row.text.charAt(at) === "7" ? "8" : "7"}${row.text.slice(at + 1)}`;
      database
        .prepare(`update audit set ${column} = ? where instance_id = 'i1' and seq = ?`)
        .run(changed, seq);
      return "changed";
    }
  }
}

function restore(database: Database.Database): void {
  database.exec("delete from audit where instance_id = 'i1'; insert into audit select * from kept");
}
