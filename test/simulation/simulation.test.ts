/** The simulation itself: a run is its seed and nothing else, and a failure says how to have it again. */
import { describe, expect, test } from "vitest";
import { PLANTED_BUGS } from "./planted-bugs.js";
import { describeFailure, runSeed } from "./run-seed.js";

describe("a run", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("of seed %i is the same twice, byte for byte", async (seed) => {
    const first = await runSeed(seed);
    const second = await runSeed(seed);
    expect(second.log.join("\n")).toBe(first.log.join("\n"));
    expect(second.work).toEqual(first.work);
    expect(first.log.length).toBeGreaterThan(100);
  });

  test("of another seed is another", async () => {
    const [first, second] = [await runSeed(1), await runSeed(2)];
    expect(second.log.join("\n")).not.toBe(first.log.join("\n"));
  });

  test("that fails says its seed, fails again in the same way, and tells how to have it alone", async () => {
    const [bug] = PLANTED_BUGS;
    const failed = await runSeed(1, bug);
    const again = await runSeed(1, bug);
    expect(failed.violation).toBeDefined();
    expect(again.violation).toEqual(failed.violation);
    expect(again.log).toEqual(failed.log);
    expect(describeFailure(failed)).toContain("SIM_SEED=1 npx vitest run test/simulation");
  });
});
