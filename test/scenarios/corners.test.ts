/** Corners where an instance could spin, stand still without a word, or do something twice. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { machine, manual, number, schema, waits } from "../kit/corner-machine.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

describe("timed transitions", () => {
  test("an update that makes the data right takes the transition whose time had come", () => {
    const run = machine(
      [{ stateId: "form", baseStateType: "wait", data: schema({ b: number }, ["b"]) }],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "form", event: manual("go") },
        { transitionId: "late", fromStateId: "form", toStateId: "done", event: waits("PT1H") },
      ],
    );
    run.start();
    run.send("go");
    run.fireNextTimer();
    expect(run.status).toBe("suspended");
    run.accept({ type: "operator", act: "retry", reason: "" });
    expect(run.status).toBe("suspended");
    run.update({ b: 1 });
    expect(run.status).toBe("completed");
    expect(run.snapshot?.incidents).toEqual([]);
  });

  test("two waits of one transition are two timers", () => {
    const run = machine(
      [],
      [{ transitionId: "late", fromStateId: "init", toStateId: "done", event: waits("PT1S", "PT1H") }],
    );
    run.start();
    expect(run.timers.size).toBe(2);
    expect(run.fireNextTimer()).toBe(1_000);
    expect(run.status).toBe("completed");
    expect(run.timers.size).toBe(0);
  });

  test("one that is due while actions run belongs to its visit alone", () => {
    const run = machine(
      [
        { stateId: "a", baseStateType: "task", entryActions: [webhookAction("work")] },
        { stateId: "b", baseStateType: "task" },
      ],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "a", event: manual("go") },
        { transitionId: "late", fromStateId: ["a", "b"], toStateId: "done", event: waits("PT1S") },
        { transitionId: "ab", fromStateId: "a", toStateId: "b" },
      ],
    );
    run.start();
    run.send("go");
    run.fireNextTimer();
    run.succeed();
    expect(run.state).toBe("b");
    expect(run.snapshot?.kept).toEqual([]);
  });
});

describe("incidents", () => {
  const blocked = () =>
    machine(
      [
        {
          stateId: "work",
          baseStateType: "task",
          data: schema({ x: number }, ["x"]),
          entryActions: [webhookAction("work")],
        },
      ],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "work", condition: "data.go === true" },
        { transitionId: "on", fromStateId: "work", toStateId: "done" },
      ],
    );

  test("one whose cause remains stays open, and is one", () => {
    const run = blocked();
    run.start({ go: true });
    run.succeed();
    const [incident] = run.snapshot?.incidents ?? [];
    expect(run.update({})).toMatchObject({ blocked: [{ transitionId: "on" }] });
    expect(run.status).toBe("suspended");
    expect(run.snapshot?.incidents.map((each) => each.incidentId)).toEqual([incident?.incidentId]);
    run.update({ x: 1 });
    expect(run.status).toBe("completed");
  });

  test("a decision whose way on is blocked says so, and takes the data that the way asks for", () => {
    const run = machine(
      [
        { stateId: "form", baseStateType: "userTask", data: schema({ a: number }) },
        { stateId: "choose", baseStateType: "decision" },
        { stateId: "done", baseStateType: "final", data: schema({ z: number }, ["z"]) },
      ],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "form", event: manual("go") },
        { transitionId: "next", fromStateId: "form", toStateId: "choose", condition: "data.a === 1" },
        { transitionId: "end", fromStateId: "choose", toStateId: "done", default: true },
      ],
    );
    run.start();
    run.send("go");
    run.update({ a: 1 });
    expect(run.state).toBe("choose");
    expect(run.status).toBe("suspended");
    run.update({ z: 2 });
    expect(run.status).toBe("completed");
  });

  test("a token that is held before its target takes what only the target declares", () => {
    const run = machine(
      [{ stateId: "next", baseStateType: "final", data: schema({ b: number }, ["b"]) }],
      [
        {
          transitionId: "go",
          fromStateId: "init",
          toStateId: "next",
          event: manual("go"),
          actions: [webhookAction("fetch", { onError: "ignore", output: { b: "$response.body.b" } })],
        },
      ],
    );
    run.start();
    run.send("go");
    run.fail();
    expect(run.status).toBe("suspended");
    run.update({ b: 1 });
    expect(run.status).toBe("completed");
  });

  test("an internal transition does not talk away the incident of a failed entry action", () => {
    const run = new PureRun(
      workMachine(
        { onError: "notify" },
        { transitions: [{ transitionId: "note", fromStateId: "work", event: manual("note") }] },
      ),
    );
    run.start();
    run.send("go");
    run.fail();
    expect(run.refuse({ type: "event", eventId: "note", data: {}, variables: {} }).code).toBe("NOT_ENABLED");
    expect(run.status).toBe("suspended");
  });
});

describe("an operator's hold", () => {
  test("puts off what a failure leads to", () => {
    const run = new PureRun(workMachine({}, { states: [], transitions: [] }));
    run.start();
    run.send("go");
    run.accept({ type: "operator", act: "suspend", reason: "" });
    run.fail("ACTION_FAILED", true);
    expect(run.state).toBe("work");
    expect(run.status).toBe("suspended");
    run.accept({ type: "operator", act: "resume", reason: "" });
    expect(run.status).toBe("error");
    expect(run.snapshot?.tokens[0]?.phase).toBe("ended");
  });
});

describe("keys", () => {
  test("an operator's retry of a request with now() and uuid() sends the same under the same key", () => {
    const run = new PureRun(
      workMachine({
        onError: "notify",
        trigger: {
          webhook: { url: "http://127.0.0.1:1/work", payload: { at: "${now()}", id: "${uuid()}" } },
        },
      }),
    );
    run.start();
    run.send("go");
    const [first] = run.tries;
    run.fail();
    run.nowMs += 60_000;
    run.accept({ type: "operator", act: "retry", reason: "" });
    expect(run.tries[0]).toMatchObject({ key: first?.key, request: first?.request });
  });
});

describe("assignments", () => {
  test("are all worked out on the data of before, so that their order means nothing", () => {
    const run = machine(
      [],
      [
        {
          transitionId: "count",
          fromStateId: "init",
          toStateId: "done",
          event: manual("count"),
          actions: [
            {
              actionId: "set",
              type: "assign",
              assign: { total: "${data.total + 1}", before: "$data.total" },
            },
          ],
        },
      ],
    );
    run.start({ total: 1 });
    run.send("count");
    expect(run.data).toEqual({ total: 2, before: 1 });
  });
});

describe("timeouts", () => {
  test("a strategy that only tells may stand before retry", () => {
    const run = new PureRun(workMachine({ retryCount: 2, onTimeout: ["log", "retry"], onError: "ignore" }));
    run.start();
    run.send("go");
    for (let round = 0; round < 2; round += 1) {
      run.timeOut();
      run.fireNextTimer();
    }
    run.timeOut();
    expect(run.status).toBe("completed");
    expect(run.closedVisits[1]?.actions[0]?.tries).toBe(3);
  });
});

describe("the end", () => {
  test("discards what was kept, each with a record", () => {
    const run = new PureRun(
      workMachine(
        {},
        {
          transitions: [
            { transitionId: "stop", fromStateId: "work", toStateId: "failed", event: manual("stop") },
          ],
        },
      ),
    );
    run.start();
    run.send("go");
    const { seq } = run.send("go");
    run.send("stop");
    expect(run.records.filter((record) => record.type === "event-discarded")).toMatchObject([
      { event: "go", keptAtSeq: seq, code: "INSTANCE_ENDED" },
    ]);
  });

  test("an automatic route after a failure that was passed over has the failure's own code", () => {
    const run = machine(
      [
        {
          stateId: "work",
          baseStateType: "task",
          entryActions: [webhookAction("work", { onError: "ignore" })],
        },
      ],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go") },
        { transitionId: "bad", fromStateId: "work", toStateId: "failed" },
      ],
    );
    run.start();
    run.send("go");
    run.fail("BROKEN", true);
    expect(run.snapshot?.variables.lastError).toMatchObject({ errorCode: "BROKEN" });
  });
});

describe("many decisions in a row", () => {
  test("cost no more than their number", () => {
    const count = 60;
    const states = Array.from(
      { length: count },
      (_, index): JsonObject => ({ stateId: `d${index}`, baseStateType: "decision" }),
    );
    const transitions = Array.from({ length: count }, (_, index): JsonObject[] => [
      {
        transitionId: `a${index}`,
        fromStateId: `d${index}`,
        toStateId: index + 1 < count ? `d${index + 1}` : "done",
        condition: "data.x === 1",
      },
      {
        transitionId: `b${index}`,
        fromStateId: `d${index}`,
        toStateId: index + 1 < count ? `d${index + 1}` : "done",
        default: true,
      },
    ]).flat();
    const run = machine(states, [
      { transitionId: "go", fromStateId: "init", toStateId: "d0", event: manual("go") },
      ...transitions,
    ]);
    run.start();
    run.send("go");
    expect(run.status).toBe("completed");
  });
});
