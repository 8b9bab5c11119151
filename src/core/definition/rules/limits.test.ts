import { describe, expect, it } from "vitest";
import { places, short } from "../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../json/json.js";

describe("limits", () => {
  it("at most 1,000 states and 5,000 transitions", () => {
    const states = Array.from({ length: 1_001 }, (_, n) => ({ stateId: `s${n}`, baseStateType: "task" }));
    const transitions = Array.from({ length: 5_001 }, () => ({ fromStateId: "s0", toStateId: "s1" }));
    expect(places({ stateMachineId: "m", states, transitions }, "LIMIT")).toEqual([
      "error /states",
      "error /transitions",
    ]);
  });

  it("at most 16 levels of states in states", () => {
    const nested = (depth: number): JsonObject => ({
      type: "compound",
      states: depth === 0 ? {} : { [`s${depth}`]: nested(depth - 1) },
    });
    expect(places(short({ a: nested(15) }), "LIMIT")).toEqual([]);
    expect(places(short({ a: nested(16) }), "LIMIT")).toHaveLength(1);
  });
});
