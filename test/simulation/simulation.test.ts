/** The simulation itself: a run is its seed and nothing else, and a failure says how to have it again. */
import { describe, expect, test } from "vitest";
import { PLANTED_BUGS } from "./planted-bugs.js";
import { describeFailure, runSeed } from "./run-seed.js";
import { describeMix, shrink } from "./shrink.js";

describe("a run", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("of seed %i is the same twice, byte for byte", async (seed) => {
    const first = await runSeed(seed);
    const second = await runSeed(seed);
    expect(second.log.join("\n")).toBe(first.log.join("\n"));
    expect(second.journalHash).toBe(first.journalHash);
    expect(second.work).toEqual(first.work);
    expect(first.log.length).toBeGreaterThan(100);
  });

  test("of another seed is another", async () => {
    const [first, second] = [await runSeed(1), await runSeed(2)];
    expect(second.journalHash).not.toBe(first.journalHash);
  });

  test("that fails says its seed, fails again in the same way, and tells how to have it alone", async () => {
    const [bug] = PLANTED_BUGS;
    const settings = bug === undefined ? {} : { bug };
    const failed = await runSeed(1, settings);
    const again = await runSeed(1, settings);
    expect(failed.violation).toBeDefined();
    expect(again.violation).toEqual(failed.violation);
    expect(again.log).toEqual(failed.log);
    expect(describeFailure(failed)).toContain("npm run simulate -- --seed 1");
  });

  test("that fails is made smaller: the same oracle finds fault with fewer faults and fewer instances", async () => {
    const bug = PLANTED_BUGS.find(({ name }) => name.startsWith("a timer is not written"));
    let failed = await runSeed(1, bug === undefined ? {} : { bug });
    for (let seed = 2; failed.violation === undefined && seed < 100; seed += 1)
      failed = await runSeed(seed, { ...failed.settings });
    const smallest = await shrink(failed);
    expect(smallest.violation?.oracle).toBe(failed.violation?.oracle);
    expect(smallest.faults).toEqual([]);
    expect(smallest.plans.length).toBe(1);
    expect(describeMix(smallest)).toContain("faults: none");
  });
});
