/** A rollback that is cut short while nobody knows what came of a compensation that is sent at most once. On the pure step. */
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/core/json/json.js";
import { webhookAction } from "../../kit/definitions.js";
import { operate, UNKNOWN } from "../../kit/once-machine.js";
import { PureRun } from "../../kit/pure-run.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

function undoable(actionId: string): JsonObject {
  const { onTimeout: _nobodyIsAsked, ...undo } = webhookAction(`undo-${actionId}`, {
    delivery: "atMostOnce",
    retryCount: 1,
  });
  return webhookAction(actionId, { compensate: undo });
}

/** init --go--> fork; left: `one`, `two`, `fails` (rolls back, and `undo-two` is sent); right: `other` */
function branches(onError: Json): PureRun {
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
      { stateId: "right", baseStateType: "task", entryActions: [webhookAction("other", { onError })] },
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
  expect(underWay(run)).toEqual(["other", "undo-two"]);
  return run;
}

const toStart = { strategy: "rollback", rollbackTo: "start" };

function underWay(run: PureRun): string[] {
  return run.tries.map(({ actionId }) => actionId);
}

describe("a compensation in doubt", () => {
  test("that a neighbour's abort calls off asks in an incident of its own, and a retry of the rest does not send it", () => {
    const run = branches("abort");
    const key = run.tries[1]?.key;
    run.fail("ACTION_FAILED", true, "other");
    expect(run.status).toBe("error");
    expect(run.snapshot?.incidents.map(({ code, key: of }) => [code, of])).toEqual([
      ["OUTCOME_UNKNOWN", key],
      ["NOT_COMPENSATED", undefined],
    ]);
    expect(run.snapshot?.incidents[1]?.message).toContain('"one"');
    expect(run.snapshot?.incidents[1]?.message).not.toContain('"two"');
    run.tries.splice(0);
    operate(run, "retry");
    expect(underWay(run)).toEqual(["undo-one"]);
  });

  test("that another rollback takes over is waited for and not sent again", () => {
    const run = branches(toStart);
    const key = run.tries[1]?.key;
    run.fail("ACTION_FAILED", true, "other");
    expect(run.tries.map((effect) => [effect.actionId, effect.key])).toEqual([["undo-two", key]]);
    run.succeed({}, "undo-two");
    expect(underWay(run)).toEqual(["undo-one"]);
    run.succeed({}, "undo-one");
    expect([run.status, run.state, run.snapshot?.incidents]).toEqual(["error", "broken", []]);
  });

  test("that another rollback takes over is tried again under its key when it certainly did not happen", () => {
    const run = branches(toStart);
    const key = run.tries[1]?.key;
    run.fail("ACTION_FAILED", true, "other");
    run.fail("ACTION_FAILED", false, "undo-two");
    expect(underWay(run)).toEqual([]);
    run.fireNextTimer();
    expect(run.tries.map((effect) => [effect.actionId, effect.key])).toEqual([["undo-two", key]]);
  });

  test("that another rollback takes over holds that one when it stays unknown", () => {
    const run = branches(toStart);
    run.result(UNKNOWN, "undo-two");
    run.fail("ACTION_FAILED", true, "other");
    expect(underWay(run)).toEqual([]);
    expect(run.snapshot?.incidents).toMatchObject([{ code: "OUTCOME_UNKNOWN", suspends: true }]);
    operate(run, "skip");
    expect(underWay(run)).toEqual(["undo-one"]);
  });
});
