/** What was found once is looked for first, over both stores. */
import { describe, expect, test } from "vitest";
import { KEPT_SEEDS } from "./kept-seeds.js";
import { describeFailure, runSeed } from "./run-seed.js";

describe.each(["memory", "sqlite"] as const)(
  "over the %s store, a seed that once showed something",
  (store) => {
    test.each(KEPT_SEEDS)("$seed: $why", async ({ seed, leftOut = [] }) => {
      const run = await runSeed(seed, { store, leftOut });
      expect(run.violation === undefined ? "" : describeFailure(run)).toBe("");
    });
  },
);
