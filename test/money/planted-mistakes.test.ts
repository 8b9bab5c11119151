/**
 * An auditor that cannot fail shows nothing: with each planted mistake, the campaign's evidence must not pass, and the
 * rule that speaks first of it must be among those that are broken. The same campaign without one passes.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { isBuilt } from "../crash/transfer-process.js";
import type { Evidence } from "./auditor/audit-evidence.mjs";
import { BOOK_RULES } from "./auditor/check-books.mjs";
import { ONCE_RULES } from "./auditor/check-once.mjs";
import { TRANSFER_RULES } from "./auditor/check-transfers.mjs";
import { runCampaign } from "./campaign/run-campaign.mjs";

const AUDITOR = fileURLToPath(new URL("./auditor/audit-evidence.mjs", import.meta.url));
const TRANSFERS = 60;

const MISTAKES: readonly { readonly plant: string; readonly breaks: string }[] = [
  { plant: "float-money", breaks: TRANSFER_RULES.same },
  { plant: "check-then-update", breaks: BOOK_RULES.neverOverheld },
  { plant: "posts-again", breaks: BOOK_RULES.once },
  { plant: "keeps-holds", breaks: TRANSFER_RULES.given },
  { plant: "gives-up-unknown", breaks: TRANSFER_RULES.given },
  { plant: "gives-back-unknown", breaks: ONCE_RULES.settled },
  { plant: "sends-again", breaks: ONCE_RULES.posting },
  { plant: "believes-too-early", breaks: TRANSFER_RULES.given },
  { plant: "breaks-its-word", breaks: ONCE_RULES.kept },
];

test.skipIf(!isBuilt).for(MISTAKES)(
  "the auditor names what $plant breaks, and fails",
  { timeout: 120_000 },
  async ({ plant, breaks }, { signal }) => {
    const { code, broken } = await audit(await calmCampaign(signal, plant));
    expect(broken).toContain(breaks);
    expect(code).toBe(1);
  },
);

test.skipIf(!isBuilt)(
  "the auditor passes the same campaign without a mistake",
  { timeout: 120_000 },
  async ({ signal }) => {
    expect(await audit(await calmCampaign(signal))).toEqual({ code: 0, broken: [] });
  },
);

async function calmCampaign(signal: AbortSignal, plant?: string): Promise<Evidence> {
  const directory = mkdtempSync(join(tmpdir(), "statewright-money-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { figures, evidence } = await runCampaign({
    directory,
    seed: "planted",
    transfers: TRANSFERS,
    atOnce: TRANSFERS,
    isCalm: true,
    isDraining: true,
    signal,
    ...(plant === undefined ? {} : { plant }),
  });
  expect(figures.transfers).toBe(TRANSFERS);
  return evidence;
}

/** As a program of its own, which is how it is asked about a campaign that somebody else has run. */
function audit({
  enginePath,
  bankPath,
  callsPath,
  logPaths,
}: Evidence): Promise<{ code: unknown; broken: string[] }> {
  const options = [
    "--engine",
    enginePath,
    "--bank",
    bankPath,
    "--calls",
    callsPath,
    ...logPaths.flatMap((path) => ["--log", path]),
  ];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [AUDITOR, "--json", ...options],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (stderr !== "") return reject(new Error(stderr));
        const { findings } = JSON.parse(stdout) as {
          findings: { rule: string; violations: string[] }[];
        };
        const broken = findings.filter(({ violations }) => violations.length > 0).map(({ rule }) => rule);
        resolve({ code: error?.code ?? 0, broken });
      },
    );
  });
}
