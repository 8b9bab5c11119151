/** Actions that wait for their callback, on the pure step. */
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { webhookAction } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

/** One action that waits, then the end; an error state; a way out. */
function machine(action: JsonObject = {}, callback: JsonObject = {}): JsonObject {
  const waiting = webhookAction("pay", {
    timeout: "PT10S",
    callback: { webhook: { await: true, timeout: "PT1H", ...callback } },
    output: { receipt: "$response.body.receipt" },
    ...action,
  });
  return {
    stateMachineId: "payments",
    states: [
      { stateId: "init", baseStateType: "initial" },
      { stateId: "paying", baseStateType: "task", entryActions: [waiting] },
      { stateId: "paid", baseStateType: "final" },
      { stateId: "stopped", baseStateType: "final" },
      { stateId: "failed", baseStateType: "error" },
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "paying",
        event: [{ eventId: "go", trigger: "manual" }],
      },
      { transitionId: "done", fromStateId: "paying", toStateId: "paid" },
      {
        transitionId: "stop",
        fromStateId: "paying",
        toStateId: "stopped",
        interrupts: true,
        event: [{ eventId: "stop", trigger: "manual" }],
      },
    ],
  };
}

function begun(definition = machine()): PureRun {
  const run = new PureRun(definition);
  run.start();
  run.send("go");
  return run;
}

const KEY = "i1/2.0/pay";

function callback(body: Json = { receipt: "R1" }, tryNumber = 1, key = KEY) {
  return { type: "callback", key, tryNumber, body } as const;
}

describe("an action that waits for its callback", () => {
  test("is not done when its try is, and done with what is posted", () => {
    const run = begun();
    expect(run.tries[0]?.awaitsCallback).toBe(true);
    run.succeed({ receipt: "not this one" });
    expect([run.state, run.snapshot?.tokens[0]?.agenda?.running?.progress]).toEqual(["paying", "awaiting"]);
    expect(run.accept(callback())).toEqual({ outcome: "done", seq: 4 });
    expect([run.state, run.status, run.data]).toEqual(["paid", "completed", { receipt: "R1" }]);
    expect(run.closedVisits[1]?.actions[0]).toMatchObject({ status: "completed", result: { receipt: "R1" } });
    expect(run.timers.size).toBe(0);
  });

  test("is done by a callback that comes before the answer of its try, which is late then", () => {
    const run = begun();
    const [effect] = run.tries;
    if (effect === undefined) throw new Error("No try was made.");
    run.accept(callback());
    expect([run.state, run.tries, run.timers.size]).toEqual(["paid", [], 0]);
    run.accept({
      type: "actionResult",
      effect: { seq: effect.seq, ordinal: effect.ordinal },
      key: KEY,
      result: { outcome: "failed", code: "ACTION_FAILED", message: "reset", isFinal: true },
    });
    expect([run.status, run.records.map(({ type }) => type)]).toEqual(["completed", ["late-result"]]);
  });

  test("waits from the send on: time that its try takes counts", () => {
    const run = begun();
    run.nowMs += 3_000;
    run.succeed();
    expect(run.fireNextTimer()).toBe(3_600_000 - 3_000);
    expect(run.state).toBe("failed");
  });

  test("waits as long as a try may take where nothing is said", () => {
    const run = begun(machine({ callback: { webhook: { await: true } } }));
    run.succeed();
    expect(run.fireNextTimer()).toBe(10_000);
    expect(run.data).toMatchObject({ errorCode: "CALLBACK_TIMEOUT", failedState: "paying" });
  });

  test("asks onTimeout when the time is up; a retry is another try, which gives out another address", () => {
    const run = begun(machine({ onTimeout: "retry", retryCount: 1, retryDelay: "PT5S" }));
    run.succeed();
    run.fireNextTimer();
    expect(run.snapshot?.tokens[0]?.agenda?.running?.progress).toBe("backoff");
    // The address of the first try, while the second is not made yet, and after it was.
    expect(run.accept(callback()).outcome).toBe("late");
    run.fireNextTimer();
    expect(run.tries[0]).toMatchObject({ key: KEY, tryNumber: 2, awaitsCallback: true });
    expect(run.accept(callback()).outcome).toBe("late");
    expect(run.records).toEqual([{ type: "late-callback", key: KEY, try: 1 }]);
    run.succeed();
    expect(run.accept(callback({ receipt: "R2" }, 2)).outcome).toBe("done");
    expect(run.data).toEqual({ receipt: "R2" });
  });

  test("gives up a try that has not answered when the callback's time is up first", () => {
    const run = begun(machine({}, { timeout: "PT2S" }));
    run.fireNextTimer();
    expect([run.tries, run.state]).toEqual([[], "failed"]);
  });

  test("takes no callback for a try that has failed", () => {
    const run = begun(machine({ retryCount: 1 }));
    run.fail();
    expect(run.accept(callback()).outcome).toBe("late");
    expect(run.timers.size).toBe(1);
  });

  test("takes no callback from the moment on at which the time is up, although its timer has not fired", () => {
    const run = begun();
    run.succeed();
    run.nowMs += 3_600_000;
    expect(run.accept(callback()).outcome).toBe("late");
    run.fireNextTimer();
    expect(run.state).toBe("failed");
  });

  test("takes no callback that another action's address belongs to", () => {
    const run = begun();
    expect(run.accept(callback({}, 1, "i1/1.0/pay")).outcome).toBe("late");
    expect(run.accept(callback({}, 2)).outcome).toBe("late");
    expect(run.state).toBe("paying");
  });

  test("takes none any more when it was left: neither while the instance lives nor when it has ended", () => {
    const run = begun();
    run.succeed();
    run.send("stop");
    expect([run.state, run.timers.size]).toEqual(["stopped", 0]);
    expect(run.refuse(callback()).code).toBe("CALLBACK_GONE");
    const cancelled = begun();
    cancelled.accept({ type: "operator", act: "cancel", reason: "no" });
    expect(cancelled.refuse(callback()).code).toBe("CALLBACK_GONE");
    expect([cancelled.tries, cancelled.timers.size]).toEqual([[], 0]);
  });

  test("is told as done only when the callback has come", () => {
    const run = begun(
      machine({}, { url: "http://127.0.0.1:1/told", expectedResponse: { body: { required: ["receipt"] } } }),
    );
    run.succeed();
    expect(run.deliveries).toEqual([]);
    run.accept(callback());
    expect(run.deliveries[0]?.request).toMatchObject({ payload: { actionId: "pay", status: "completed" } });
    expect(run.deliveries[0]?.request).not.toHaveProperty("expectedResponse");
  });

  test("may be the last one of an ended instance, and its result changes no data then", () => {
    const definition = machine();
    const [, paying, paid] = definition.states as JsonObject[];
    const moved = {
      ...definition,
      states: (definition.states as JsonObject[]).map((state) => {
        if (state === paying) return { stateId: "paying", baseStateType: "task" };
        return state === paid ? { ...paid, entryActions: paying?.entryActions ?? [] } : state;
      }),
    };
    const run = begun(moved);
    expect(run.status).toBe("completed");
    run.succeed();
    expect(run.accept(callback()).outcome).toBe("done");
    expect([run.data, run.snapshot?.tokens[0]?.agenda]).toEqual([{}, undefined]);
  });
});

describe("what is posted", () => {
  test.each<[Json, string, string]>([
    [{ error: "no money" }, "ACTION_FAILED", "no money"],
    [{ error: { code: "NO_MONEY", message: "empty" } }, "NO_MONEY", "empty"],
    [{ error: { errorCode: "NO_MONEY" } }, "NO_MONEY", "it failed"],
    [{ error: true, errorCode: "NO_MONEY" }, "NO_MONEY", "it failed"],
    [{ error: { code: "no code" } }, "ACTION_FAILED", "it failed"],
    [{ error: {} }, "ACTION_FAILED", "it failed"],
  ])("%j fails the action with %s, for good", (body, errorCode, said) => {
    const run = begun(machine({ retryCount: 3 }));
    run.succeed();
    run.accept(callback(body));
    expect(run.data).toMatchObject({ errorCode, errorMessage: `Action "pay": its callback says: ${said}` });
    expect(run.state).toBe("failed");
  });

  test.each<Json>([null, 7, "done", [], {}, { error: null, receipt: "R" }])("%j completes it", (body) => {
    const run = begun(machine({ output: { answer: "$response.body" } }));
    run.succeed();
    run.accept(callback(body));
    expect([run.state, run.data.answer]).toEqual(["paid", body]);
  });

  test("is tried again where retryOn names the code", () => {
    const run = begun(machine({ retryCount: 1, retryOn: ["BUSY"] }));
    run.succeed();
    run.accept(callback({ error: { code: "BUSY" } }));
    expect(run.timers.size).toBe(1);
    run.fireNextTimer();
    expect(run.tries[0]?.tryNumber).toBe(2);
  });

  test("is refused when it is not what is expected, changes nothing then, and may come again", () => {
    const expectedResponse = { body: { type: "object", required: ["receipt"] } };
    const run = begun(machine({}, { expectedResponse, condition: "response.body.receipt !== 'none'" }));
    run.succeed();
    const wrong = run.refuse(callback({}));
    expect([wrong.code, wrong.violations?.[0]?.path]).toEqual(["VALIDATION_FAILED", "/receipt"]);
    expect(run.refuse(callback({ receipt: "none" })).violations).toHaveLength(1);
    expect(run.accept(callback()).outcome).toBe("done");
    expect(run.state).toBe("paid");
  });

  test("is not asked to be as expected when it is an error", () => {
    const run = begun(
      machine({}, { expectedResponse: { body: { required: ["receipt"] } }, condition: "false" }),
    );
    run.succeed();
    run.accept(callback({ error: "no" }));
    expect(run.state).toBe("failed");
  });
});

describe("while an operator holds the instance", () => {
  const suspend = { type: "operator", act: "suspend", reason: "look" } as const;
  const resume = { type: "operator", act: "resume", reason: "go" } as const;

  test("a callback is taken, and what follows waits", () => {
    const run = begun();
    run.succeed();
    run.accept(suspend);
    expect(run.accept(callback()).outcome).toBe("done");
    expect([run.state, run.data]).toEqual(["paying", { receipt: "R1" }]);
    run.accept(resume);
    expect(run.state).toBe("paid");
  });

  test("an error is taken, and decided about when the instance goes on", () => {
    const run = begun();
    run.succeed();
    run.accept(suspend);
    run.accept(callback({ error: "no" }));
    expect(run.state).toBe("paying");
    run.accept(resume);
    expect(run.state).toBe("failed");
  });

  test("time that runs out is decided about when the instance goes on", () => {
    const run = begun(machine({ onTimeout: "proceed" }));
    run.succeed();
    run.accept(suspend);
    run.fireNextTimer();
    expect([run.state, run.accept(callback()).outcome]).toEqual(["paying", "late"]);
    run.accept(resume);
    expect([run.state, run.closedVisits[1]?.actions[0]?.timedOut]).toEqual(["paid", true]);
  });
});
