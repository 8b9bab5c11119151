/**
 * The demonstration: a bank with its own books, the engine at the command line, four transfers; in the last the bank
 * dies after it has moved the money and before it says so. Exit status 1 when anything is not as promised.
 *
 *     node examples/money-transfer/demo.mjs          (after npm run build)
 *
 * 1. Nothing but the loopback interface is used, and every process that is started here is ended here.
 * 2. Everything that is written is under .statewright/demo, made afresh each time and left for looking at.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { auditLedger, describeVerdict } from "./bank/audit.mjs";
import { startBankProcess } from "./bank/bank-process.mjs";
import {
  ROOT,
  readInstance,
  requireBuild,
  runCommandLine,
  runOptions,
  shortPath,
} from "./demo/command-line.mjs";
import { createReport, describeCommand, describePath } from "./demo/report.mjs";
import { ACCOUNTS, ADA, BEN, fourTransfers } from "./demo/story.mjs";

/** How long the bank stays away before it is started again. */
const AWAY_MS = 700;

/**
 * @typedef {import("./demo/story.mjs").Transfer} Transfer
 * @typedef {import("./bank/bank-process.mjs").BankProcess} BankProcess
 *
 * @typedef {object} Stage everything that the story is played with
 * @property {import("./demo/command-line.mjs").Place} place
 * @property {import("./demo/report.mjs").Report} report
 * @property {AbortSignal} signal
 * @property {BankProcess} bank the one that is up now
 */

/** @param {Stage} stage */
async function play(stage) {
  const { report } = stage;
  const startedAtMs = performance.now();
  const { completes, refused, rejected, survives } = fourTransfers();
  await openTheBank(stage);
  for (const transfer of [completes, refused, rejected]) {
    report.chapter(`${transfer.instanceId}: ${transfer.title}`);
    await follow(stage, transfer);
  }
  report.chapter(`${survives.instanceId}: ${survives.title}`);
  await playTheCrash(stage, survives);
  report.chapter("The books, by an auditor who trusts nobody");
  await audit(stage, survives);
  await tellWhereThingsAre(stage);
  report.say(`\nDone in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s.`);
}

/** @param {Stage} stage */
async function openTheBank({ bank, report }) {
  report.chapter("A bank with two accounts");
  for (const account of ACCOUNTS) {
    const response = await fetch(`${bank.url}/admin/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
    });
    if (!response.ok)
      throw new Error(`The bank did not open account ${account.accountId}: ${await response.text()}`);
    report.say(
      `  ${account.customerId} has account ${account.accountId} with ${account.balance} ${account.currency}`,
    );
  }
  report.say(`  the bank listens on ${bank.url}; the definition knows it as http://bank.example`);
}

/**
 * Runs one transfer to its end and compares it with what was promised.
 * @param {Stage} stage
 * @param {Transfer} transfer
 * @returns {Promise<import("./demo/command-line.mjs").InstanceDocument>}
 */
async function follow(stage, transfer) {
  const { report, place, signal } = stage;
  const before = await balances(stage);
  const options = runOptions(place, stage.bank.url, transfer);
  report.say(`  $ ${describeCommand(options)}`);
  const outcome = await runCommandLine(options, signal);
  const instance = readInstance(outcome);
  for (const line of describePath(instance)) report.say(line);
  const after = await balances(stage);
  report.say(`  balances: ada ${before.ada} → ${after.ada}, ben ${before.ben} → ${after.ben}`);
  checkPromises(stage, transfer, outcome, instance, after);
  await checkNotices(stage, instance);
  return instance;
}

/**
 * @param {Stage} stage
 * @param {Transfer} transfer
 * @param {import("./demo/command-line.mjs").Outcome} outcome
 * @param {import("./demo/command-line.mjs").InstanceDocument} instance
 * @param {{ ada: string, ben: string }} after
 */
function checkPromises({ report, place }, transfer, outcome, instance, after) {
  const { promised } = transfer;
  const path = statesOf(instance).join(" → ");
  const end = promised.path.at(-1);
  report.promise(`it goes ${promised.path.join(" → ")}`, path === promised.path.join(" → "), path);
  report.promise(
    `it ends in ${end} with status ${promised.status}, and the command with ${promised.exitCode}`,
    instance.currentState === end &&
      instance.status === promised.status &&
      outcome.exitCode === promised.exitCode,
    `${instance.currentState}, ${instance.status}, ${outcome.exitCode}\n${outcome.stderr}`,
  );
  for (const [property, value] of Object.entries(promised.data)) {
    report.promise(
      `${property} is ${value}`,
      instance.data[property] === value,
      String(instance.data[property]),
    );
  }
  report.promise(
    `ada has ${promised.balances.ada}, ben ${promised.balances.ben}`,
    after.ada === promised.balances.ada && after.ben === promised.balances.ben,
  );
  const mirrored = join(place.instances, promised.status, `${transfer.instanceId}.json`);
  report.promise(`its document is ${shortPath(mirrored)}`, existsSync(mirrored));
}

/**
 * The bank was told of every state, in order, also of those that were entered while it was away.
 * @param {Stage} stage
 * @param {import("./demo/command-line.mjs").InstanceDocument} instance
 */
async function checkNotices({ bank, report }, instance) {
  const { items } = await (await fetch(`${bank.url}/callbacks`)).json();
  /** @type {{ type?: string, subject?: string, data?: { to?: string } }[]} */
  const notices = items.map((/** @type {{ body: unknown }} */ { body }) => body);
  const told = notices
    .filter(
      ({ subject, type }) => subject === instance.instanceId && type === "statewright.instance.state-changed",
    )
    .map(({ data }) => data?.to);
  report.promise(
    "the bank was told of each state, in order",
    told.join() === statesOf(instance).join(),
    told.join(),
  );
}

/**
 * @param {Stage} stage
 * @param {Transfer} transfer
 */
async function playTheCrash(stage, transfer) {
  const { report, place } = stage;
  await stage.bank.stop();
  const { port } = stage.bank;
  const faulty = await startBankProcess({
    databasePath: place.bankDatabase,
    port,
    faults: ["die-after-post"],
  });
  stage.bank = faulty;
  report.say("  the bank is started again so that it dies after its next posting");
  // Balances are asked for before the bank may die, so the crash is watched beside the run.
  const restarted = faulty.exited.then(async ({ signal }) => {
    report.say(`  … the bank has moved the money and is gone (${signal}); nobody got an answer`);
    report.promise("the bank died by SIGKILL", signal === "SIGKILL", String(signal));
    await delay(AWAY_MS, undefined, { signal: stage.signal });
    stage.bank = await startBankProcess({ databasePath: place.bankDatabase, port });
    report.say(`  … ${AWAY_MS} ms later it is started again on the same port`);
  });
  try {
    checkQuestion(stage, await follow(stage, transfer));
  } finally {
    // A bank that did not die is ended here, so that nothing waits for it for ever.
    await faulty.stop();
    await restarted.catch(() => {});
  }
}

/**
 * What nobody answered is not sent again: the bank is asked, and its answer is the posting's.
 * @param {Stage} stage
 * @param {import("./demo/command-line.mjs").InstanceDocument} instance
 */
function checkQuestion({ report }, { history }) {
  const actions = history.flatMap((visit) => visit.actions);
  const posting = actions.filter(({ actionId }) => actionId === "postTransfer");
  const question = actions.find(({ actionId }) => actionId === "askPosting");
  report.promise(
    "the posting was sent once, and not again",
    posting.length === 1 && posting[0]?.tries === 1,
    JSON.stringify(posting),
  );
  report.promise(
    "the bank was asked what became of it, by its key, until it said so",
    posting[0]?.status === "completed" && question?.status === "completed",
    JSON.stringify({ posting, question }),
  );
}

/**
 * @param {Stage} stage
 * @param {Transfer} survivor
 */
async function audit({ report, place, signal }, survivor) {
  const verdict = auditLedger(place.bankDatabase);
  for (const line of describeVerdict(verdict).trimEnd().split("\n")) report.say(line);
  report.promise("the books are right", verdict.isSound);
  report.promise(
    `two transfers were posted, ${survivor.instanceId} once, and nothing is held`,
    verdict.counted.posted === 2 && verdict.counted.held === 0,
    JSON.stringify(verdict.counted),
  );
  report.chapter("The audit trail, by the engine");
  const options = ["audit", "verify", "--db", `sqlite:${shortPath(place.engineDatabase)}`];
  report.say(`  $ ${describeCommand(options)}`);
  const { exitCode, stdout, stderr } = await runCommandLine(options, signal);
  for (const line of stdout.trimEnd().split("\n")) report.say(`  ${line}`);
  report.promise("every trail is whole", exitCode === 0, stderr.trimEnd());
}

/** @param {Stage} stage */
async function tellWhereThingsAre({ report, place }) {
  report.chapter("Where to look");
  report.say(`  ${shortPath(place.engineDatabase).padEnd(36)} the engine: instances, history, audit trail`);
  report.say(`  ${`${shortPath(place.instances)}/`.padEnd(36)} each transfer as a JSON document`);
  report.say(
    `  ${shortPath(place.bankDatabase).padEnd(36)} the bank: accounts, transfers, postings, notices`,
  );
}

/**
 * @param {Stage} stage
 * @returns {Promise<{ ada: string, ben: string }>}
 */
async function balances({ bank }) {
  const [ada, ben] = await Promise.all(
    [ADA, BEN].map(
      async (accountId) => (await (await fetch(`${bank.url}/accounts/${accountId}`)).json()).balance,
    ),
  );
  return { ada, ben };
}

/**
 * The states that an instance was in; those that only route are left out, as nobody is told of them.
 * @param {import("./demo/command-line.mjs").InstanceDocument} instance
 */
function statesOf(instance) {
  const routing = new Set(["checked", "reconciled"]);
  return instance.history.map(({ state }) => state).filter((state) => !routing.has(state));
}

/** @returns {import("./demo/command-line.mjs").Place} */
function freshPlace() {
  const directory = join(ROOT, ".statewright", "demo");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  return {
    directory,
    engineDatabase: join(directory, "engine.db"),
    bankDatabase: join(directory, "bank.db"),
    instances: join(directory, "instances"),
  };
}

async function main() {
  requireBuild();
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => interrupted.abort());
  const report = createReport((line) => process.stdout.write(line));
  const place = freshPlace();
  const stage = {
    place,
    report,
    signal: interrupted.signal,
    bank: await startBankProcess({ databasePath: place.bankDatabase }),
  };
  try {
    await play(stage);
  } finally {
    await stage.bank.stop();
  }
  const broken = report.broken();
  report.say(
    broken.length === 0 ? "Everything is as promised." : `NOT as promised:\n  ${broken.join("\n  ")}`,
  );
  return broken.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `The demonstration could not go on: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
