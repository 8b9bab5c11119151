/**
 * Money under all faults at once: engine and bank are killed, calls are lost, late, doubled and refused, every command is
 * sent up to five times. Afterwards two auditors, who know nothing of each other, look at what is left.
 *
 * `MONEY_TRANSFERS` (300) and `MONEY_SEED` (1) make another run of it; `npm run money` makes a long one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { auditLedger } from "../../examples/money-transfer/bank/audit.mjs";
import { isBuilt } from "../crash/transfer-process.js";
import { auditEvidence, describeVerdict } from "./auditor/audit-evidence.mjs";
import { runCampaign } from "./campaign/run-campaign.mjs";
import { describeFigures, missedFloors } from "./floors.mjs";

const TRANSFERS = Number(process.env.MONEY_TRANSFERS ?? 300);
const SEED = process.env.MONEY_SEED ?? "1";

test.skipIf(!isBuilt)(
  `${TRANSFERS} transfers under all faults move each amount once, and strand none`,
  { timeout: 120_000 + TRANSFERS * 1_000 },
  async ({ signal }) => {
    const directory = mkdtempSync(join(tmpdir(), "statewright-money-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const { figures, evidence } = await runCampaign({
      directory,
      seed: SEED,
      transfers: TRANSFERS,
      atOnce: 48,
      signal,
    });
    const verdict = auditEvidence(evidence);
    console.log(`${describeFigures(figures, verdict.counted)}${describeVerdict(verdict)}`);
    expect(verdict.findings.filter(({ violations }) => violations.length > 0)).toEqual([]);
    expect(auditLedger(evidence.bankPath).isSound).toBe(true);
    expect(verdict.counted.incidents).toBe(0);
    expect(missedFloors(figures, verdict.counted)).toEqual([]);
  },
);
