/** Rolling back: what was completed is undone in reverse, and then the instance is where it was. On the pure step. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { webhookAction } from "../../kit/definitions.js";
import { PureRun } from "../../kit/pure-run.js";

/** An action with one that undoes it: `x` and `undo-x`. */
function undoable(actionId: string, settings: JsonObject = {}, undo: JsonObject = {}): JsonObject {
  return webhookAction(actionId, {
    output: { [actionId]: "$response.body.id" },
    compensate: webhookAction(`undo-${actionId}`, {
      trigger: {
        webhook: {
          url: `http://127.0.0.1:1/undo-${actionId}`,
          payload: { id: `$actions.${actionId}.result.id`, was: "$data.amount?" },
        },
      },
      ...undo,
    }),
    ...settings,
  });
}

const ROLLBACK = { onError: "rollback", onTimeout: "rollback" };

function machine(
  extra: { book?: JsonObject; states?: JsonObject[]; transitions?: JsonObject[] } = {},
): JsonObject {
  return {
    stateMachineId: "trip",
    states: [
      { stateId: "init", baseStateType: "initial", exitActions: [undoable("exit")] },
      {
        stateId: "book",
        baseStateType: "task",
        entryActions: [undoable("flight"), webhookAction("hotel", { ...ROLLBACK, ...extra.book })],
      },
      { stateId: "done", baseStateType: "final" },
      { stateId: "failed", baseStateType: "error" },
      ...(extra.states ?? []),
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "book",
        event: [{ eventId: "go", trigger: "manual" }],
        actions: [undoable("way")],
      },
      { transitionId: "finish", fromStateId: "book", toStateId: "done" },
      ...(extra.transitions ?? []),
    ],
  };
}

function failing(definition: JsonObject = machine()): PureRun {
  const run = new PureRun(definition);
  run.start({ amount: 5 });
  run.send("go", { amount: 7, note: "n" });
  for (const id of ["exit", "way", "flight"]) run.succeed({ id: `${id}-1` }, id);
  run.fail();
  return run;
}

function underWay(run: PureRun): string[] {
  return run.tries.map(({ actionId }) => actionId);
}

describe("a rollback", () => {
  test("undoes the exit, transition and entry actions that were completed in exact reverse order", () => {
    const run = failing();
    const order: string[] = [];
    while (run.tries.length > 0) {
      order.push(...underWay(run));
      run.succeed();
    }
    expect(order).toEqual(["undo-flight", "undo-way", "undo-exit"]);
    expect(run.state).toBe("init");
    expect(run.status).toBe("active");
  });

  test("sends what was rendered when the action was completed", () => {
    const run = failing();
    expect(run.tries[0]?.request.payload).toEqual({ id: "flight-1", was: 7 });
  });

  test("brings state, data and variables back, and leaves nothing of what was undone", () => {
    const run = failing();
    for (const _ of [1, 2, 3]) run.succeed();
    expect(run.data).toEqual({ amount: 5 });
    expect(Object.keys(run.snapshot?.variables ?? {})).toEqual(["lastError"]);
    expect(run.snapshot?.compensations).toBeUndefined();
    expect([run.timers.size, run.tries.length, run.snapshot?.tokens.length]).toEqual([0, 0, 1]);
    expect(run.path).toEqual(["init", "book", "init"]);
    expect(run.snapshot?.counters.entries).toEqual({ init: 1, book: 1 });
  });

  test("shows in history what was undone and by what", () => {
    const run = failing();
    for (const _ of [1, 2, 3]) run.succeed();
    const visit = run.closedVisits.find(({ state }) => state === "book");
    expect(visit?.actions.map(({ actionId, phase, status }) => [actionId, phase, status])).toEqual([
      ["flight", "entry", "compensated"],
      ["hotel", "entry", "failed"],
      ["undo-flight", "compensation", "completed"],
      ["undo-way", "compensation", "completed"],
      ["undo-exit", "compensation", "completed"],
    ]);
    expect(run.snapshot?.actions.flight?.status).toBe("compensated");
    expect(run.snapshot?.tokens[0]?.visit.transitionId).toBeUndefined();
  });

  test("can be followed by the same event, which does it all again", () => {
    const run = failing();
    for (const _ of [1, 2, 3]) run.succeed();
    run.send("go", { amount: 8 });
    for (const id of ["exit", "way", "flight", "hotel"]) run.succeed({ id: `${id}-2` }, id);
    expect(run.state).toBe("done");
    expect(run.data.flight).toBe("flight-2");
  });

  test("lets automatic transitions wait for data, so that nothing spins", () => {
    const run = new PureRun(
      machine({
        transitions: [
          { transitionId: "auto", fromStateId: "init", toStateId: "book", condition: "data.amount >= 5" },
        ],
      }),
    );
    run.start({ amount: 5 });
    run.succeed({ id: "1" }, "exit");
    run.succeed({ id: "2" }, "flight");
    run.fail();
    while (run.tries.length > 0) run.succeed();
    expect(run.state).toBe("init");
    run.update({ amount: 6 });
    expect(underWay(run)).toEqual(["exit"]);
  });

  test("keeps the events that arrive meanwhile, and tries them afterwards", () => {
    const run = failing();
    expect(run.send("go").outcome).toBe("queued");
    for (const _ of [1, 2, 3]) run.succeed({ id: "x" });
    expect(underWay(run)).toEqual(["exit"]);
  });

  test("waits while an operator holds the instance, and goes on when it is resumed", () => {
    const run = failing();
    run.accept({ type: "operator", act: "suspend", reason: "look" });
    run.succeed();
    expect(underWay(run)).toEqual([]);
    run.accept({ type: "operator", act: "resume", reason: "ok" });
    expect(underWay(run)).toEqual(["undo-way"]);
  });

  test("ends with the instance when an operator cancels it", () => {
    const run = failing();
    run.accept({ type: "operator", act: "cancel", reason: "enough" });
    expect([run.status, run.tries.length]).toEqual(["cancelled", 0]);
  });

  test("of an internal transition stays where it is", () => {
    const run = new PureRun(
      machine({
        transitions: [
          {
            transitionId: "inner",
            fromStateId: "init",
            event: [{ eventId: "inner", trigger: "manual" }],
            actions: [undoable("one"), webhookAction("two", ROLLBACK)],
          },
        ],
      }),
    );
    run.start({ amount: 5 });
    run.send("inner", { amount: 9 });
    run.succeed({ id: "1" }, "one");
    run.fail();
    expect(underWay(run)).toEqual(["undo-one"]);
    run.succeed();
    expect([run.state, run.data.amount, run.path]).toEqual(["init", 5, ["init"]]);
  });
});

describe("a compensation that fails", () => {
  test("is tried again as declared, then has an incident, and the others still run", () => {
    const definition = machine();
    const states = definition.states as JsonObject[];
    const run = failing({
      ...definition,
      states: states.map((state) =>
        state.stateId === "book"
          ? {
              ...state,
              entryActions: [undoable("flight", {}, { retryCount: 1 }), webhookAction("hotel", ROLLBACK)],
            }
          : state,
      ),
    });
    run.fail();
    run.fireNextTimer();
    run.fail();
    expect(underWay(run)).toEqual(["undo-way"]);
    run.succeed();
    run.succeed();
    expect([run.state, run.status]).toEqual(["init", "active"]);
    expect(run.snapshot?.incidents.map(({ actionId, code, suspends }) => [actionId, code, suspends])).toEqual(
      [["undo-flight", "ACTION_FAILED", false]],
    );
  });

  test("is repeated by retry, with the same request, and skipped by skip", () => {
    for (const act of ["retry", "skip"] as const) {
      const run = failing();
      run.fail();
      run.succeed();
      run.succeed();
      run.accept({ type: "operator", act, reason: "again" });
      expect(run.snapshot?.incidents).toEqual([]);
      if (act === "retry") {
        expect(run.tries[0]?.request.payload).toEqual({ id: "flight-1", was: 7 });
        run.succeed();
      }
      expect([run.state, run.snapshot?.tokens[0]?.phase]).toEqual(["init", "settled"]);
      expect(run.snapshot?.compensations).toBeUndefined();
    }
  });
});

describe("rollbackTo", () => {
  const later = (rollbackTo: string) =>
    machine({
      states: [
        {
          stateId: "pay",
          baseStateType: "task",
          entryActions: [webhookAction("pay", { onError: { strategy: "rollback", rollbackTo } })],
        },
      ],
      transitions: [
        { transitionId: "toPay", fromStateId: "book", toStateId: "pay", actions: [undoable("seat")] },
      ],
    });
  // `finish` is automatic too: the way to pay has to come first.
  const paying = (rollbackTo: string): PureRun => {
    const definition = later(rollbackTo);
    const transitions = definition.transitions as JsonObject[];
    const run = new PureRun({
      ...definition,
      transitions: transitions
        .filter((t) => t.transitionId !== "finish")
        .concat({ transitionId: "end", fromStateId: "pay", toStateId: "done" }),
    });
    run.start({ amount: 5 });
    run.send("go", { amount: 7 });
    for (const id of ["exit", "way", "flight", "hotel", "seat"]) run.succeed({ id: `${id}-1` }, id);
    run.fail();
    return run;
  };

  test("a state undoes what ran since it was settled, and leaves its own entry done", () => {
    const run = paying("book");
    expect(underWay(run)).toEqual(["undo-seat"]);
    run.succeed();
    expect(run.state).toBe("book");
    expect(run.data).toMatchObject({ amount: 7, flight: "flight-1" });
    expect(run.data.seat).toBeUndefined();
  });

  test("an earlier state undoes all that came after it", () => {
    const run = paying("init");
    const order: string[] = [];
    while (run.tries.length > 0) {
      order.push(...underWay(run));
      run.succeed();
    }
    expect(order).toEqual(["undo-seat", "undo-flight", "undo-way", "undo-exit"]);
    expect([run.state, run.data]).toEqual(["init", { amount: 5 }]);
  });

  test("start undoes everything, and the instance ends in its error state", () => {
    const run = paying("start");
    const order: string[] = [];
    while (run.tries.length > 0) {
      order.push(...underWay(run));
      run.succeed();
    }
    expect(order).toEqual(["undo-seat", "undo-flight", "undo-way", "undo-exit"]);
    expect([run.state, run.status]).toEqual(["failed", "error"]);
    expect(run.snapshot?.variables.lastError).toMatchObject({
      errorCode: "ACTION_FAILED",
      failedState: "pay",
    });
  });
});
