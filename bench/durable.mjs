/**
 * Durable transitions a second on SQLite, full sync, history and audit included, against the bare driver that writes the
 * same rows in the same batches.
 *
 *     node bench/durable.mjs [--quick] [--json]
 *
 * 1. The engine runs through its public interface: each sender has one instance and sends its next event when the one
 *    before it is answered. One sender is one by one, 256 are groups.
 * 2. A recorder in front of the store keeps every batch. The bare driver then writes those very rows in those very
 *    batches into a fresh file with the same tables and settings: prepared statements, no guards, no engine.
 * 3. Starting the instances is not measured, neither with the engine nor with the driver.
 * 4. Every file is new for its run and every transition is counted: fewer than expected is an error.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendToOneTable, bytesOf, writeToSameTables } from "./bare-driver.mjs";
import { loadBuilt } from "./built-engine.mjs";
import { runAsProgram } from "./program.mjs";
import { judged, measureOf, ratioOf, runRounds } from "./rounds.mjs";
import { endlessEvent, START_DATA, transferDefinition } from "./transfer.mjs";

const UNIT = "transitions/s";

export async function measureDurable({ isQuick }) {
  const settings = isQuick
    ? { rounds: 2, warmUpRounds: 0, transitions: 300, oneByOne: 30 }
    : { rounds: 5, warmUpRounds: 1, transitions: 4096, oneByOne: 400 };
  const directory = mkdtempSync(join(tmpdir(), "statewright-bench-"));
  try {
    const files = freshFiles(directory);
    const kept = new Map();
    const contenders = [
      ...withDriver(files, kept, { id: "one", what: "1 sender", senders: 1, transitions: settings.oneByOne }),
      ...withDriver(files, kept, {
        id: "of64",
        what: "64 senders",
        senders: 64,
        transitions: settings.transitions,
      }),
      ...withDriver(files, kept, {
        id: "of256",
        what: "256 senders",
        senders: 256,
        transitions: settings.transitions,
      }),
      {
        id: "perCommand",
        what: "engine, 256 senders, a transaction for each command",
        run: () =>
          runEngine(files(), { senders: 256, transitions: settings.oneByOne, isGrouped: false }).then(
            ({ perSecond }) => perSecond,
          ),
      },
    ];
    const values = await runRounds(contenders, settings);
    return {
      bench: "durable",
      title: "Durable transitions on SQLite",
      settings: { ...settings, ...sizes(kept) },
      measures: contenders.map(({ id, what }) => measureOf({ id, what, unit: UNIT }, values.get(id))),
      ratios: ratios(values),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The engine, and the driver with what the engine wrote just before it in the same round. */
function withDriver(files, kept, { id, what, senders, transitions }) {
  const engine = async () => {
    const run = await runEngine(files(), { senders, transitions, isGrouped: true });
    kept.set(id, run);
    return run.perSecond;
  };
  const replayed = (write) => async () => {
    if (!kept.has(id)) await engine();
    return write(files(), kept.get(id));
  };
  return [
    { id, what: `engine, ${what}`, run: engine },
    {
      id: `${id}Bare`,
      what: `bare driver, same rows, tables and batches as ${what}`,
      run: replayed(writeToSameTables),
    },
    {
      id: `${id}Append`,
      what: `bare driver, same bytes into one table without keys, ${what}`,
      run: replayed(appendToOneTable),
    },
  ];
}

function ratios(values) {
  const of = (label, id, other) => ratioOf(label, values.get(id), values.get(other));
  return [
    of(
      { id: "of256ToBare", what: "256 senders / bare driver", goal: { atLeast: 0.5 } },
      "of256",
      "of256Bare",
    ),
    of({ id: "of64ToBare", what: "64 senders / bare driver", goal: { atLeast: 0.5 } }, "of64", "of64Bare"),
    of({ id: "oneToBare", what: "1 sender / bare driver" }, "one", "oneBare"),
    of(
      { id: "of256ToAppend", what: "256 senders / bytes into one table without keys" },
      "of256",
      "of256Append",
    ),
    of(
      {
        id: "of256ToPerCommand",
        what: "256 senders / a transaction for each command",
        goal: { atLeast: 20 },
      },
      "of256",
      "perCommand",
    ),
    of(
      { id: "of256BareToOneBare", what: "what groups bring the bare driver: 256 / 1" },
      "of256Bare",
      "oneBare",
    ),
  ];
}

/** What one transition writes, so that rates can be read as bytes. */
function sizes(kept) {
  const { batches, transitions } = kept.get("of256");
  const { rows, bytes } = bytesOf(batches);
  return {
    transitionsABatch: judged({}, transitions / batches.length, "").value,
    rowsATransition: judged({}, rows / transitions, "").value,
    bytesATransition: Math.round(bytes / transitions),
  };
}

/** @returns {Promise<{ perSecond: number, transitions: number, startBatches: object[][], batches: object[][] }>} */
async function runEngine(file, { senders, transitions, isGrouped }) {
  const { createEngine, sqlite } = await loadBuilt("index.js");
  const recorder = recordBatches(sqlite(file), isGrouped);
  const engine = await createEngine({
    store: recorder.store,
    definitions: [transferDefinition({ hasSchemas: true })],
  });
  try {
    const ids = Array.from({ length: senders }, (_, n) => `transfer-${String(n).padStart(6, "0")}`);
    await Promise.all(
      ids.map((instanceId) =>
        engine.start("checkedTransfer", { instanceId, data: START_DATA, actor: "ada" }),
      ),
    );
    const startBatches = recorder.take();
    const each = Math.ceil(transitions / senders);
    const startedAt = process.hrtime.bigint();
    await Promise.all(ids.map((instanceId) => sendEvents(engine, instanceId, each)));
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    const batches = recorder.take();
    const written = batches.reduce((sum, batch) => sum + batch.length, 0);
    if (written !== each * senders)
      throw new Error(`${each * senders} transitions were sent, ${written} written.`);
    return { perSecond: written / seconds, transitions: written, startBatches, batches };
  } finally {
    await engine.close();
  }
}

async function sendEvents(engine, instanceId, count) {
  for (let n = 0; n < count; n += 1) {
    const { eventId, data } = endlessEvent(n);
    const { answer } = await engine.send(instanceId, eventId, { data, actor: "ada" });
    if (answer.outcome !== "taken") throw new Error(`${eventId}: ${JSON.stringify(answer)}`);
  }
}

/** A store that keeps what it is given to write; ungrouped it gives each command a transaction of its own. */
function recordBatches(store, isGrouped) {
  let batches = [];
  const commit = async (lease, items) => {
    if (isGrouped) {
      batches.push(items);
      return store.commit(lease, items);
    }
    const outcomes = [];
    for (const item of items) {
      batches.push([item]);
      outcomes.push(...(await store.commit(lease, [item])));
    }
    return outcomes;
  };
  const recording = new Proxy(store, {
    get: (target, name) => {
      if (name === "commit") return commit;
      const member = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return {
    store: recording,
    take: () => {
      const taken = batches;
      batches = [];
      return taken;
    },
  };
}

function freshFiles(directory) {
  let count = 0;
  return () => join(directory, `${count++}.db`);
}

await runAsProgram(import.meta.url, measureDurable);
