/** What happens when actions fail: tries, rounds, strategies, error routes and incidents, on the pure step. */
import { describe, expect, test } from "vitest";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

function begun(...args: Parameters<typeof workMachine>): PureRun {
  const run = new PureRun(workMachine(...args));
  run.start();
  run.send("go");
  return run;
}

describe("tries", () => {
  test("a failed try is made again under the same key after the declared delay, and then the instance goes on", () => {
    const run = begun({ retryCount: 2, retryDelay: "PT10S" });
    const key = run.tries[0]?.key;
    run.fail();
    expect(run.tries).toEqual([]);
    expect(run.fireNextTimer()).toBe(10_000);
    expect(run.tries[0]?.key).toBe(key);
    expect(run.tries[0]?.tryNumber).toBe(2);
    run.succeed();
    expect(run.path).toEqual(["init", "work", "done"]);
    expect(run.status).toBe("completed");
  });

  test("the key names the commit that made the action, its place in it and the action", () => {
    const run = begun();
    expect(run.tries[0]?.key).toBe("i1/2.0/work");
  });

  test("delays grow by the factor up to the cap", () => {
    const run = begun({ retryCount: 4, retryDelay: "PT1S", backoff: { factor: 3, maxDelay: "PT10S" } });
    const waits = [1, 2, 3, 4].map(() => {
      run.fail();
      return run.fireNextTimer();
    });
    expect(waits).toEqual([1_000, 3_000, 9_000, 10_000]);
  });

  test("jitter keeps each delay within its share", () => {
    const run = begun({ retryCount: 30, retryDelay: "PT10S", backoff: { jitter: 0.2 } });
    const waits = Array.from({ length: 30 }, () => {
      run.fail();
      return run.fireNextTimer();
    });
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(8_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(12_000);
    expect(new Set(waits).size).toBeGreaterThan(10);
  });

  test("what the other side asks for with Retry-After is waited for", () => {
    const run = begun({ retryCount: 1, retryDelay: "PT1S" });
    run.result({
      outcome: "failed",
      code: "ACTION_FAILED",
      message: "busy",
      isFinal: false,
      retryAfterMs: 7_000,
    });
    expect(run.fireNextTimer()).toBe(7_000);
  });

  test("a final failure is not repeated", () => {
    const run = begun({ retryCount: 3 });
    run.fail("ACTION_FAILED", true);
    expect(run.path).toEqual(["init", "work", "failed"]);
  });

  test.each([["400"], ["ACTION_FAILED"]])("a final failure that retryOn names (%s) is repeated", (code) => {
    const run = begun({ retryCount: 1, retryOn: [code] });
    run.fail("ACTION_FAILED", true);
    run.fireNextTimer();
    run.succeed();
    expect(run.state).toBe("done");
  });

  test("a late result of a try that is not waited for any more is recorded and changes nothing", () => {
    const run = begun(
      {},
      {
        transitions: [
          {
            transitionId: "stop",
            fromStateId: "work",
            toStateId: "failed",
            event: [{ eventId: "stop", trigger: "manual" }],
          },
        ],
      },
    );
    const [late] = run.tries;
    run.send("stop");
    const before = run.snapshot;
    run.accept({
      type: "actionResult",
      effect: { seq: late?.seq ?? 0, ordinal: late?.ordinal ?? 0 },
      key: late?.key ?? "",
      result: { outcome: "completed", response: { status: 200, headers: {}, body: {} } },
    });
    expect(run.records.map((record) => record.type)).toEqual(["late-result"]);
    expect({ ...run.snapshot, seq: 0, updatedAt: "" }).toEqual({ ...before, seq: 0, updatedAt: "" });
  });
});

describe("onError", () => {
  test("retry makes a further round of exactly retryCount tries, then aborts", () => {
    const run = begun({ retryCount: 3, retryDelay: "PT1S", onError: "retry" });
    let calls = 1;
    run.fail();
    while (run.timers.size > 0) {
      run.fireNextTimer();
      calls += 1;
      run.fail();
    }
    expect(calls).toBe(4 + 3);
    expect(run.path).toEqual(["init", "work", "failed"]);
    expect(run.status).toBe("error");
  });

  test("maxRounds says how many rounds", () => {
    const run = begun({ retryCount: 1, onError: [{ strategy: "retry", maxRounds: 3 }, "ignore"] });
    let calls = 1;
    run.fail();
    while (run.timers.size > 0) {
      run.fireNextTimer();
      calls += 1;
      run.fail();
    }
    expect(calls).toBe(2 + 3);
    expect(run.state).toBe("done");
  });

  test("a final failure skips the rounds", () => {
    const run = begun({ retryCount: 3, onError: "retry" });
    run.fail("ACTION_FAILED", true);
    expect(run.state).toBe("failed");
  });

  test("ignore leaves the action failed and the instance goes on", () => {
    const run = begun({ onError: "ignore" });
    run.fail();
    expect(run.status).toBe("completed");
    expect(run.closedVisits[1]?.actions[0]?.status).toBe("failed");
  });

  test("log goes on too and writes an error line", () => {
    const run = begun({ onError: "log" });
    run.fail();
    expect(run.status).toBe("completed");
    expect(run.allRecords.some((record) => record.type === "log" && record.level === "error")).toBe(true);
  });

  test("log before another strategy leaves the end to that one", () => {
    const run = begun({ onError: ["log", "abort"] });
    run.fail();
    expect(run.status).toBe("error");
  });

  test("notify suspends the instance with an open incident that names the action", () => {
    const run = begun({ onError: "notify" });
    run.fail();
    expect(run.status).toBe("suspended");
    expect(run.snapshot?.incidents).toMatchObject([
      { actionId: "work", code: "ACTION_FAILED", tries: 1, suspends: true },
    ]);
  });

  test("an event corrects what notify has suspended, and the incident closes", () => {
    const run = begun(
      { onError: "notify" },
      {
        transitions: [
          {
            transitionId: "skip",
            fromStateId: "work",
            toStateId: "done",
            event: [{ eventId: "skip", trigger: "manual" }],
          },
        ],
      },
    );
    run.fail();
    run.send("skip");
    expect(run.status).toBe("completed");
    expect(run.snapshot?.incidents).toEqual([]);
  });

  test("abort gives the error state code, message, time and failed state as far as it declares them", () => {
    const run = new PureRun({
      ...workMachine({ onError: "abort" }),
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "work", baseStateType: "task", entryActions: [webhookAction("work")] },
        { stateId: "done", baseStateType: "final" },
        {
          stateId: "failed",
          baseStateType: "error",
          data: {
            schema: {
              type: "object",
              properties: { errorCode: { type: "string" }, errorMessage: { type: "string" } },
              required: ["errorCode"],
            },
          },
        },
      ],
    });
    run.start();
    run.send("go");
    run.fail("LIMIT_REACHED", true);
    expect(run.data).toEqual({ errorCode: "LIMIT_REACHED", errorMessage: 'Action "work": it failed' });
    expect(run.snapshot?.variables.lastError).toEqual({
      errorCode: "LIMIT_REACHED",
      errorMessage: 'Action "work": it failed',
      errorTimestamp: "2026-01-01T00:00:00.000Z",
      failedState: "work",
    });
  });

  test("without an error state abort ends the instance in status error where it is", () => {
    const definition = workMachine();
    const run = new PureRun({
      ...definition,
      states: (definition.states as { stateId: string }[]).filter((state) => state.stateId !== "failed"),
    });
    run.start();
    run.send("go");
    run.fail();
    expect(run.state).toBe("work");
    expect(run.status).toBe("error");
  });
});

describe("onTimeout", () => {
  test("retry counts the try as failed; when none is left onError decides", () => {
    const run = begun({ retryCount: 1, onTimeout: "retry", onError: "ignore" });
    run.timeOut();
    run.fireNextTimer();
    run.timeOut();
    expect(run.state).toBe("done");
    expect(run.closedVisits[1]?.actions[0]).toMatchObject({ status: "failed", timedOut: true, tries: 2 });
  });

  test("any other strategy acts at once, although tries are left", () => {
    const run = begun({ retryCount: 3, onTimeout: "abort" });
    run.timeOut();
    expect(run.path).toEqual(["init", "work", "failed"]);
    expect(run.snapshot?.variables.lastError).toMatchObject({ errorCode: "ACTION_TIMEOUT" });
  });

  test("proceed gives the try up and goes on as if it were done", () => {
    const run = begun({ onTimeout: "proceed" });
    run.timeOut();
    expect(run.state).toBe("done");
    expect(run.closedVisits[1]?.actions[0]).toMatchObject({ status: "completed", timedOut: true });
  });
});

describe("error routes", () => {
  const route = (eventId: string) => ({
    states: [{ stateId: "repair", baseStateType: "wait" }],
    transitions: [
      {
        transitionId: "toRepair",
        fromStateId: "work",
        toStateId: "repair",
        event: [{ eventId, trigger: "manual" }],
      },
      {
        transitionId: "repaired",
        fromStateId: "repair",
        toStateId: "done",
        event: [{ eventId: "repaired", trigger: "manual" }],
      },
    ],
  });

  test.each([["error"], ["error.ACTION_FAILED"]])("a transition on %s beats the strategy", (eventId) => {
    const run = begun({ onError: ["retry", "abort"], retryCount: 0 }, route(eventId));
    run.fail();
    expect(run.path).toEqual(["init", "work", "repair"]);
    expect(run.status).toBe("active");
  });

  test("a transition on another code is not taken", () => {
    const run = begun({}, route("error.OTHER"));
    run.fail();
    expect(run.state).toBe("failed");
  });

  test("a route is taken when the tries are used up, not before", () => {
    const run = begun({ retryCount: 1 }, route("error"));
    run.fail();
    expect(run.state).toBe("work");
    run.fireNextTimer();
    run.fail();
    expect(run.state).toBe("repair");
  });
});

describe("final states", () => {
  const finalAction = (onError: string) =>
    new PureRun({
      stateMachineId: "finalAction",
      states: [
        { stateId: "init", baseStateType: "initial" },
        {
          stateId: "done",
          baseStateType: "final",
          entryActions: [webhookAction("last", { onError }), webhookAction("after", { onError: "ignore" })],
        },
        { stateId: "failed", baseStateType: "error" },
      ],
      transitions: [
        {
          transitionId: "go",
          fromStateId: "init",
          toStateId: "done",
          event: [{ eventId: "go", trigger: "manual" }],
        },
      ],
    });

  test("an action that fails for good leaves the instance ended as it is, with an open incident, and the rest still runs", () => {
    const run = finalAction("abort");
    run.start();
    run.send("go");
    expect(run.status).toBe("completed");
    run.fail("ACTION_FAILED", true);
    expect(run.status).toBe("completed");
    expect(run.state).toBe("done");
    expect(run.snapshot?.incidents).toMatchObject([{ actionId: "last", suspends: false }]);
    run.succeed({}, "after");
    expect(run.snapshot?.tokens[0]?.phase).toBe("ended");
  });

  test("an ignored failure there opens none", () => {
    const run = finalAction("ignore");
    run.start();
    run.send("go");
    run.fail("ACTION_FAILED", true);
    expect(run.snapshot?.incidents).toEqual([]);
  });
});
