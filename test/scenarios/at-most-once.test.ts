/** Delivery at most once: what is unknown, what is known, and who decides. On the pure step. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import {
  actionsOf,
  answered,
  incidentOf,
  machine,
  once,
  operate,
  question,
  recordTypes,
  UNKNOWN,
  working,
} from "../kit/once-machine.js";
import type { PureRun } from "../kit/pure-run.js";

describe("an action that is sent at most once", () => {
  test("says so in its effect, and an action without the word does not", () => {
    expect(working(machine()).tries[0]).toMatchObject({ delivery: "atMostOnce" });
    expect(working(workMachine()).tries[0]?.delivery).toBeUndefined();
  });

  test("takes the word from actionDefaults too", () => {
    const defaults = { machine: { actionDefaults: { delivery: "atMostOnce" } } };
    expect(working(workMachine({}, defaults)).tries[0]).toMatchObject({ delivery: "atMostOnce" });
  });

  test("that is answered is completed like any other", () => {
    const run = working(machine());
    run.succeed();
    expect(run.status).toBe("completed");
    expect(recordTypes(run)).not.toContain("action-unknown");
  });

  test("that is known to have failed is retried under the same key, and its failure is a failure", () => {
    const run = working(machine({ retryCount: 1 }));
    const key = run.tries[0]?.key;
    run.fail();
    run.fireNextTimer();
    expect(run.tries[0]).toMatchObject({ key, delivery: "atMostOnce", tryNumber: 2 });
    run.fail();
    expect(actionsOf(run)).toEqual(["work failed"]);
    expect(run.state).toBe("failed");
  });
});

describe("an unknown outcome without reconcile", () => {
  test.each([
    ["the executor's word", (run: PureRun) => run.result(UNKNOWN)],
    ["a timeout", (run: PureRun) => run.timeOut()],
  ])("(%s) is no failure: no retry, no strategy, an incident holds the instance", (_name, happen) => {
    const run = working(machine({ retryCount: 3, onError: ["retry", "ignore"] }));
    const key = run.tries[0]?.key ?? "";
    happen(run);
    expect(run.tries).toEqual([]);
    expect(run.timers.size).toBe(0);
    expect(run.status).toBe("suspended");
    expect(actionsOf(run)).toEqual(["work unknown"]);
    expect(run.snapshot?.actions.work).toMatchObject({
      status: "unknown",
      key,
      error: { code: "ACTION_TIMEOUT" },
    });
    expect(recordTypes(run)).toContain("action-unknown");
    expect(recordTypes(run)).not.toContain("action-failed");
    expect(recordTypes(run)).not.toContain("try-failed");
    expect(incidentOf(run)).toMatchObject({
      code: "OUTCOME_UNKNOWN",
      suspends: true,
      actionId: "work",
      key,
      tries: 1,
    });
    expect(incidentOf(run)?.message).toContain(
      `look for its key ${key} at the other side; retry sends it again`,
    );
  });

  test("an answer that does not meet the condition is unknown: it was probably done", () => {
    const trigger = { webhook: { url: "http://127.0.0.1:1/work", condition: "response.body.ok === true" } };
    const run = working(machine({ trigger }));
    run.succeed({ ok: false });
    expect(incidentOf(run)).toMatchObject({ code: "OUTCOME_UNKNOWN", response: { status: 200 } });
  });

  test("an answer whose output does not fit is unknown, not failed", () => {
    const run = working(machine({ output: { reference: "$response.body.reference" } }));
    run.succeed({});
    expect(actionsOf(run)).toEqual(["work unknown"]);
  });

  test("an operator's skip takes it as done, and the instance goes on", () => {
    const run = working(machine());
    run.result(UNKNOWN);
    operate(run, "skip");
    expect(run.status).toBe("completed");
    expect(actionsOf(run)).toEqual(["work completed"]);
    expect(run.allRecords).toContainEqual({ type: "action-completed", actionId: "work", takenAsDone: true });
  });

  test("an operator's retry sends it again under the same key, and the trail says so", () => {
    const run = working(machine());
    const [first] = run.tries;
    run.result(UNKNOWN);
    operate(run, "retry");
    expect(run.tries[0]).toMatchObject({ key: first?.key, request: first?.request, delivery: "atMostOnce" });
    expect(run.allRecords).toContainEqual({
      type: "action-sent-again",
      actionId: "work",
      key: first?.key,
      try: 2,
    });
    run.succeed();
    expect(run.status).toBe("completed");
  });

  test("data that has changed since does not make another request of an operator's retry", () => {
    const trigger = { webhook: { url: "http://127.0.0.1:1/work", payload: { n: "$data.n?" } } };
    const run = working(machine({ trigger }));
    const [first] = run.tries;
    run.result(UNKNOWN);
    run.update({ n: 2 });
    expect(run.tries).toEqual([]);
    operate(run, "retry");
    expect(run.tries[0]).toMatchObject({ key: first?.key, request: first?.request });
  });

  test("an operator's cancel ends the instance, and an incident that holds nothing says what nobody knows", () => {
    const run = working(machine());
    run.result(UNKNOWN);
    operate(run, "cancel");
    expect(run.status).toBe("cancelled");
    expect(run.snapshot?.incidents).toMatchObject([{ code: "OUTCOME_UNKNOWN", suspends: false }]);
    operate(run, "skip");
    expect(run.snapshot?.incidents).toEqual([]);
  });

  test("of a last action, it lets the others run, and an operator's retry sends it again under its key", () => {
    const definition = machine();
    const states = (definition.states as JsonObject[]).map((state) =>
      state.stateId === "done"
        ? { ...state, entryActions: [once({ actionId: "last" }), webhookAction("after")] }
        : state,
    );
    const run = working({ ...definition, states });
    run.succeed();
    const key = run.tries[0]?.key;
    run.result(UNKNOWN);
    run.succeed({}, "after");
    expect(run.status).toBe("completed");
    const incident = incidentOf(run);
    expect(incident).toMatchObject({ code: "OUTCOME_UNKNOWN", suspends: false, key });
    run.accept({ type: "operator", act: "retry", reason: "r", incidentId: incident?.incidentId ?? "" });
    expect(run.tries).toMatchObject([{ key, actionId: "last" }]);
    run.succeed();
    expect(run.snapshot?.incidents).toEqual([]);
    expect(run.snapshot?.tokens[0]?.agenda).toBeUndefined();
  });
});

describe("reconcile", () => {
  test("is asked at once, as a run of its own, with the key of the unknown try", () => {
    const run = working(machine({ reconcile: question() }));
    const key = run.tries[0]?.key ?? "";
    run.result(UNKNOWN);
    expect(run.tries).toMatchObject([{ actionId: "ask" }]);
    expect(run.tries[0]?.key).not.toBe(key);
    expect(run.tries[0]?.delivery).toBeUndefined();
    expect(run.tries[0]?.request).toMatchObject({
      url: `http://127.0.0.1:1/ask?key=${encodeURIComponent(key)}`,
    });
    expect(run.status).toBe("active");
    expect(actionsOf(run)).toEqual(["work unknown", "ask in-progress"]);
  });

  test("that finds it completes the action with its response, output included", () => {
    const run = working(
      machine({ reconcile: question(), output: { reference: "$response.body.reference" } }),
    );
    run.result(UNKNOWN);
    run.succeed({ found: true, reference: "R1" });
    expect(run.status).toBe("completed");
    expect(run.data).toEqual({ reference: "R1" });
    expect(actionsOf(run)).toEqual(["work completed", "ask completed"]);
  });

  test.each([
    ["its condition is false", (run: PureRun) => run.succeed({ found: false })],
    ["404", (run: PureRun) => run.result(answered(404))],
    ["410", (run: PureRun) => run.result(answered(410))],
  ])(
    "that finds nothing (%s) makes a failed try of it, and the next is sent under the same key",
    (_name, answer) => {
      const run = working(machine({ reconcile: question(), retryCount: 1, onError: "abort" }));
      const key = run.tries[0]?.key;
      run.result(UNKNOWN);
      answer(run);
      expect(run.allRecords).toContainEqual(
        expect.objectContaining({ type: "try-failed", actionId: "work", try: 1 }),
      );
      run.fireNextTimer();
      expect(run.tries).toMatchObject([{ actionId: "work", key, tryNumber: 2, delivery: "atMostOnce" }]);
      run.result(UNKNOWN);
      answer(run);
      expect(actionsOf(run)).toEqual(["work failed", "ask completed", "ask completed"]);
      expect(run.state).toBe("failed");
    },
  );

  test("asks again as declared, also after a 404 that retryOn names", () => {
    const run = working(
      machine({ reconcile: question({ retryCount: 1, retryDelay: "PT1M", retryOn: [404] }) }),
    );
    run.result(UNKNOWN);
    run.result(answered(404));
    expect(run.fireNextTimer()).toBe(60_000);
    run.succeed({ found: true });
    expect(run.status).toBe("completed");
  });

  test("that cannot find out leaves an incident that holds the instance; retry asks again, skip takes it as done", () => {
    const run = working(
      machine({ reconcile: question({ retryCount: 1 }), retryCount: 5, onError: "ignore" }),
    );
    run.result(UNKNOWN);
    run.fail();
    run.fireNextTimer();
    run.timeOut();
    expect(run.tries).toEqual([]);
    expect(incidentOf(run)).toMatchObject({ code: "OUTCOME_UNKNOWN", actionId: "work", suspends: true });
    expect(incidentOf(run)?.message).toContain('retry has "ask" ask again');
    expect(actionsOf(run)).toEqual(["work unknown", "ask failed"]);
    operate(run, "retry");
    expect(run.tries).toMatchObject([{ actionId: "ask" }]);
    run.fail("ACTION_FAILED", true);
    operate(run, "skip");
    expect(run.status).toBe("completed");
  });

  test("whose answer does not fit the output is not asked for ever", () => {
    const run = working(
      machine({ reconcile: question(), output: { reference: "$response.body.reference" } }),
    );
    run.result(UNKNOWN);
    run.succeed({ found: true });
    expect(run.tries).toEqual([]);
    expect(incidentOf(run)).toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  test("that cannot even be asked is an incident", () => {
    const trigger = { webhook: { url: "http://127.0.0.1:1/ask", payload: { missing: "$data.missing" } } };
    const run = working(machine({ reconcile: question({ trigger }) }));
    run.result(UNKNOWN);
    expect(incidentOf(run)).toMatchObject({ code: "OUTCOME_UNKNOWN", suspends: true });
  });

  test("of a function finds nothing when it gives nothing", () => {
    const reconcile = { actionId: "ask", type: "function", function: "find", timeout: "PT5S" };
    const found = working(machine({ reconcile }));
    found.result(UNKNOWN);
    found.succeed({ id: 1 });
    expect(found.status).toBe("completed");
    const nothing = working(machine({ reconcile, onError: "abort" }));
    nothing.result(UNKNOWN);
    nothing.succeed(null);
    expect(nothing.state).toBe("failed");
  });

  test("waits while an operator holds the instance", () => {
    const run = working(machine({ reconcile: question() }));
    operate(run, "suspend");
    run.result(UNKNOWN);
    expect(run.tries).toEqual([]);
    expect(actionsOf(run)).toEqual(["work unknown"]);
    operate(run, "resume");
    expect(run.tries).toMatchObject([{ actionId: "ask" }]);
    run.succeed({ found: true });
    expect(run.status).toBe("completed");
  });
});
