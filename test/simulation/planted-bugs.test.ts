/** Oracles that notice nothing would show nothing: each planted mistake is noticed, by an oracle made for it. */
import { describe, expect, test } from "vitest";
import { PLANTED_BUGS } from "./planted-bugs.js";
import { type Run, runSeed } from "./run-seed.js";

const MOST_SEEDS = 400;
const TIMEOUT_MS = 5 * 60_000;

describe("a planted bug is noticed", { timeout: TIMEOUT_MS }, () => {
  test.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))("%s", async (_name, bug) => {
    const noticed = await firstViolation((seed) => runSeed(seed, { bug }));
    expect(bug.noticedBy).toContain(noticed?.violation?.oracle);
    console.info(`  ${noticed?.violation?.oracle} in seed ${noticed?.seed}: ${bug.name}`);
  });
});

async function firstViolation(run: (seed: number) => Promise<Run>): Promise<Run | undefined> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const result = await run(seed);
    if (result.violation !== undefined) return result;
  }
  return undefined;
}
