/** The same world over a real database file, which every process that starts opens as the one before has left it. */
import { expect, test } from "vitest";
import { belowFloor, runCampaign } from "./campaign.js";
import { runSeed } from "./run-seed.js";

const SEEDS = 60;
const TIMEOUT_MS = 10 * 60_000;

test(
  "over SQLite, whatever fails, nothing is lost, doubled or stuck",
  async () => {
    const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
    const campaign = await runCampaign({ seeds, store: "sqlite", name: "seeds" });
    console.info(campaign.summary);
    expect(campaign.failures.join("\n\n")).toBe("");
    expect(campaign.runs).toBeGreaterThan(0);
    expect(belowFloor(campaign)).toEqual([]);
  },
  TIMEOUT_MS,
);

test.each([1, 2, 3, 4, 5])("seed %i is the same over both stores, byte for byte", async (seed) => {
  const inMemory = await runSeed(seed, { store: "memory" });
  const inSqlite = await runSeed(seed, { store: "sqlite" });
  expect(inSqlite.log.join("\n")).toBe(inMemory.log.join("\n"));
  expect(inSqlite.journalHash).toBe(inMemory.journalHash);
});
