/** Events, timers and automatic transitions: order, what is kept, what interrupts, what is refused. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

describe("refusals", () => {
  test("an event that the state does not name is refused with those that it names", () => {
    const run = new PureRun(workMachine());
    run.start();
    expect(run.refuse({ type: "event", eventId: "stop", data: {}, variables: {} })).toMatchObject({
      code: "NOT_ENABLED",
      enabled: ["go"],
    });
  });

  test("an ended instance takes no events", () => {
    const run = new PureRun(workMachine());
    run.start();
    run.send("go");
    run.succeed();
    expect(run.refuse({ type: "event", eventId: "go", data: {}, variables: {} }).code).toBe("INSTANCE_ENDED");
  });

  test("an event for another seq than the instance's is refused", () => {
    const run = new PureRun(workMachine());
    run.start();
    expect(run.refuse({ type: "event", eventId: "go", data: {}, variables: {}, expectedSeq: 7 }).code).toBe(
      "SEQ_MISMATCH",
    );
    expect(
      run.accept({ type: "event", eventId: "go", data: {}, variables: {}, expectedSeq: 1 }).outcome,
    ).toBe("taken");
  });

  test("a second start of the same instance is refused", () => {
    const run = new PureRun(workMachine());
    run.start();
    expect(run.refuse({ type: "start", instanceId: "i1", data: {}, variables: {} }).code).toBe(
      "INSTANCE_EXISTS",
    );
  });

  test("a command to no instance is refused", () => {
    const run = new PureRun(workMachine());
    expect(run.refuse({ type: "event", eventId: "go", data: {}, variables: {} }).code).toBe(
      "INSTANCE_UNKNOWN",
    );
  });
});

describe("while actions are under way", () => {
  const busy = (extra: JsonObject[]): PureRun => {
    const definition = workMachine({}, { transitions: extra });
    const transitions = (definition.transitions as JsonObject[]).map((transition) =>
      transition.transitionId === "finish" ? { ...transition, event: manual("finish") } : transition,
    );
    const run = new PureRun({ ...definition, transitions });
    run.start();
    run.send("go");
    return run;
  };

  test("an event is kept and taken when they are done", () => {
    const run = busy([]);
    expect(run.send("finish")).toMatchObject({ outcome: "queued" });
    expect(run.state).toBe("work");
    run.succeed();
    expect(run.path).toEqual(["init", "work", "done"]);
  });

  test("an event that no transition of the machine names is refused at once", () => {
    expect(busy([]).refuse({ type: "event", eventId: "nonsense", data: {}, variables: {} }).code).toBe(
      "NOT_ENABLED",
    );
  });

  test("a kept event that is not enabled when its turn comes is discarded, and the trail says so", () => {
    const run = busy([]);
    const answer = run.send("go");
    run.succeed();
    expect(run.state).toBe("work");
    expect(run.records.find((record) => record.type === "event-discarded")).toMatchObject({
      event: "go",
      keptAtSeq: answer.seq,
      code: "NOT_ENABLED",
    });
  });

  test("kept events have their turn in order", () => {
    const run = busy([
      { transitionId: "again", fromStateId: "work", toStateId: "work", event: manual("again") },
    ]);
    run.send("again");
    run.send("finish");
    run.succeed();
    expect(run.path).toEqual(["init", "work", "work"]);
    run.succeed();
    expect(run.path).toEqual(["init", "work", "work", "done"]);
  });

  test("an interrupting transition is taken at once and calls off what is under way", () => {
    const run = busy([
      {
        transitionId: "stop",
        fromStateId: "work",
        toStateId: "done",
        event: manual("stop"),
        interrupts: true,
      },
    ]);
    expect(run.send("stop")).toMatchObject({ outcome: "taken", from: "work", to: "done" });
    expect(run.tries).toEqual([]);
    expect(run.closedVisits[1]?.actions[0]?.status).toBe("cancelled");
    expect(run.status).toBe("completed");
  });

  test("a transition into an error state interrupts where nothing else is said", () => {
    const run = busy([
      { transitionId: "stop", fromStateId: "work", toStateId: "failed", event: manual("stop") },
    ]);
    run.send("stop");
    expect(run.status).toBe("error");
  });
});

describe("exit and transition actions", () => {
  const leaving = (onError = "abort") =>
    new PureRun({
      stateMachineId: "leaving",
      states: [
        { stateId: "init", baseStateType: "initial", exitActions: [webhookAction("bye", { onError })] },
        { stateId: "work", baseStateType: "task", entryActions: [webhookAction("work")] },
        { stateId: "done", baseStateType: "final" },
        { stateId: "failed", baseStateType: "error" },
      ],
      transitions: [
        {
          transitionId: "go",
          fromStateId: "init",
          toStateId: "work",
          event: manual("go"),
          actions: [webhookAction("between")],
        },
        { transitionId: "finish", fromStateId: "work", toStateId: "done" },
      ],
    });

  test("run in order before the target is entered, while the current state is still the source", () => {
    const run = leaving();
    run.start();
    run.send("go");
    const order: string[] = [];
    for (let action = 0; action < 3; action += 1) {
      order.push(`${run.state}:${run.tries[0]?.actionId}:${run.snapshot?.tokens[0]?.phase}`);
      run.succeed();
    }
    expect(order).toEqual(["init:bye:leaving", "init:between:leaving", "work:work:entering"]);
    expect(run.status).toBe("completed");
    expect(run.closedVisits[0]?.actions.map((action) => action.phase)).toEqual(["exit", "transition"]);
  });

  test("a failure while leaving follows its strategy in the source", () => {
    const run = leaving("abort");
    run.start();
    run.send("go");
    run.fail();
    expect(run.path).toEqual(["init", "failed"]);
    expect(run.snapshot?.variables.lastError).toMatchObject({ failedState: "init" });
  });
});

describe("timers", () => {
  const timed = (extra: JsonObject = {}, actions: JsonObject[] = []) =>
    new PureRun({
      stateMachineId: "timed",
      states: [
        { stateId: "init", baseStateType: "initial", entryActions: actions },
        { stateId: "late", baseStateType: "final" },
        { stateId: "done", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "expire",
          fromStateId: "init",
          toStateId: "late",
          event: [{ eventId: "expired", trigger: "time-based", after: "PT1H" }],
          ...extra,
        },
        { transitionId: "go", fromStateId: "init", toStateId: "done", event: manual("go") },
      ],
    });

  test("a time-based transition is taken when its time has come", () => {
    const run = timed();
    run.start();
    expect(run.fireNextTimer()).toBe(3_600_000);
    expect(run.path).toEqual(["init", "late"]);
    expect(run.snapshot?.tokens[0]?.visit.event).toBe("expired");
  });

  test("leaving a state clears its timers", () => {
    const run = timed();
    run.start();
    run.send("go");
    expect([...run.timers]).toEqual([]);
  });

  test("a timer whose condition does not hold is spent", () => {
    const run = timed({ condition: "data.x === 1" });
    run.start();
    run.fireNextTimer();
    expect(run.state).toBe("init");
    expect([...run.timers]).toEqual([]);
  });

  test("a timer that fires while actions are under way waits for them", () => {
    const run = timed({}, [webhookAction("hello")]);
    run.start();
    run.fireNextTimer();
    expect(run.state).toBe("init");
    run.succeed();
    expect(run.state).toBe("late");
  });

  test("one that interrupts does not", () => {
    const run = timed({ interrupts: true }, [webhookAction("hello")]);
    run.start();
    run.fireNextTimer();
    expect(run.state).toBe("late");
  });

  test("a timer that nobody waits for any more is recorded as stale and changes nothing", () => {
    const run = timed();
    run.start();
    run.send("go");
    run.accept({ type: "timer", timerId: "t1.0.expire" });
    expect(run.records).toMatchObject([{ type: "timer-fired", isStale: true }]);
    expect(run.status).toBe("completed");
  });
});

describe("automatic transitions", () => {
  test("the first in document order whose condition holds is taken", () => {
    const run = new PureRun({
      stateMachineId: "choice",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "choose", baseStateType: "decision" },
        { stateId: "small", baseStateType: "final" },
        { stateId: "large", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "go", fromStateId: "init", toStateId: "choose", event: manual("go") },
        { transitionId: "toLarge", fromStateId: "choose", toStateId: "large", condition: "data.amount > 10" },
        { transitionId: "toSmall", fromStateId: "choose", toStateId: "small", default: true },
      ],
    });
    run.start({ amount: 11 });
    run.send("go");
    expect(run.path).toEqual(["init", "choose", "large"]);
  });

  test("a decision without a way out is an error of the instance, never a silent stop", () => {
    const run = new PureRun({
      stateMachineId: "choice",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "choose", baseStateType: "decision" },
        { stateId: "done", baseStateType: "final" },
        { stateId: "failed", baseStateType: "error" },
      ],
      transitions: [
        { transitionId: "go", fromStateId: "init", toStateId: "choose", event: manual("go") },
        { transitionId: "on", fromStateId: "choose", toStateId: "done", condition: "data.amount > 10" },
      ],
    });
    run.start();
    run.send("go");
    expect(run.path).toEqual(["init", "choose", "failed"]);
    expect(run.snapshot?.variables.lastError).toMatchObject({
      errorCode: "NO_TRANSITION",
      failedState: "choose",
    });
  });

  test("more than 100 automatic steps in one command open an incident", () => {
    const run = new PureRun({
      stateMachineId: "spin",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "a", baseStateType: "task" },
        { stateId: "b", baseStateType: "task" },
        { stateId: "done", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "go", fromStateId: "init", toStateId: "a", event: manual("go") },
        { transitionId: "ab", fromStateId: "a", toStateId: "b", condition: "data.spin === true" },
        { transitionId: "ba", fromStateId: "b", toStateId: "a", condition: "data.spin === true" },
        { transitionId: "end", fromStateId: "a", toStateId: "done", event: manual("end") },
      ],
    });
    run.start({ spin: true });
    run.send("go");
    expect(run.status).toBe("suspended");
    expect(run.snapshot?.incidents).toMatchObject([{ code: "AUTOMATIC_LIMIT" }]);
    expect(run.closedVisits.length).toBe(101);
  });

  test("an internal transition runs its actions without leaving the state, and its data is looked at again", () => {
    const run = new PureRun({
      stateMachineId: "internal",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "done", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "count",
          fromStateId: "init",
          event: manual("count"),
          actions: [{ actionId: "add", type: "assign", assign: { n: "${(data.n ?? 0) + 1}" } }],
        },
        { transitionId: "enough", fromStateId: "init", toStateId: "done", condition: "data.n >= 2" },
      ],
    });
    run.start();
    run.send("count");
    expect(run.path).toEqual(["init"]);
    run.send("count");
    expect(run.path).toEqual(["init", "done"]);
  });
});

describe("notices", () => {
  test("the callback handler is told of every state change and of the end, in order", () => {
    const run = new PureRun(
      workMachine({}, { machine: { globalCallbackHandler: { webhook: { url: "http://127.0.0.1:1/all" } } } }),
    );
    run.start();
    run.send("go");
    run.succeed();
    expect(run.notices).toEqual(["state-changed", "state-changed", "state-changed", "completed"]);
  });

  test("an action's callback is told how the action ended", () => {
    const run = new PureRun(workMachine({ callback: { webhook: { url: "http://127.0.0.1:1/told" } } }));
    run.start();
    run.send("go");
    run.succeed({ reference: "R1" });
    expect(run.deliveries).toMatchObject([
      {
        purpose: "callback",
        request: {
          payload: { instanceId: "i1", actionId: "work", status: "completed", result: { reference: "R1" } },
        },
      },
    ]);
  });

  test("what is sensitive is masked", () => {
    const run = new PureRun(
      workMachine(
        {},
        {
          machine: {
            sensitive: ["/card/number"],
            globalCallbackHandler: { webhook: { url: "http://127.0.0.1:1/all" } },
          },
        },
      ),
    );
    run.start({ card: { number: "4111", holder: "Ada" } });
    expect(run.deliveries[0]?.request.payload).toMatchObject({
      data: { data: { card: { number: "***", holder: "Ada" } } },
    });
  });
});

describe("cancel", () => {
  test("ends the instance, calls off what is under way and clears its timers", () => {
    const run = new PureRun(workMachine());
    run.start();
    run.send("go");
    run.accept({ type: "operator", act: "cancel", reason: "not wanted" });
    expect(run.status).toBe("cancelled");
    expect(run.snapshot?.reason).toBe("not wanted");
    expect(run.tries).toEqual([]);
  });
});
