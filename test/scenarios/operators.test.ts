/** What operators do: suspend, resume, retry, skip, cancel. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

type Act = "cancel" | "suspend" | "resume" | "retry" | "skip";

function operate(run: PureRun, act: Act, incidentId?: string): void {
  run.accept({
    type: "operator",
    act,
    reason: "by hand",
    ...(incidentId === undefined ? {} : { incidentId }),
  });
}

function begun(action: JsonObject = {}): PureRun {
  const run = new PureRun(workMachine(action));
  run.start({ amount: 1 });
  run.send("go");
  return run;
}

describe("suspend and resume", () => {
  test("what is under way may end, but nothing new begins until it is resumed", () => {
    const run = begun();
    operate(run, "suspend");
    expect(run.status).toBe("suspended");
    run.succeed();
    expect(run.state).toBe("work");
    operate(run, "resume");
    expect(run.status).toBe("completed");
  });

  test("events are refused, data may be corrected", () => {
    const run = begun();
    operate(run, "suspend");
    expect(run.refuse({ type: "event", eventId: "go", data: {}, variables: {} }).code).toBe(
      "INSTANCE_SUSPENDED",
    );
    run.update({ amount: 2 });
    expect(run.data.amount).toBe(2);
  });

  test("a try whose wait is over is made when the instance goes on", () => {
    const run = begun({ retryCount: 1 });
    run.fail();
    operate(run, "suspend");
    run.fireNextTimer();
    expect(run.tries).toEqual([]);
    operate(run, "resume");
    expect(run.tries.map((effect) => effect.tryNumber)).toEqual([2]);
  });

  test("a time-based transition that is due waits too", () => {
    const run = new PureRun({
      stateMachineId: "timed",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "late", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "expire",
          fromStateId: "init",
          toStateId: "late",
          event: [{ trigger: "time-based", after: "PT1H" }],
        },
      ],
    });
    run.start();
    operate(run, "suspend");
    run.fireNextTimer();
    expect(run.state).toBe("init");
    operate(run, "resume");
    expect(run.state).toBe("late");
  });

  test("a second suspension, and a resumption of what nobody suspended, are refused", () => {
    const run = begun();
    expect(run.refuse({ type: "operator", act: "resume", reason: "" }).code).toBe("NOT_ENABLED");
    operate(run, "suspend");
    expect(run.refuse({ type: "operator", act: "suspend", reason: "" }).code).toBe("NOT_ENABLED");
  });

  test("an instance that an incident holds stays suspended when the operator lets go", () => {
    const run = begun({ onError: "notify" });
    run.fail();
    operate(run, "suspend");
    operate(run, "resume");
    expect(run.status).toBe("suspended");
    operate(run, "retry");
    expect(run.status).toBe("active");
  });
});

describe("retry", () => {
  test("sends the same request under the same key again, with all its tries", () => {
    const run = begun({ onError: "notify", retryCount: 1 });
    const key = run.tries[0]?.key;
    run.fail();
    run.fireNextTimer();
    run.fail();
    expect(run.status).toBe("suspended");
    operate(run, "retry");
    expect(run.tries.map((effect) => effect.key)).toEqual([key]);
    expect(run.snapshot?.incidents).toEqual([]);
    run.fail();
    expect(run.timers.size).toBe(1);
    run.fireNextTimer();
    run.succeed();
    expect(run.status).toBe("completed");
  });

  test("what data has changed is another request, under another key", () => {
    const run = begun({
      onError: "notify",
      trigger: { webhook: { url: "http://127.0.0.1:1/work", payload: { amount: "$data.amount" } } },
    });
    const key = run.tries[0]?.key;
    run.fail();
    run.update({ amount: 7 });
    operate(run, "retry");
    expect(run.tries[0]?.key).not.toBe(key);
    expect(run.tries[0]?.request.payload).toEqual({ amount: 7 });
  });

  test("a named incident alone is retried, an unknown one is refused", () => {
    const run = begun({ onError: "notify" });
    run.fail();
    expect(run.refuse({ type: "operator", act: "retry", reason: "", incidentId: "other" }).code).toBe(
      "NOT_ENABLED",
    );
    operate(run, "retry", run.snapshot?.incidents[0]?.incidentId);
    expect(run.tries.length).toBe(1);
  });

  test("a last action of an ended instance runs once more, and the outcome stays", () => {
    const run = new PureRun({
      stateMachineId: "last",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "done", baseStateType: "final", entryActions: [webhookAction("last")] },
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
    run.start();
    run.send("go");
    run.fail("ACTION_FAILED", true);
    operate(run, "retry");
    run.succeed();
    expect(run.snapshot?.incidents).toEqual([]);
    expect(run.status).toBe("completed");
    expect(run.snapshot?.tokens[0]?.visit.actions.map((action) => action.status)).toEqual([
      "failed",
      "completed",
    ]);
  });
});

describe("skip", () => {
  test("goes on as if the failed action had been done", () => {
    const run = begun({ onError: "notify" });
    run.fail();
    operate(run, "skip");
    expect(run.status).toBe("completed");
    expect(run.closedVisits[1]?.actions[0]?.status).toBe("skipped");
  });

  test("an incident that is not about an action is refused, and says what to do", () => {
    const run = new PureRun({
      stateMachineId: "blocked",
      states: [
        { stateId: "init", baseStateType: "initial" },
        {
          stateId: "work",
          baseStateType: "task",
          data: { schema: { type: "object", properties: { x: { type: "number" } }, required: ["x"] } },
          entryActions: [webhookAction("work")],
        },
        { stateId: "done", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "go", fromStateId: "init", toStateId: "work", condition: "data.go === true" },
        { transitionId: "end", fromStateId: "work", toStateId: "done" },
      ],
    });
    run.start({ go: true });
    run.succeed();
    expect(run.status).toBe("suspended");
    expect(run.refuse({ type: "operator", act: "skip", reason: "" }).message).toContain("correct the data");
    run.update({ x: 1 });
    expect(run.status).toBe("completed");
  });
});
