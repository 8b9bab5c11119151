/** Rolling back where several tokens are: forks, joins, regions, compound states, boundary events and children. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { webhookAction } from "../../kit/definitions.js";
import { PureRun } from "../../kit/pure-run.js";

function undoable(actionId: string): JsonObject {
  return webhookAction(actionId, {
    assign: { [actionId]: "done" },
    compensate: webhookAction(`undo-${actionId}`),
  });
}

const failing = (settings: JsonObject = {}) => webhookAction("fail", { onError: "rollback", ...settings });

function undone(run: PureRun): string[] {
  const order: string[] = [];
  for (;;) {
    const next = run.tries.find(({ actionId }) => actionId.startsWith("undo-"));
    if (next === undefined) return order;
    order.push(next.actionId);
    run.succeed({}, next.actionId);
  }
}

function forked(rollbackTo?: string): PureRun {
  const strategy = rollbackTo === undefined ? "rollback" : { strategy: "rollback", rollbackTo };
  const run = new PureRun({
    stateMachineId: "forked",
    states: [
      { stateId: "init", baseStateType: "initial" },
      { stateId: "split", baseStateType: "fork" },
      { stateId: "left", baseStateType: "task", entryActions: [undoable("left")] },
      { stateId: "left2", baseStateType: "task", entryActions: [failing({ onError: strategy })] },
      { stateId: "right", baseStateType: "task", entryActions: [undoable("right"), webhookAction("slow")] },
      { stateId: "meet", baseStateType: "join" },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "split",
        event: [{ eventId: "go", trigger: "manual" }],
        actions: [undoable("way")],
      },
      { transitionId: "l", fromStateId: "split", toStateId: "left" },
      { transitionId: "r", fromStateId: "split", toStateId: "right" },
      { transitionId: "l2", fromStateId: "left", toStateId: "left2", actions: [undoable("seat")] },
      { transitionId: "lm", fromStateId: "left2", toStateId: "meet" },
      { transitionId: "rm", fromStateId: "right", toStateId: "meet" },
      { transitionId: "out", fromStateId: "meet", toStateId: "end" },
    ],
  });
  run.start();
  run.send("go");
  run.succeed({}, "way");
  run.succeed({}, "left");
  run.succeed({}, "right");
  run.succeed({}, "seat");
  run.fail("ACTION_FAILED", true, "fail");
  return run;
}

function states(run: PureRun): string[] {
  return run.snapshot?.tokens.map(({ stateId }) => stateId) ?? [];
}

describe("a rollback in one branch of a fork", () => {
  test("of its last transition leaves the other branches alone", () => {
    const run = forked();
    expect(undone(run)).toEqual(["undo-seat"]);
    expect(states(run)).toEqual(["left", "right"]);
    expect(run.data).toEqual({ way: "done", left: "done", right: "done" });
    expect(run.tries.map(({ actionId }) => actionId)).toEqual(["slow"]);
  });

  test("that goes beyond the fork calls the others off, and undoes both in the order of what ran", () => {
    const run = forked("init");
    expect(run.tries.map(({ actionId }) => actionId)).toEqual(["undo-seat"]);
    expect(undone(run)).toEqual(["undo-seat", "undo-right", "undo-left", "undo-way"]);
    expect(states(run)).toEqual(["init"]);
    expect([run.data, run.tries, run.timers.size]).toEqual([{}, [], 0]);
  });

  test("to the start undoes all branches and ends the instance", () => {
    const run = forked("start");
    expect(undone(run)).toEqual(["undo-seat", "undo-right", "undo-left", "undo-way"]);
    expect(run.status).toBe("error");
  });
});

test("the first state of a branch goes back to before the fork, with all branches", () => {
  const run = new PureRun({
    stateMachineId: "first",
    states: [
      { stateId: "init", baseStateType: "initial" },
      { stateId: "split", baseStateType: "fork" },
      { stateId: "left", baseStateType: "task", entryActions: [failing()] },
      { stateId: "right", baseStateType: "task", entryActions: [undoable("right"), webhookAction("slow")] },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "split",
        event: [{ eventId: "go", trigger: "manual" }],
      },
      { transitionId: "l", fromStateId: "split", toStateId: "left" },
      { transitionId: "r", fromStateId: "split", toStateId: "right" },
      { transitionId: "le", fromStateId: "left", toStateId: "end" },
      { transitionId: "re", fromStateId: "right", toStateId: "end" },
    ],
  });
  run.start();
  run.send("go");
  run.succeed({}, "right");
  run.fail("ACTION_FAILED", true, "fail");
  expect(undone(run)).toEqual(["undo-right"]);
  expect([states(run), run.data, run.tries]).toEqual([["init"], {}, []]);
  run.send("go");
  expect(states(run)).toEqual(["left", "right"]);
});

describe("a rollback inside a compound state", () => {
  const definition = (inner: JsonObject[]): JsonObject => ({
    stateMachineId: "compound",
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "order",
        baseStateType: "compound",
        initial: "pick",
        entryActions: [undoable("open")],
        states: [
          { stateId: "pick", baseStateType: "task", entryActions: inner },
          { stateId: "picked", baseStateType: "final" },
        ],
        transitions: [{ transitionId: "p", fromStateId: "pick", toStateId: "picked" }],
      },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "order",
        event: [{ eventId: "go", trigger: "manual" }],
      },
      { transitionId: "e", fromStateId: "order", toStateId: "end" },
    ],
  });

  test("from where it begins goes back to before the whole of it, and undoes what ran in it", () => {
    const run = new PureRun(definition([undoable("pick"), failing()]));
    run.start();
    run.send("go");
    run.succeed({}, "open");
    run.succeed({}, "pick");
    run.fail("ACTION_FAILED", true, "fail");
    expect(undone(run)).toEqual(["undo-pick", "undo-open"]);
    expect([states(run), run.data, run.snapshot?.scopes.length]).toEqual([["init"], {}, 1]);
  });
});

test("a transition out of a compound state goes back to where it was inside, without entry actions", () => {
  const run = new PureRun({
    stateMachineId: "back",
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "outer",
        baseStateType: "compound",
        initial: "one",
        states: [
          { stateId: "one", baseStateType: "wait" },
          {
            stateId: "two",
            baseStateType: "wait",
            entryActions: [undoable("two")],
            exitActions: [undoable("left")],
          },
          { stateId: "in", baseStateType: "final" },
        ],
        transitions: [
          {
            transitionId: "t",
            fromStateId: "one",
            toStateId: "two",
            event: [{ eventId: "t", trigger: "manual" }],
          },
          {
            transitionId: "u",
            fromStateId: "two",
            toStateId: "in",
            event: [{ eventId: "u", trigger: "manual" }],
          },
        ],
      },
      { stateId: "next", baseStateType: "task", entryActions: [failing()] },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "in",
        fromStateId: "init",
        toStateId: "outer",
      },
      {
        transitionId: "go",
        fromStateId: "outer",
        toStateId: "next",
        event: [{ eventId: "go", trigger: "manual" }],
      },
      { transitionId: "e", fromStateId: "next", toStateId: "end" },
      { transitionId: "d", fromStateId: "outer", toStateId: "end" },
    ],
  });
  run.start();
  run.send("t");
  run.succeed({}, "two");
  run.send("go");
  run.succeed({}, "left");
  run.fail("ACTION_FAILED", true, "fail");
  expect(undone(run)).toEqual(["undo-left"]);
  expect(states(run)).toEqual(["outer", "two"]);
  expect(run.tries).toEqual([]);
  run.send("u");
  run.succeed({}, "left");
  expect(run.status).toBe("completed");
});

test("what a boundary event has begun goes away, and its source stays as it was", () => {
  const run = new PureRun({
    stateMachineId: "boundary",
    states: [
      { stateId: "init", baseStateType: "initial" },
      { stateId: "remind", baseStateType: "task", entryActions: [undoable("note"), failing()] },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "late",
        fromStateId: "init",
        toStateId: "remind",
        keepSource: true,
        event: [{ eventId: "late", trigger: "manual" }],
      },
      { transitionId: "r", fromStateId: "remind", toStateId: "end" },
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "end",
        event: [{ eventId: "go", trigger: "manual" }],
      },
    ],
  });
  run.start();
  run.send("late");
  run.succeed({}, "note");
  run.fail("ACTION_FAILED", true, "fail");
  expect(undone(run)).toEqual(["undo-note"]);
  expect([states(run), run.data]).toEqual([["init"], {}]);
  run.send("go");
  expect(run.status).toBe("completed");
});

test("a state whose time is up goes back to where it was come from, and that one's own time begins anew", () => {
  const run = new PureRun({
    stateMachineId: "late",
    states: [
      { stateId: "init", baseStateType: "initial", timeout: { after: "PT3H", onTimeout: "abort" } },
      {
        stateId: "wait",
        baseStateType: "wait",
        entryActions: [undoable("hold")],
        timeout: { after: "PT1H", onTimeout: "rollback" },
      },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "wait",
        event: [{ eventId: "go", trigger: "manual" }],
      },
      {
        transitionId: "e",
        fromStateId: "wait",
        toStateId: "end",
        event: [{ eventId: "e", trigger: "manual" }],
      },
    ],
  });
  run.start();
  run.send("go");
  run.succeed({}, "hold");
  run.fireNextTimer();
  expect(undone(run)).toEqual(["undo-hold"]);
  expect([run.state, run.timers.size, run.data]).toEqual(["init", 1, {}]);
  expect(run.fireNextTimer()).toBe(3 * 3_600_000);
});

test("a child that has something to undo is asked for it, and one that has nothing is passed", () => {
  for (const isUndoable of [true, false]) {
    const run = new PureRun({
      stateMachineId: "parent",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "sub", baseStateType: "task", subMachine: { stateMachineId: "child", input: {} } },
        {
          stateId: "after",
          baseStateType: "task",
          entryActions: [failing({ onError: { strategy: "rollback", rollbackTo: "init" } })],
        },
        { stateId: "end", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "go",
          fromStateId: "init",
          toStateId: "sub",
          event: [{ eventId: "go", trigger: "manual" }],
        },
        { transitionId: "a", fromStateId: "sub", toStateId: "after" },
        { transitionId: "e", fromStateId: "after", toStateId: "end" },
      ],
    });
    run.start();
    run.send("go");
    const child = run.snapshot?.tokens[0]?.child;
    const outcome = { outcome: "completed", data: {}, state: "end" } as const;
    run.accept({
      type: "childDone",
      children: [{ key: child?.key ?? "", outcome: isUndoable ? { ...outcome, isUndoable } : outcome }],
    });
    run.fail("ACTION_FAILED", true, "fail");
    const awaits = run.snapshot?.tokens[0]?.agenda?.awaits;
    expect(awaits?.childId).toBe(isUndoable ? child?.childId : undefined);
    if (awaits !== undefined) run.accept({ type: "childCompensated", key: awaits.key, notUndone: 0 });
    expect([run.state, run.snapshot?.incidents]).toEqual(["init", []]);
  }
});
