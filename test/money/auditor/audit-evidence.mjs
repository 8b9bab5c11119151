/**
 * The auditor of a campaign: reads the engine's database, the bank's, the log of what came to the bank, and the clients'
 * logs, shares no code with any of them, and says whether money went where it should.
 *
 *     node audit-evidence.mjs --engine PATH --bank PATH --calls PATH --log PATH... [--json]
 *     exit status 0: every rule holds, 1: a violation, 2: wrong usage
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { checkBooks } from "./check-books.mjs";
import { checkCalls, checkUnknown } from "./check-once.mjs";
import { checkTrail } from "./check-trail.mjs";
import { COMMAND_RULES, checkCommands, checkTransfer, TRANSFER_RULES } from "./check-transfers.mjs";
import { Findings } from "./findings.mjs";
import { eachInstance, readBooks, readCalls, readClients } from "./read-evidence.mjs";

/** The most violations of one rule that are printed. */
const MOST_PRINTED = 20;

/**
 * @typedef {{ enginePath: string, bankPath: string, callsPath: string, logPaths: string[] }} Evidence
 * @typedef {object} Counted
 * @property {Record<string, number>} ends transfers by the state they are in
 * @property {Record<string, number>} refusals transfers that were not made, by the code of why
 * @property {number} incidents open ones
 * @property {number} acknowledged commands, each once
 * @property {number} answers to them, every copy counted
 * @property {number} entries of all trails
 * @property {number} postings
 * @property {number} reconciled transfers that had to be looked up at the bank
 * @property {number} givenBack holds that were voided
 * @property {number} foundDone outcomes that were unknown, and found done
 * @property {number} foundNotDone outcomes that were unknown, and found not done
 * @property {number} refusedLate requests that came after the bank had said that they never would
 * @typedef {{ isSound: boolean, findings: import("./findings.mjs").Finding[], counted: Counted }} Verdict
 */

/**
 * Audits the evidence of a campaign that is over.
 * @param {Evidence} evidence
 * @returns {Verdict}
 * @throws {Error} when a database or the log of calls is not there
 */
export function auditEvidence({ enginePath, bankPath, callsPath, logPaths }) {
  const findings = new Findings();
  const books = readBooks(bankPath);
  const calls = readCalls(callsPath);
  const clients = readClients(logPaths);
  const bank = new Map(books.transfers.map((transfer) => [transfer.id, transfer]));
  const answers = [...clients.answersOf.values()].flat();
  const money = books.postings
    .filter(({ transfer_id: id, amount }) => id.startsWith("opening:") && Number(amount) > 0)
    .reduce((sum, { amount }) => sum + BigInt(Number(amount)), 0n);
  const counted = {
    ends: /** @type {Record<string, number>} */ ({}),
    refusals: /** @type {Record<string, number>} */ ({}),
    incidents: 0,
    acknowledged: new Set(answers.map(({ key }) => key)).size,
    answers: answers.length,
    entries: 0,
    postings: books.postings.length,
    reconciled: 0,
    givenBack: givenBack(books.moves),
    foundDone: 0,
    foundNotDone: 0,
    refusedLate: calls.filter(({ status }) => status === 410).length,
  };
  checkBooks(books, findings);
  const words = checkCalls(calls, books.doneKeys, findings);
  /** @type {Map<string, { state: string, status: string }>} */
  const ends = new Map();
  eachInstance(enginePath, (instance) => {
    const { instanceId, state, status, data, trail, openIncidents } = instance;
    ends.set(instanceId, { state, status });
    checkTrail(instance, findings);
    checkTransfer(instance, { clients, bank, money, findings });
    checkCommands(instance, clients, findings);
    const found = checkUnknown(instance, words, findings);
    counted.foundDone += found.done;
    counted.foundNotDone += found.notDone;
    counted.ends[state] = (counted.ends[state] ?? 0) + 1;
    if (status === "error" || state === "verification_failed") {
      const code = String(data.errorCode);
      counted.refusals[code] = (counted.refusals[code] ?? 0) + 1;
    }
    counted.incidents += openIncidents;
    counted.entries += trail.length;
    if (trail.some(({ entry }) => entry.includes('"askBank"'))) counted.reconciled += 1;
  });
  checkPresence(clients, bank, ends, findings);
  const list = findings.list();
  return { isSound: list.every(({ violations }) => violations.length === 0), findings: list, counted };
}

/**
 * What each side says must be known to the other.
 * @param {import("./read-evidence.mjs").Clients} clients
 * @param {ReadonlyMap<string, import("./read-evidence.mjs").BankTransfer>} bank
 * @param {ReadonlyMap<string, { state: string, status: string }>} ends
 * @param {Findings} findings
 */
function checkPresence({ openings, overs }, bank, ends, findings) {
  const transferIds = new Set([...openings.values()].map(({ transferId }) => transferId));
  for (const id of bank.keys()) findings.check(TRANSFER_RULES.atBank, transferIds.has(id), () => id);
  const opened = new Set(overs.map(({ instanceId }) => instanceId));
  for (const instanceId of openings.keys()) {
    findings.check(
      TRANSFER_RULES.opened,
      ends.has(instanceId) && opened.has(instanceId),
      () =>
        `${instanceId} was opened, and ${ends.has(instanceId) ? "no client saw its end" : "is not there"}`,
    );
  }
  for (const { instanceId, state, status } of overs) {
    const end = ends.get(instanceId);
    findings.check(
      COMMAND_RULES.seen,
      end?.state === state && end.status === status,
      () => `${instanceId} was seen ${status} in ${state}, and is ${end?.status} in ${end?.state}`,
    );
  }
}

/** @param {readonly import("./read-evidence.mjs").Move[]} moves */
function givenBack(moves) {
  const held = new Set(moves.filter(({ state }) => state === "held").map((move) => move.transfer_id));
  return moves.filter(({ state, transfer_id: id }) => state === "voided" && held.has(id)).length;
}

/**
 * The verdict for people.
 * @param {Verdict} verdict
 * @returns {string} lines, with a line feed at the end
 */
export function describeVerdict({ isSound, findings, counted }) {
  const lines = findings.flatMap(({ rule, checks, violations }) => [
    `  ${violations.length === 0 ? "ok " : "NO "} ${rule} (${checks})`,
    ...violations.slice(0, MOST_PRINTED).map((violation) => `        ${violation}`),
    ...(violations.length > MOST_PRINTED ? [`        and ${violations.length - MOST_PRINTED} more`] : []),
  ]);
  const ends = listed(counted.ends);
  return `${lines.join("\n")}
${isSound ? "The money is where it should be" : "THE MONEY IS NOT WHERE IT SHOULD BE"}: ${ends}; ${counted.incidents} open incidents.
Not made: ${listed(counted.refusals)}.
${counted.acknowledged} acknowledged commands (${counted.answers} answers), ${counted.entries} audit entries, ${counted.postings} postings, ${counted.reconciled} transfers looked up at the bank, ${counted.givenBack} holds given back; ${counted.foundDone + counted.foundNotDone} outcomes unknown, ${counted.foundDone} of them found done.
`;
}

/** @param {Record<string, number>} counts */
function listed(counts) {
  const texts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return texts.join(", ") || "none";
}

function main() {
  const { values } = parseArgs({
    options: {
      engine: { type: "string" },
      bank: { type: "string" },
      calls: { type: "string" },
      log: { type: "string", multiple: true },
      json: { type: "boolean" },
    },
  });
  const { engine, bank, calls, log } = values;
  if (engine === undefined || bank === undefined || calls === undefined || log === undefined) {
    process.stderr.write(
      "usage: node audit-evidence.mjs --engine PATH --bank PATH --calls PATH --log PATH... [--json]\n",
    );
    return 2;
  }
  const verdict = auditEvidence({ enginePath: engine, bankPath: bank, callsPath: calls, logPaths: log });
  process.stdout.write(values.json === true ? `${JSON.stringify(verdict)}\n` : describeVerdict(verdict));
  return verdict.isSound ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = main();
