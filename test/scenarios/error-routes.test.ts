/** Error routes and exit actions: what must happen once, and not to itself. */
import { describe, expect, test } from "vitest";
import { machine, manual, number, schema } from "../kit/corner-machine.js";
import { webhookAction } from "../kit/definitions.js";

describe("error routes", () => {
  test("a failing exit action takes the route once, and does not run again on the way out", () => {
    const run = machine(
      [{ stateId: "work", baseStateType: "task", exitActions: [webhookAction("bye")] }],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go") },
        { transitionId: "on", fromStateId: "work", toStateId: "done", event: manual("on") },
        { transitionId: "route", fromStateId: "work", toStateId: "failed", event: manual("error") },
      ],
    );
    run.start();
    run.send("go");
    run.send("on");
    run.fail("ACTION_FAILED", true);
    expect(run.status).toBe("error");
    expect(run.closedVisits[1]?.actions.length).toBe(1);
  });

  test("a route whose own action fails goes to the strategies, not to itself", () => {
    const run = machine(
      [{ stateId: "work", baseStateType: "task", entryActions: [webhookAction("work")] }],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go") },
        {
          transitionId: "route",
          fromStateId: "work",
          toStateId: "work",
          event: manual("error"),
          actions: [webhookAction("repair")],
        },
        { transitionId: "on", fromStateId: "work", toStateId: "done" },
      ],
    );
    run.start();
    run.send("go");
    run.fail("ACTION_FAILED", true);
    run.fail("ACTION_FAILED", true, "repair");
    expect(run.status).toBe("error");
  });

  test("the route's actions see the failure as the event's data", () => {
    const run = machine(
      [
        { stateId: "work", baseStateType: "task", entryActions: [webhookAction("work")] },
        { stateId: "repair", baseStateType: "wait" },
      ],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go") },
        { transitionId: "on", fromStateId: "work", toStateId: "done" },
        {
          transitionId: "route",
          fromStateId: "work",
          toStateId: "repair",
          event: manual("error"),
          actions: [{ actionId: "note", type: "assign", assign: { why: "$event.data.errorCode" } }],
        },
        { transitionId: "end", fromStateId: "repair", toStateId: "done", event: manual("end") },
      ],
    );
    run.start();
    run.send("go");
    run.fail("BROKEN", true);
    expect(run.data).toEqual({ why: "BROKEN" });
  });

  test("a route into a final state whose data is not complete is held, not completed", () => {
    const run = machine(
      [
        { stateId: "work", baseStateType: "task", entryActions: [webhookAction("work")] },
        { stateId: "done", baseStateType: "final", data: schema({ result: number }, ["result"]) },
      ],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go") },
        { transitionId: "route", fromStateId: "work", toStateId: "done", event: manual("error") },
      ],
    );
    run.start();
    run.send("go");
    run.fail("BROKEN", true);
    expect(run.status).toBe("suspended");
    run.update({ result: 1 });
    expect(run.status).toBe("completed");
  });
});

describe("exit actions", () => {
  test("run once, although another way out is taken while they run", () => {
    const run = machine(
      [{ stateId: "work", baseStateType: "task", exitActions: [webhookAction("release")] }],
      [
        { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go") },
        {
          transitionId: "on",
          fromStateId: "work",
          toStateId: "done",
          event: manual("on"),
          actions: [webhookAction("slow")],
        },
        { transitionId: "stop", fromStateId: "work", toStateId: "failed", event: manual("stop") },
      ],
    );
    run.start();
    run.send("go");
    run.send("on");
    run.succeed({}, "release");
    run.send("stop");
    expect(run.status).toBe("error");
    expect(run.closedVisits[1]?.actions.filter((action) => action.actionId === "release").length).toBe(1);
  });
});
