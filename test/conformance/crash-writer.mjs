// Writes batches into a store until it is killed, and notes every answered commit, synced, in a log of its own:
//   node crash-writer.mjs STORE_MODULE DATABASE LOG
// A line of the log is `<instanceId> <seq>`; it is there only when the store has answered `committed`.
import { fsyncSync, openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [storeModule, databasePath, logPath] = process.argv.slice(2);
const INSTANCES = ["a", "b", "c", "d", "e", "f", "g", "h"];

const { sqlite } = await import(pathToFileURL(storeModule).href);
const store = sqlite(databasePath);
await store.open();
const lease = await store.acquireLease({ workerId: String(process.pid), nowMs: 0 });
const log = openSync(logPath, "a");

const rows = await store.loadInstances(INSTANCES);
const seqs = new Map(INSTANCES.map((instanceId, index) => [instanceId, rows[index]?.seq ?? 0]));
console.log("writing");

for (;;) {
  const items = INSTANCES.map((instanceId) => commit(instanceId, (seqs.get(instanceId) ?? 0) + 1));
  const outcomes = await store.commit(lease, items);
  let lines = "";
  for (const [index, { outcome }] of outcomes.entries()) {
    if (outcome !== "committed") throw new Error(`Unexpected outcome: ${outcome}`);
    const { instanceId, seq } = items[index].instance;
    seqs.set(instanceId, seq);
    lines += `${instanceId} ${seq}\n`;
  }
  writeSync(log, lines);
  fsyncSync(log);
}

/** Each commit leaves one row of each kind that carries its seq, and ends the effect of the one before. */
function commit(instanceId, seq) {
  const partition = 0;
  const at = "2026-03-01T10:00:00.000Z";
  const text = JSON.stringify({ seq, filler: "x".repeat(300 + ((seq * 37) % 3000)) });
  return {
    kind: "instance",
    expectedSeq: seq - 1,
    instance: {
      instanceId,
      partition,
      stateMachineId: "order",
      version: 1,
      seq,
      status: "active",
      currentState: `s${seq % 3}`,
      startedAt: at,
      updatedAt: at,
      snapshot: text,
    },
    audit: { instanceId, seq, at, type: "event", previousHash: "", hash: "", entry: text, disclosed: "{}" },
    history: [{ instanceId, ordinal: seq, text }],
    effectsAdded: [
      {
        instanceId,
        seq,
        ordinal: 0,
        partition,
        purpose: "action",
        isOrdered: false,
        dueAtMs: seq,
        attempts: 0,
        text,
      },
    ],
    effectsEnded: [{ instanceId, seq: seq - 1, ordinal: 0 }],
    timersSet: [{ instanceId, partition, timerId: "t", dueAtMs: seq }],
    timersCleared: [],
    awaits: undefined,
    incidents: [{ instanceId, incidentId: "n", isOpen: true, openedAt: at, code: "ACTION_FAILED", text }],
    answer: { instanceId, key: `k${seq}`, fingerprint: "", seq, text, expiresAtMs: seq },
  };
}
