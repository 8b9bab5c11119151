/** What data an event may bring, and when a state's data must be complete. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { webhookAction } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

const ID = "123e4567-e89b-12d3-a456-426614174000";
const OTHER_ID = "00000000-0000-4000-8000-000000000000";

function schema(properties: JsonObject, required: string[] = []): JsonObject {
  return { schema: { type: "object", properties, required, additionalProperties: false } };
}

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

/** init --begin--> form (userTask) --automatic when agreed--> work (task) --end--> done */
function formMachine(): JsonObject {
  return {
    stateMachineId: "formMachine",
    states: [
      {
        stateId: "init",
        baseStateType: "initial",
        data: schema({ orderId: { type: "string", format: "uuid" }, note: { type: "string" } }, ["orderId"]),
      },
      {
        stateId: "form",
        baseStateType: "userTask",
        data: schema(
          {
            orderId: { type: "string", format: "uuid" },
            agreed: { type: "boolean" },
            by: { type: "string" },
          },
          ["orderId", "agreed", "by"],
        ),
      },
      {
        stateId: "work",
        baseStateType: "task",
        data: schema({ orderId: { type: "string" }, reference: { type: "string" } }, ["reference"]),
      },
      {
        stateId: "done",
        baseStateType: "final",
        data: schema({ result: { type: "string", enum: ["good", "bad"] } }, ["result"]),
      },
      {
        stateId: "failed",
        baseStateType: "error",
        data: schema({ errorCode: { type: "string" }, errorMessage: { type: "string" } }, [
          "errorCode",
          "errorMessage",
        ]),
      },
    ],
    transitions: [
      { transitionId: "begin", fromStateId: "init", toStateId: "form", event: manual("begin") },
      { transitionId: "agree", fromStateId: "form", toStateId: "work", condition: "data.agreed === true" },
      {
        transitionId: "refuse",
        fromStateId: "form",
        toStateId: "failed",
        name: "Refused",
        condition: "data.agreed === false",
      },
      { transitionId: "back", fromStateId: "work", toStateId: "form", event: manual("back") },
      { transitionId: "end", fromStateId: "work", toStateId: "done", event: manual("end") },
      {
        transitionId: "fail",
        fromStateId: ["init", "form", "work"],
        toStateId: "failed",
        event: manual("fail"),
      },
    ],
  };
}

function started(): PureRun {
  const run = new PureRun(formMachine());
  run.start({ orderId: ID });
  return run;
}

describe("start", () => {
  test("the initial state's data is checked in full, and every violation is named by its path", () => {
    const run = new PureRun(formMachine());
    const rejection = run.refuse({
      type: "start",
      instanceId: "i1",
      data: { orderId: "x", colour: "red" },
      variables: {},
    });
    expect(rejection.code).toBe("VALIDATION_FAILED");
    expect(rejection.violations?.map((violation) => violation.path)).toEqual(["/colour"]);
    const second = run.refuse({ type: "start", instanceId: "i1", data: { orderId: "x" }, variables: {} });
    expect(second.violations?.map((violation) => violation.path)).toEqual(["/orderId"]);
    const third = run.refuse({ type: "start", instanceId: "i1", data: {}, variables: {} });
    expect(third.violations?.map((violation) => violation.path)).toEqual(["/orderId"]);
  });
});

describe("events", () => {
  test("a property that neither the source nor the target declares is refused", () => {
    expect(
      started().refuse({ type: "event", eventId: "begin", data: { colour: "red" }, variables: {} }),
    ).toMatchObject({
      code: "VALIDATION_FAILED",
      violations: [{ path: "/colour" }],
    });
  });

  test("a property of the target alone is taken with the event", () => {
    const run = started();
    run.send("begin", { by: "ada" });
    expect(run.data.by).toBe("ada");
  });

  test("a value of the wrong type is refused with its path", () => {
    expect(
      started().refuse({ type: "event", eventId: "begin", data: { by: 7 }, variables: {} }).violations,
    ).toMatchObject([{ path: "/by" }]);
  });

  test("an immutable property may be repeated but not changed", () => {
    const run = started();
    expect(
      run.refuse({ type: "event", eventId: "begin", data: { orderId: OTHER_ID }, variables: {} }).code,
    ).toBe("IMMUTABLE");
    run.send("begin", { orderId: ID });
    expect(run.state).toBe("form");
  });

  test("a final state is checked in full on entry", () => {
    const run = started();
    run.send("begin");
    run.update({ agreed: true, by: "ada" });
    expect(run.state).toBe("work");
    expect(
      run.refuse({ type: "event", eventId: "end", data: { reference: "r1" }, variables: {} }).violations,
    ).toMatchObject([{ path: "/result" }]);
    run.send("end", { reference: "r1", result: "good" });
    expect(run.status).toBe("completed");
  });

  test("a state that was entered without an event must be complete when it is left", () => {
    const run = started();
    run.send("begin");
    run.update({ agreed: true, by: "ada" });
    expect(
      run.refuse({ type: "event", eventId: "end", data: { result: "good" }, variables: {} }).violations,
    ).toMatchObject([{ path: "/reference" }]);
  });

  test("an event into an error state must bring what its schema requires, and interrupts incomplete data", () => {
    const run = started();
    run.send("begin");
    expect(
      run
        .refuse({ type: "event", eventId: "fail", data: {}, variables: {} })
        .violations?.map((violation) => violation.path),
    ).toEqual(["/errorCode", "/errorMessage"]);
    run.send("fail", { errorCode: "MANUAL", errorMessage: "stopped" });
    expect(run.status).toBe("error");
    expect(run.snapshot?.variables.lastError).toMatchObject({ errorCode: "MANUAL", failedState: "form" });
  });
});

describe("updates", () => {
  test("data that does not move anything is kept, and what it blocks is named", () => {
    const run = started();
    run.send("begin");
    const answer = run.update({ agreed: true });
    expect(answer).toMatchObject({
      outcome: "updated",
      blocked: [{ transitionId: "agree", violations: [{ path: "/by" }] }],
    });
    expect(run.status).toBe("active");
    expect(run.update({ by: "ada" })).not.toHaveProperty("blocked");
    expect(run.state).toBe("work");
  });

  test("a property of another state is refused", () => {
    const run = started();
    run.send("begin");
    expect(run.refuse({ type: "update", data: { reference: "r1" }, variables: {} }).violations).toMatchObject(
      [{ path: "/reference" }],
    );
  });

  test("an automatic transition into an error state is given the code ROUTED and the transition's name", () => {
    const run = started();
    run.send("begin");
    run.update({ agreed: false });
    expect(run.path).toEqual(["init", "form", "failed"]);
    expect(run.data).toMatchObject({ errorCode: "ROUTED", errorMessage: "Refused" });
  });

  test("entering a user task again forgets what only it collects", () => {
    const run = started();
    run.send("begin");
    run.update({ agreed: true, by: "ada" });
    run.send("back", { reference: "r1" });
    expect(run.data).toEqual({ orderId: ID, reference: "r1" });
    expect(run.state).toBe("form");
  });
});

describe("inside", () => {
  const automatic = (assign: JsonObject) => ({
    stateMachineId: "inside",
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "work",
        baseStateType: "task",
        entryActions: [webhookAction("work", { output: { amount: "$response.body.amount" } })],
        data: schema({ amount: { type: "integer" } }, ["amount"]),
      },
      {
        stateId: "next",
        baseStateType: "task",
        data: schema({ total: { type: "integer", minimum: 10 } }, ["total"]),
      },
      { stateId: "done", baseStateType: "final" },
      { stateId: "failed", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go"), condition: "true" },
      {
        transitionId: "on",
        fromStateId: "work",
        toStateId: "next",
        actions: [{ actionId: "sum", type: "assign", assign }],
      },
      { transitionId: "end", fromStateId: "next", toStateId: "done", event: manual("end") },
    ],
  });

  test("an output that does not fit the schema fails the action", () => {
    const run = new PureRun(automatic({ total: "${data.amount + 1}" }));
    run.start();
    // The event would have to bring the amount at once; what an action brings later is not there yet.
    expect(run.refuse({ type: "event", eventId: "go", data: {}, variables: {} }).violations).toMatchObject([
      { path: "/amount" },
    ]);
    run.send("go", { amount: 1 });
    run.succeed({ amount: "many" });
    expect(run.state).toBe("failed");
    expect(run.snapshot?.variables.lastError).toMatchObject({ errorCode: "VALIDATION_FAILED" });
  });

  test("what a transition assigns is there when its target is checked", () => {
    const run = new PureRun(automatic({ total: "${data.amount + 1}" }));
    run.start();
    run.send("go", { amount: 1 });
    run.succeed({ amount: 41 });
    expect(run.state).toBe("next");
    expect(run.data.total).toBe(42);
  });

  test("an automatic transition that fails validation with nobody to tell opens an incident, and an update resolves it", () => {
    const run = new PureRun(automatic({ total: "${data.amount + 1}" }));
    run.start();
    run.send("go", { amount: 1 });
    run.succeed({ amount: 3 });
    expect(run.status).toBe("suspended");
    expect(run.snapshot?.incidents).toMatchObject([{ code: "VALIDATION_FAILED", transitionId: "on" }]);
    run.update({ amount: 20 });
    expect(run.status).toBe("active");
    expect(run.state).toBe("next");
  });
});
