// The money campaign: `npm run money -- --transfers N [--seconds T] [--seed S] [--at-once N] [--pause MS] [--keep DIR]`. Exit
// status 0: the auditor found nothing, and enough happened; 1: not so, and the evidence is kept; 2: wrong usage.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { auditLedger, describeVerdict as describeLedger } from "../examples/money-transfer/bank/audit.mjs";
import { auditEvidence, describeVerdict } from "../test/money/auditor/audit-evidence.mjs";
import { runCampaign } from "../test/money/campaign/run-campaign.mjs";
import { describeFigures, missedFloors } from "../test/money/floors.mjs";

const NUMBERS = { transfers: "10000", seconds: undefined, "at-once": "48", pause: "3000" };
const PROGRESS_EVERY = 500;

const given = options();
const numbers = Object.fromEntries(
  Object.keys(NUMBERS).map((name) => [name, given[name] === undefined ? undefined : whole(name)]),
);
const directory = given.keep ?? mkdtempSync(join(tmpdir(), "statewright-money-"));
try {
  const { figures, evidence } = await runCampaign({
    directory,
    seed: given.seed,
    transfers: numbers.transfers,
    seconds: numbers.seconds,
    atOnce: numbers["at-once"],
    pauseMs: numbers.pause,
    onProgress: (made) => {
      if (made % PROGRESS_EVERY === 0) console.error(`${made} transfers made`);
    },
  });
  const verdict = auditEvidence(evidence);
  const ledger = auditLedger(evidence.bankPath);
  const missed = missedFloors(figures, verdict.counted);
  process.stdout.write(describeFigures(figures, verdict.counted));
  process.stdout.write(describeVerdict(verdict));
  if (!ledger.isSound) process.stdout.write(describeLedger(ledger));
  for (const floor of missed) console.log(`Too little happened: ${floor}.`);
  if (verdict.isSound && ledger.isSound && missed.length === 0) {
    if (given.keep === undefined) rmSync(directory, { recursive: true, force: true });
  } else fail();
} catch (error) {
  console.error(error);
  fail();
}

function fail() {
  console.error(`The evidence is in ${directory}; the seed was ${given.seed}.`);
  process.exitCode = 1;
}

function options() {
  const known = Object.keys(NUMBERS).map((name) => [name, { type: "string", default: NUMBERS[name] }]);
  try {
    return parseArgs({
      options: {
        ...Object.fromEntries(known),
        seed: { type: "string", default: "1" },
        keep: { type: "string" },
      },
    }).values;
  } catch (error) {
    return misused(error.message);
  }
}

/** @param {string} name */
function whole(name) {
  if (!/^[1-9][0-9]*$/.test(given[name]))
    misused(`--${name} takes a whole number from 1, not "${given[name]}".`);
  return Number(given[name]);
}

/** @param {string} message */
function misused(message) {
  console.error(
    `${message}\nUsage: npm run money -- [--transfers N] [--seconds T] [--seed S] [--at-once N] [--pause MS] [--keep DIR]`,
  );
  process.exit(2);
}
