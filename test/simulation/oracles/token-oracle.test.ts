/** What an instance must not look like, each in one stroke away from one that is right. */
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/core/model/snapshot.js";
import { PureRun } from "../../kit/pure-run.js";
import { restFault, tokenFault } from "./token-oracle.js";

const tour = {
  id: "tour",
  states: {
    planned: { type: "initial", transitions: [{ target: "sights", event: "go" }] },
    sights: {
      type: "compound",
      initial: "tower",
      states: {
        tower: { type: "wait", transitions: [{ target: "seen", event: "next" }] },
        seen: { type: "final" },
      },
      transitions: [{ target: "home" }],
    },
    home: { type: "final" },
  },
};

function inside(): { readonly machine: PureRun["machine"]; readonly snapshot: Snapshot } {
  const run = new PureRun(tour);
  run.start();
  run.send("go");
  if (run.snapshot === undefined) throw new Error("It has not begun.");
  return { machine: run.machine, snapshot: structuredClone(run.snapshot) };
}

describe("the tokens of an instance", () => {
  test("are right as the step leaves them", () => {
    const { machine, snapshot } = inside();
    expect(tokenFault(machine, snapshot)).toBeUndefined();
    expect(restFault(machine, snapshot)).toBeUndefined();
  });

  test("may not be in a scope that was left", () => {
    const { machine, snapshot } = inside();
    snapshot.scopes = snapshot.scopes.filter(({ scopeId }) => scopeId === "root");
    expect(tokenFault(machine, snapshot)).toContain("nothing inside");
    snapshot.tokens = snapshot.tokens.filter(({ phase }) => phase !== "inside");
    expect(tokenFault(machine, snapshot)).toContain("in a scope that was left");
  });

  test("may not leave a scope without its owner", () => {
    const { machine, snapshot } = inside();
    snapshot.tokens = snapshot.tokens.filter(({ phase }) => phase !== "inside");
    expect(tokenFault(machine, snapshot)).toContain("has no owner any more");
  });

  test("may not be settled while something goes on inside", () => {
    const { machine, snapshot } = inside();
    for (const token of snapshot.tokens) token.phase = "settled";
    expect(tokenFault(machine, snapshot)).toContain("inside something goes on");
  });

  test("may not wait when the instance has ended", () => {
    const { machine, snapshot } = inside();
    snapshot.status = "completed";
    for (const token of snapshot.tokens)
      token.timers = [{ timerId: "t", transitionId: "x", eventId: "x", dueAt: "2026-01-01T00:00:00.000Z" }];
    expect(tokenFault(machine, snapshot)).toContain("still waits");
  });

  test("may not stand where nothing from outside could move them", () => {
    const { machine, snapshot } = inside();
    for (const token of snapshot.tokens) if (token.stateId === "tower") token.stateId = "seen";
    expect(restFault(machine, snapshot)).toContain("waits for nothing that has a name");
  });
});
