/** The timeout of a whole stay in a state, and escalations: each strategy with what it leads to. */
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { PureRun } from "../kit/pure-run.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

function review(onTimeout: Json | undefined, more: readonly JsonObject[] = []): PureRun {
  const run = new PureRun({
    stateMachineId: "review",
    globalCallbackHandler: { webhook: { url: "https://listener.example.com/events" } },
    states: [
      { stateId: "a", baseStateType: "initial" },
      {
        stateId: "reviewing",
        baseStateType: "userTask",
        timeout: { after: "PT1H", ...(onTimeout === undefined ? {} : { onTimeout }) },
      },
      { stateId: "late", baseStateType: "userTask" },
      { stateId: "done", baseStateType: "final" },
      { stateId: "failed", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "go", fromStateId: "a", toStateId: "reviewing", event: manual("go") },
      { transitionId: "approve", fromStateId: "reviewing", toStateId: "done", event: manual("approve") },
      { transitionId: "finish", fromStateId: "late", toStateId: "done", event: manual("finish") },
      { transitionId: "toLate", fromStateId: "reviewing", toStateId: "late", event: manual("toLate") },
      ...more,
    ],
  });
  run.start();
  run.send("go");
  return run;
}

const incidents = (run: PureRun) => run.snapshot?.incidents ?? [];

describe("When a state's time is up", () => {
  it("the machine's own strategy, abort, leads to the error state", () => {
    const run = review(undefined);
    expect(run.fireNextTimer()).toBe(3_600_000);
    expect([run.state, run.status]).toEqual(["failed", "error"]);
    expect(run.snapshot?.variables.lastError).toMatchObject({
      errorCode: "STATE_TIMEOUT",
      failedState: "reviewing",
    });
  });

  it("an error route of the state beats every strategy", () => {
    const run = review("abort", [
      {
        transitionId: "inTime",
        fromStateId: "reviewing",
        toStateId: "late",
        event: [{ eventId: "error.STATE_TIMEOUT", trigger: "manual" }],
      },
    ]);
    run.fireNextTimer();
    expect([run.state, run.path]).toEqual(["late", ["a", "reviewing", "late"]]);
  });

  it("retry begins the time anew, once, and then the next in the list decides", () => {
    const run = review(["retry", "ignore"]);
    run.fireNextTimer();
    expect([run.state, run.fireNextTimer()]).toEqual(["reviewing", 3_600_000]);
    expect([run.state, run.timers.size]).toEqual(["reviewing", 0]);
  });

  it("proceed takes the automatic transition that was waiting for nothing else", () => {
    const run = review("proceed", [
      {
        transitionId: "onward",
        fromStateId: "reviewing",
        toStateId: "late",
        condition: "data.draft === true",
      },
    ]);
    run.update({ draft: false });
    run.fireNextTimer();
    expect(run.state).toBe("reviewing");
    run.update({ draft: true });
    expect(run.state).toBe("late");
  });

  it("notify tells and holds the instance; an event goes on from there", () => {
    const run = review("notify");
    run.fireNextTimer();
    expect([run.status, incidents(run)[0]?.code]).toEqual(["suspended", "STATE_TIMEOUT"]);
    expect(run.notices).toContain("notification");
    run.send("approve");
    expect([run.state, run.status, incidents(run)]).toEqual(["done", "completed", []]);
  });

  it("escalate takes a transition on the event, without leaving where it keeps its source", () => {
    const run = review({ strategy: "escalate", event: "late" }, [
      {
        transitionId: "tellBoss",
        fromStateId: "reviewing",
        toStateId: "late",
        keepSource: true,
        event: manual("late"),
      },
    ]);
    run.fireNextTimer();
    expect(run.snapshot?.tokens.map((token) => token.stateId)).toEqual(["reviewing", "late"]);
    expect(incidents(run)).toEqual([]);
  });

  it("escalate with nobody to take it opens a critical incident and tells", () => {
    const run = review("escalate");
    run.fireNextTimer();
    expect(incidents(run)).toMatchObject([{ code: "STATE_TIMEOUT", severity: "critical", suspends: true }]);
    expect(run.notices).toContain("notification");
  });

  it("nothing is decided while an operator holds the instance, and it is when it goes on", () => {
    const run = review("abort");
    run.accept({ type: "operator", act: "suspend", reason: "look" });
    run.fireNextTimer();
    expect([run.state, run.status]).toEqual(["reviewing", "suspended"]);
    run.accept({ type: "operator", act: "resume", reason: "" });
    expect([run.state, run.status]).toEqual(["failed", "error"]);
  });

  it("a state that is left in time has no timer left", () => {
    const run = review("abort");
    run.send("approve");
    expect(run.timers.size).toBe(0);
  });
});

describe("When a try's time is up, escalate", () => {
  const calling = (more: readonly JsonObject[]) => ({
    stateMachineId: "calling",
    states: [
      {
        stateId: "call",
        baseStateType: "initial",
        entryActions: [
          {
            actionId: "ask",
            trigger: { webhook: { url: "https://slow.example.com/" } },
            timeout: "PT5S",
            onTimeout: "escalate",
          },
        ],
      },
      { stateId: "other", baseStateType: "userTask" },
      { stateId: "done", baseStateType: "final" },
    ],
    transitions: [
      { transitionId: "end", fromStateId: "call", toStateId: "done", event: manual("end") },
      { transitionId: "toOther", fromStateId: "call", toStateId: "other", event: manual("toOther") },
      { transitionId: "finish", fromStateId: "other", toStateId: "done", event: manual("finish") },
      ...more,
    ],
  });

  it("leaves by the transition on the event, and the action has failed", () => {
    const run = new PureRun(
      calling([{ transitionId: "up", fromStateId: "call", toStateId: "other", event: manual("escalation") }]),
    );
    run.start();
    run.timeOut();
    expect(run.state).toBe("other");
    expect(run.closedVisits[0]?.actions).toMatchObject([
      { actionId: "ask", status: "failed", timedOut: true },
    ]);
  });

  it("goes on in its state where the transition has no target", () => {
    const run = new PureRun(
      calling([{ transitionId: "up", fromStateId: "call", event: manual("escalation") }]),
    );
    run.start();
    run.timeOut();
    run.send("end");
    expect([run.state, run.status]).toEqual(["done", "completed"]);
  });

  it("holds the token in a critical incident that names the action, where nobody takes it", () => {
    const run = new PureRun(calling([]));
    run.start();
    run.timeOut();
    expect(incidents(run)).toMatchObject([{ code: "ACTION_TIMEOUT", actionId: "ask", severity: "critical" }]);
    run.accept({ type: "operator", act: "skip", reason: "asked by phone" });
    run.send("end");
    expect(run.status).toBe("completed");
  });
});
