/**
 * A real process writes batches and is killed with SIGKILL at random moments. What it noted as answered, in a synced log of
 * its own, must be there, and nothing may be there by half.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Store } from "../../src/ports/store.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { temporaryDirectory } from "./places.js";

const KILLS = 20;
const LONGEST_LIFE_MS = 150;
const INSTANCES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const WRITER = fileURLToPath(new URL("crash-writer.mjs", import.meta.url));
const STORE_MODULE = fileURLToPath(new URL("../../dist/stores/sqlite/sqlite-store.js", import.meta.url));
const isBuilt = existsSync(STORE_MODULE);
if (!isBuilt) console.warn("The crash test of the SQLite store is skipped: run `npm run build` first.");

test.skipIf(!isBuilt)(
  `${KILLS} kills lose no answered commit and leave none by half`,
  { timeout: 120_000 },
  async () => {
    const directory = temporaryDirectory();
    const databasePath = join(directory, "state.db");
    const logPath = join(directory, "answered.log");
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        await writeUntilKilled(databasePath, logPath, Math.random() * LONGEST_LIFE_MS);
        const store = sqlite(databasePath, { readOnly: true });
        await store.open();
        try {
          await check(store, answered(logPath));
        } finally {
          await store.close();
        }
      }
      // Kills that hit an idle process would show nothing.
      expect([...answered(logPath).values()].reduce((sum, seq) => sum + seq, 0)).toBeGreaterThan(KILLS * 10);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);

async function writeUntilKilled(databasePath: string, logPath: string, lifeMs: number): Promise<void> {
  const child = spawn(process.execPath, [WRITER, STORE_MODULE, databasePath, logPath], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("exit", (_code, signal) => resolve(signal));
  });
  try {
    const started = new Promise<"started">((resolve) => child.stdout.once("data", () => resolve("started")));
    expect(await Promise.race([started, ended])).toBe("started");
    // The one wait that is the test itself: the moment of the kill is drawn.
    await delay(lifeMs);
  } finally {
    child.kill("SIGKILL");
  }
  expect(await ended).toBe("SIGKILL");
}

/** The highest seq that was answered, by instance. A last line that the kill cut off does not count. */
function answered(logPath: string): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  const lines = existsSync(logPath) ? readFileSync(logPath, "utf8").split("\n").slice(0, -1) : [];
  for (const line of lines) {
    const [instanceId = "", seq] = line.split(" ");
    highest.set(instanceId, Math.max(highest.get(instanceId) ?? 0, Number(seq)));
  }
  return highest;
}

async function check(store: Store, answeredSeqs: ReadonlyMap<string, number>): Promise<void> {
  const everything = { limit: 1_000_000 };
  const rows = await store.loadInstances(INSTANCES);
  const seqs = rows.map((row) => row?.seq ?? 0);
  // One batch holds all instances, so that half a batch would show as different seqs.
  expect(new Set(seqs).size).toBe(1);
  const incidents = await store.listIncidents(everything);
  for (const [index, instanceId] of INSTANCES.entries()) {
    const seq = seqs[index] ?? 0;
    expect(seq).toBeGreaterThanOrEqual(answeredSeqs.get(instanceId) ?? 0);
    if (seq === 0) continue;
    const all = Array.from({ length: seq }, (_, before) => before + 1);
    const audit = await store.loadAudit(instanceId, { afterSeq: 0, ...everything });
    const history = await store.loadHistory(instanceId, { afterOrdinal: -1, ...everything });
    const answers = await store.loadAnswers(all.map((one) => ({ instanceId, key: `k${one}` })));
    expect(audit.map((row) => row.seq)).toEqual(all);
    expect(history.map((row) => row.ordinal)).toEqual(all);
    expect(answers.map((row) => row?.seq)).toEqual(all);
    expect((await store.loadEffects(instanceId)).map((row) => row.seq)).toEqual([seq]);
    expect((await store.loadTimers(instanceId)).map((row) => row.dueAtMs)).toEqual([seq]);
    expect(JSON.parse(rows[index]?.snapshot ?? "")).toMatchObject({ seq });
    expect(JSON.parse(incidents[index]?.text ?? "")).toMatchObject({ seq });
  }
}
