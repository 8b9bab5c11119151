/**
 * A client that makes transfers, one command after the other, and relies on nothing but its own log and the engine's
 * answers.
 *
 * Invariants:
 * 1. What it is about to send is in its log before it is sent; what was answered is in its log before it goes on.
 * 2. After a restart it sends what was not answered again, under the same key, and goes on from there.
 */
import { randomInt, randomUUID } from "node:crypto";
import { readClientLog } from "./client-log.mjs";
import { COMMANDS, OPERATOR, STATE_MACHINE_ID } from "./transfer-definition.mjs";

const PATIENCE_MS = 60_000;

/** The engine was closed, or the client's patience was over, before the end of a transfer. */
export class EndUnseenError extends Error {
  /** @param {string} instanceId */
  constructor(instanceId) {
    super(`The end of transfer ${instanceId} was not seen.`);
  }
}

/**
 * @typedef {{ instanceId: string, amount: number, answered: number, isOver: boolean }} Transfer
 *
 * @typedef {object} ClientSettings
 * @property {import("../../src/engine.js").Engine} engine
 * @property {string} logPath
 * @property {ReturnType<typeof import("./client-log.mjs").openClientLog>} log
 * @property {number} atOnce transfers under way at the same time
 * @property {number} total no transfer is opened beyond this many, those of earlier lives counted
 * @property {() => void} onAnswer after an answer is in the log
 */

/**
 * Resolves when every transfer is over. Rejects with the first refusal or error.
 * @param {ClientSettings} settings
 */
export async function runTransfers(settings) {
  const known = readTransfers(settings.logPath);
  const unfinished = known.filter(({ isOver }) => !isOver);
  let opened = known.length;
  /** @returns {Promise<Transfer | undefined>} */
  const next = async () => {
    const left = unfinished.shift();
    if (left !== undefined || opened >= settings.total) return left;
    opened += 1;
    return open(settings);
  };
  const work = async () => {
    for (let transfer = await next(); transfer !== undefined; transfer = await next())
      await finish(settings, transfer);
  };
  await Promise.all(Array.from({ length: settings.atOnce }, work));
}

/**
 * @param {string} logPath
 * @returns {Transfer[]} in the order in which they were opened
 */
export function readTransfers(logPath) {
  /** @type {Map<string, Transfer>} */
  const transfers = new Map();
  for (const line of readClientLog(logPath)) {
    if (line.kind === "opens") {
      const { instanceId, amount } = line;
      transfers.set(instanceId, { instanceId, amount, answered: 0, isOver: false });
      continue;
    }
    const transfer = transfers.get(line.instanceId);
    if (transfer === undefined) throw new Error(`The log speaks of ${line.instanceId} before it was opened.`);
    if (line.kind === "answered") transfer.answered = line.place + 1;
    if (line.kind === "over") transfer.isOver = true;
  }
  return [...transfers.values()];
}

/**
 * @param {ClientSettings} settings
 * @returns {Promise<Transfer>}
 */
async function open({ log }) {
  const transfer = { instanceId: randomUUID(), amount: randomInt(1, 1_000), answered: 0, isOver: false };
  await log.write({ kind: "opens", instanceId: transfer.instanceId, amount: transfer.amount });
  return transfer;
}

/**
 * @param {ClientSettings} settings
 * @param {Transfer} transfer
 */
async function finish({ engine, log, onAnswer }, { instanceId, amount, answered }) {
  for (let place = answered; place < COMMANDS; place += 1) {
    const key = `${instanceId}#${place}`;
    await log.write({ kind: "asks", instanceId, place, key });
    const { answer, isRepeated } = await ask(engine, { instanceId, amount, place, key });
    await log.write({ kind: "answered", instanceId, place, key, seq: answer.seq, isRepeated });
    onAnswer();
  }
  const status = await lastStatus(engine, instanceId);
  if (status !== "completed") throw new Error(`Transfer ${instanceId} is ${status} and not completed.`);
  await log.write({ kind: "over", instanceId });
}

/**
 * What holds the transfer is skipped on the way.
 * @param {import("../../src/engine.js").Engine} engine
 * @param {string} instanceId
 */
async function lastStatus(engine, instanceId) {
  for (;;) {
    const snapshot = await engine.waitUntil(instanceId, ({ status }) => status !== "active", PATIENCE_MS);
    if (snapshot === undefined) throw new EndUnseenError(instanceId);
    if (snapshot.status !== "suspended") return snapshot.status;
    await skipAll(engine);
  }
}

/** @type {Promise<unknown> | undefined} */
let skipping;

/**
 * An operator who skips whatever is held, one round at a time. What another round was faster with is refused.
 * @param {import("../../src/engine.js").Engine} engine
 */
function skipAll(engine) {
  const filter = { stateMachineId: STATE_MACHINE_ID, status: /** @type {const} */ ("suspended") };
  skipping ??= engine
    .operateAll({ act: "skip", reason: "The bank takes no reports.", actor: OPERATOR, filter })
    .finally(() => {
      skipping = undefined;
    });
  return skipping;
}

/**
 * The key also stands in the trail, as the actor, so that each entry can be traced to what was asked.
 * @param {import("../../src/engine.js").Engine} engine
 * @param {{ instanceId: string, amount: number, place: number, key: string }} command
 */
function ask(engine, { instanceId, amount, place, key }) {
  const shared = { actor: key, idempotencyKey: key };
  if (place === 0) return engine.start(STATE_MACHINE_ID, { instanceId, data: { amount }, ...shared });
  return engine.send(instanceId, place === COMMANDS - 1 ? "submit" : "remark", shared);
}
