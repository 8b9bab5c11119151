/** One half of the campaign; the other half runs beside it. */
import { expect, test } from "vitest";
import { belowFloor, runHalf } from "./campaign.js";

const TIMEOUT_MS = 24 * 3_600_000;

test(
  "even seeds: whatever fails, nothing is lost, doubled or stuck",
  async () => {
    const campaign = await runHalf("even");
    if (campaign.runs > 0) console.info(campaign.summary);
    expect(campaign.failures.join("\n\n")).toBe("");
    expect(belowFloor(campaign)).toEqual([]);
  },
  TIMEOUT_MS,
);
