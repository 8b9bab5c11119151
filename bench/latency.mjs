/**
 * The latency of one `send` while nothing else happens, against one fsynced write.
 *
 *     node bench/latency.mjs [--quick] [--json]
 *
 * Contenders are warmed up without pauses, as a process that has served for a while is. Then they take turns and each
 * call follows a pause, so that no write profits from the one before it. Percentiles are taken within each round of
 * calls. Two limits are told: a transaction of one row in SQLite, with the same settings as the store, and a plain file
 * that is appended to and synced.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openSynced } from "./bare-driver.mjs";
import { loadBuilt } from "./built-engine.mjs";
import { runAsProgram } from "./program.mjs";
import { judged, measureOf, median, percentile, ratioOf } from "./rounds.mjs";
import { endlessEvent, START_DATA, transferDefinition } from "./transfer.mjs";

const PAUSE_MS = 3;
/** One page: what is synced is a page at least. */
const PLAIN_BYTES = 4096;

export async function measureLatency({ isQuick }) {
  const settings = isQuick
    ? { rounds: 2, warmUpCalls: 20, callsARound: 10, pauseMs: PAUSE_MS }
    : { rounds: 7, warmUpCalls: 1500, callsARound: 60, pauseMs: PAUSE_MS };
  const directory = mkdtempSync(join(tmpdir(), "statewright-bench-"));
  const contenders = [];
  try {
    contenders.push(await idleSend(directory), oneRow(directory), plainFile(directory));
    const { p50, p95 } = await takeTurns(contenders, settings);
    return {
      bench: "latency",
      title: "Latency of one idle send",
      settings: { ...settings, plainBytes: PLAIN_BYTES },
      measures: contenders.flatMap(({ id, what }) => [
        measureOf({ id: `${id}P50`, what: `${what}, p50`, unit: "ms" }, p50.get(id)),
        measureOf({ id: `${id}P95`, what: `${what}, p95`, unit: "ms" }, p95.get(id)),
      ]),
      ratios: [
        ratioOf(
          { id: "sendToRow", what: "send / one-row transaction, p50", goal: { atMost: 2 } },
          p50.get("send"),
          p50.get("row"),
        ),
        ratioOf(
          { id: "sendToRowP95", what: "send / one-row transaction, p95", goal: { atMost: 2 } },
          p95.get("send"),
          p95.get("row"),
        ),
        // The slower the disk, the better the ratio looks: this tells what the engine itself costs.
        judged(
          { id: "sendAdds", what: "what send adds to the one-row transaction, p50" },
          median(p50.get("send").map((value, round) => value - p50.get("row")[round])),
          "ms",
        ),
        ratioOf(
          { id: "sendToFile", what: "send / plain write and fsync, p50" },
          p50.get("send"),
          p50.get("file"),
        ),
      ],
    };
  } finally {
    for (const contender of contenders) await contender.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function takeTurns(contenders, { rounds, warmUpCalls, callsARound, pauseMs }) {
  for (const { write } of contenders) for (let call = 0; call < warmUpCalls; call += 1) await write();
  const p50 = new Map(contenders.map(({ id }) => [id, []]));
  const p95 = new Map(contenders.map(({ id }) => [id, []]));
  for (let round = 0; round < rounds; round += 1) {
    const times = new Map(contenders.map(({ id }) => [id, []]));
    for (let call = 0; call < callsARound; call += 1) {
      for (const { id, write } of contenders) {
        await pause(pauseMs);
        const startedAt = process.hrtime.bigint();
        await write();
        times.get(id).push(Number(process.hrtime.bigint() - startedAt) / 1e6);
      }
    }
    for (const [id, values] of times) {
      p50.get(id).push(percentile(values, 0.5));
      p95.get(id).push(percentile(values, 0.95));
    }
  }
  return { p50, p95 };
}

async function idleSend(directory) {
  const { createEngine, sqlite } = await loadBuilt("index.js");
  const engine = await createEngine({
    store: sqlite(join(directory, "engine.db")),
    definitions: [transferDefinition({ hasSchemas: true })],
  });
  const { instanceId } = await engine.start("checkedTransfer", { data: START_DATA });
  let count = 0;
  return {
    id: "send",
    what: "send, answered when it is on disk",
    write: () => {
      const { eventId, data } = endlessEvent(count++);
      return engine.send(instanceId, eventId, { data, actor: "ada" });
    },
    close: () => engine.close(),
  };
}

function oneRow(directory) {
  const database = openSynced(join(directory, "row.db"));
  database.exec("create table log (text text not null)");
  const insert = database.prepare("insert into log (text) values (?)");
  const text = "x".repeat(64);
  return {
    id: "row",
    what: "one-row transaction, bare driver",
    write: () => insert.run(text),
    close: () => database.close(),
  };
}

function plainFile(directory) {
  const file = openSync(join(directory, "plain"), "a");
  const bytes = Buffer.alloc(PLAIN_BYTES, 120);
  return {
    id: "file",
    what: "plain write and fsync",
    write: () => {
      writeSync(file, bytes);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

await runAsProgram(import.meta.url, measureLatency);
