/**
 * A campaign: transfers through a real engine against a real bank, both killed again and again in bad weather, until every
 * transfer is over. It only makes the evidence (two databases, and the logs of bank and clients); whether it is sound, the auditor says.
 *
 * Modes: `isCalm` kills nobody and has no weather; `plant` puts one mistake into the bank or the definition.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "./client.mjs";
import { makeTransfer } from "./customer.mjs";
import { drawFrom } from "./draw.mjs";
import { MortalProcess } from "./mortal-process.mjs";
import { storm } from "./storm.mjs";
import { drawTransfer, openingAccounts } from "./workload.mjs";

const CLIENTS = 5;
const ENGINE = new URL("../../../dist/index.js", import.meta.url).href;

/**
 * @typedef {object} CampaignSettings
 * @property {string} directory is made; the evidence is left in it
 * @property {string} seed
 * @property {number} transfers
 * @property {number} [seconds] no transfer is opened after that; without it all are made
 * @property {number} [atOnce] transfers under way at the same time
 * @property {number} [pauseMs] mean time between two kills
 * @property {boolean} [isCalm]
 * @property {boolean} [isDraining] nobody pays into the hot account: its funds are fought for
 * @property {string} [plant] a name of planted-bank.mjs or definition.mjs
 * @property {(made: number) => void} [onProgress] after each transfer
 * @property {AbortSignal} [signal] ends it with a failure; no process is left behind
 *
 * @typedef {object} Figures what happened, to be held against floors
 * @property {number} transfers made
 * @property {number} seconds
 * @property {number} engineKills
 * @property {number} bankKills
 * @property {number} copies commands sent and answered, each copy counted
 * @property {number} answeredAgain of these, how many were first answers given again
 * @property {number} lostAnswers requests of clients that an engine did not live to answer
 * @property {Record<string, number>} weather by its name, and `NAME applied` where the bank had done what it was asked
 *
 * @typedef {{ figures: Figures, evidence: import("../auditor/audit-evidence.mjs").Evidence }} Campaign
 */

/**
 * Runs a campaign.
 * @param {CampaignSettings} settings
 * @returns {Promise<Campaign>}
 * @throws {Error} when a process ends by itself or complains, or a command is refused
 */
export async function runCampaign(settings) {
  const { directory, seed, plant, isCalm = false, pauseMs = 1_500 } = settings;
  mkdirSync(directory, { recursive: true });
  const evidence = {
    enginePath: join(directory, "engine.db"),
    bankPath: join(directory, "bank.db"),
    callsPath: join(directory, "bank-calls.log"),
    logPaths: Array.from({ length: CLIENTS }, (_, index) => join(directory, `client-${index + 1}.log`)),
  };
  /** @type {Record<string, number>} */
  const weather = {};
  const failure = failureOf();
  settings.signal?.addEventListener("abort", () => failure.report(new Error("The campaign was called off.")));
  let port = 0;
  const bank = new MortalProcess({
    program: "bank-program.mjs",
    argument: (life) => ({
      databasePath: evidence.bankPath,
      callsPath: evidence.callsPath,
      port,
      seed: `${seed}/bank/${life}`,
      hasWeather: !isCalm,
      plant,
    }),
    onLine: (line) => count(weather, line),
    onFailure: failure.report,
  });
  const clients = evidence.logPaths.map((path) => new Client(path, { whenUp: () => engine.whenUp() }));
  let bankUrl = "";
  const engine = new MortalProcess({
    program: "engine-program.mjs",
    argument: () => ({ engine: ENGINE, databasePath: evidence.enginePath, bankUrl, plant }),
    onFailure: failure.report,
  });
  const work = async () => {
    const startedAtMs = performance.now();
    bankUrl = await bank.start();
    port = Number(new URL(bankUrl).port);
    await openAccounts(bankUrl);
    await engine.start();
    const calm = new AbortController();
    const storming = isCalm
      ? Promise.resolve({ engineKills: 0, bankKills: 0 })
      : storm({ engine, bank, draw: drawFrom(`${seed}/storm`), pauseMs, signal: calm.signal });
    const making = makeAll(settings, clients, failure.signal).finally(() => calm.abort());
    const [sent, kills] = await Promise.all([making, storming]);
    await engine.end("SIGTERM");
    await bank.end("SIGTERM");
    return { ...sent, ...kills, seconds: (performance.now() - startedAtMs) / 1_000 };
  };
  try {
    const done = await Promise.race([work(), failure.promise]);
    const lostAnswers = clients.reduce((sum, { lost }) => sum + lost, 0);
    return { figures: { ...done, lostAnswers, weather }, evidence };
  } finally {
    failure.abort();
    await Promise.all([engine.remove(), bank.remove()]);
  }
}

/**
 * @param {CampaignSettings} settings
 * @param {readonly Client[]} clients
 * @param {AbortSignal} failed
 * @returns {Promise<{ transfers: number, copies: number, answeredAgain: number }>}
 */
async function makeAll(settings, clients, failed) {
  const { seed, transfers, seconds, atOnce = 32, isDraining, onProgress } = settings;
  const sent = { copies: 0, answeredAgain: 0 };
  const endAtMs = performance.now() + (seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  let opened = 0;
  let made = 0;
  const work = async () => {
    while (opened < transfers && performance.now() < endAtMs && !failed.aborted) {
      opened += 1;
      await makeTransfer({ clients, transfer: drawTransfer(seed, opened, isDraining), seed, sent });
      made += 1;
      onProgress?.(made);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { transfers: made, ...sent };
}

/** The first failure of a process; later ones follow from it. */
function failureOf() {
  const abort = new AbortController();
  /** @type {(error: Error) => void} */
  let report = () => {};
  /** @type {Promise<never>} */
  const promise = new Promise((_, reject) => {
    report = (error) => {
      abort.abort();
      reject(error);
    };
  });
  promise.catch(() => {});
  return { report, promise, signal: abort.signal, abort: () => abort.abort() };
}

/**
 * @param {Record<string, number>} counts
 * @param {Record<string, unknown>} line
 */
function count(counts, { weather, isApplied }) {
  const name = isApplied === true && weather !== "repeat" ? `${weather} applied` : String(weather);
  counts[name] = (counts[name] ?? 0) + 1;
}

/** @param {string} bankUrl */
async function openAccounts(bankUrl) {
  for (const account of openingAccounts()) {
    const response = await fetch(`${bankUrl}/admin/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
    });
    if (!response.ok) throw new Error(`The account ${account.accountId} was not opened: ${response.status}.`);
  }
}
