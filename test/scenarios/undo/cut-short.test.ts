/** What a rollback leaves when something ends it, and how much it may have to undo. On the pure step. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { webhookAction } from "../../kit/definitions.js";
import { PureRun } from "../../kit/pure-run.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

function undoable(actionId: string, settings: JsonObject = {}): JsonObject {
  return webhookAction(actionId, { compensate: webhookAction(`undo-${actionId}`), ...settings });
}

/** init --go--> fork; left: `one`, `two`, `fails` (rolls back); right: `other` (aborts) */
function branches(): PureRun {
  const run = new PureRun({
    stateMachineId: "branches",
    states: [
      { stateId: "init", baseStateType: "initial" },
      { stateId: "fork", baseStateType: "fork" },
      { stateId: "left0", baseStateType: "userTask" },
      {
        stateId: "left",
        baseStateType: "task",
        entryActions: [undoable("one"), undoable("two"), webhookAction("fails", { onError: "rollback" })],
      },
      { stateId: "right", baseStateType: "task", entryActions: [webhookAction("other")] },
      { stateId: "join", baseStateType: "join" },
      { stateId: "done", baseStateType: "final" },
      { stateId: "broken", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "go", fromStateId: "init", toStateId: "fork", event: manual("go") },
      { transitionId: "l", fromStateId: "fork", toStateId: "left0" },
      { transitionId: "r", fromStateId: "fork", toStateId: "right" },
      { transitionId: "l1", fromStateId: "left0", toStateId: "left", event: manual("work") },
      { transitionId: "jl", fromStateId: "left", toStateId: "join" },
      { transitionId: "jr", fromStateId: "right", toStateId: "join" },
      { transitionId: "d", fromStateId: "join", toStateId: "done" },
    ],
  });
  run.start();
  run.send("go");
  run.send("work");
  run.succeed({}, "one");
  run.succeed({}, "two");
  run.fail("ACTION_FAILED", true, "fails");
  return run;
}

function underWay(run: PureRun): string[] {
  return run.tries.map(({ actionId }) => actionId);
}

describe("a rollback that a neighbour's abort cuts short", () => {
  test("has one incident that names what was not undone, the last first", () => {
    const run = branches();
    expect(underWay(run)).toEqual(["other", "undo-two"]);
    run.fail("ACTION_FAILED", true, "other");
    expect([run.status, run.state, underWay(run)]).toEqual(["error", "broken", []]);
    expect(run.snapshot?.incidents).toMatchObject([{ code: "NOT_COMPENSATED", suspends: false }]);
    expect(run.snapshot?.incidents[0]?.message).toContain(`"two", "one"`);
  });

  test("is finished by a retry, after the end too, in the reverse order", () => {
    const run = branches();
    run.fail("ACTION_FAILED", true, "other");
    run.accept({ type: "operator", act: "retry", reason: "it has to be" });
    const order: string[] = [];
    while (run.tries.length > 0) {
      order.push(...underWay(run));
      run.succeed();
    }
    expect(order).toEqual(["undo-two", "undo-one"]);
    expect([run.status, run.snapshot?.incidents, run.snapshot?.compensations]).toEqual([
      "error",
      [],
      undefined,
    ]);
  });

  test("is given up by a skip", () => {
    const run = branches();
    run.fail("ACTION_FAILED", true, "other");
    run.accept({ type: "operator", act: "skip", reason: "it is past" });
    expect([run.tries.length, run.snapshot?.incidents, run.snapshot?.compensations]).toEqual([
      0,
      [],
      undefined,
    ]);
  });

  test("does not name what it had undone by then", () => {
    const run = branches();
    run.succeed({}, "undo-two");
    run.fail("ACTION_FAILED", true, "other");
    expect(run.snapshot?.incidents[0]?.message).not.toContain(`"two"`);
    expect(run.snapshot?.incidents[0]?.message).toContain(`"one"`);
  });
});

describe("a log that only grows", () => {
  function rounds(payload: string): PureRun {
    return new PureRun({
      stateMachineId: "rounds",
      states: [
        { stateId: "init", baseStateType: "initial" },
        {
          stateId: "round",
          baseStateType: "task",
          entryActions: [
            webhookAction("x", {
              onError: { strategy: "rollback", rollbackTo: "start" },
              compensate: webhookAction("undo", {
                trigger: { webhook: { url: "http://127.0.0.1:1/undo", payload: { text: payload } } },
              }),
            }),
            webhookAction("y"),
          ],
        },
        { stateId: "end", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "go", fromStateId: ["init", "round"], toStateId: "round", event: manual("go") },
        { transitionId: "e", fromStateId: "round", toStateId: "end", event: manual("end") },
      ],
    });
  }

  test("holds the instance before it is too large, loses nothing, and goes on by a retry", () => {
    const LARGE = "x".repeat(100 * 1024);
    const run = rounds(LARGE);
    run.start();
    for (let round = 1; round <= 5; round += 1) {
      run.send("go");
      run.succeed({}, "x");
      run.succeed({}, "y");
    }
    expect(run.status).toBe("active");
    run.send("go");
    run.succeed({}, "x");
    expect([run.status, underWay(run)]).toEqual(["suspended", []]);
    expect(run.snapshot?.incidents).toMatchObject([{ code: "LIMIT_EXCEEDED", suspends: true }]);
    expect(run.snapshot?.compensations).toHaveLength(6);
    run.accept({ type: "operator", act: "retry", reason: "it is meant" });
    expect([run.status, underWay(run)]).toEqual(["active", ["y"]]);
    run.succeed({}, "y");
    run.send("go");
    run.fail("ACTION_FAILED", true, "x");
    let undone = 0;
    for (; run.tries.length > 0; undone += 1) run.succeed({}, "undo");
    expect([undone, run.status]).toEqual([6, "error"]);
  });
});
