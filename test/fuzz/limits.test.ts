/** The limits that an instance grows against, one command at a time: none of them harms what was there before. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { Command } from "../../src/core/message/command.js";
import { step } from "../../src/core/step/step.js";
import { workMachine } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

const HALF = "x".repeat(140 * 1024);

describe("instance data", () => {
  it("of more than 256 KiB after merging is refused: at the start, by an update, by an event", () => {
    const definition = workMachine();
    const run = new PureRun(definition);
    const whole = { type: "start", instanceId: "i1", variables: {} } as const;
    expect(run.refuse({ ...whole, data: { one: HALF, two: HALF } })).toEqual({
      code: "LIMIT_EXCEEDED",
      message:
        'Instance of "workMachine" cannot start: The data of the instance would be larger than 256 KiB',
      violations: [{ path: "", message: "The data of the instance would be larger than 256 KiB" }],
    });
    run.start({ one: HALF });
    const data = { two: HALF };
    expect(run.refuse({ type: "update", data, variables: {} }).code).toBe("LIMIT_EXCEEDED");
    expect(run.refuse({ type: "event", eventId: "go", data, variables: {} }).code).toBe("LIMIT_EXCEEDED");
    run.send("go", { one: "smaller", two: HALF });
  });

  it("variables have the same limit, apart from the data", () => {
    const run = new PureRun(workMachine());
    run.start({ one: HALF });
    run.update({}, { one: HALF });
    const variables = { two: HALF };
    for (const command of [
      { type: "update", data: {}, variables },
      { type: "event", eventId: "go", data: {}, variables },
    ] as const) {
      expect(run.refuse(command)).toMatchObject({
        code: "LIMIT_EXCEEDED",
        violations: [{ path: "", message: "The variables of the instance would be larger than 256 KiB" }],
      });
    }
  });

  it("an action whose output would pass the limit fails with LIMIT_EXCEEDED, which can be routed", () => {
    const run = new PureRun(
      workMachine(
        { output: { two: "$response.body.text" } },
        {
          states: [{ stateId: "smaller", baseStateType: "userTask" }],
          transitions: [
            {
              fromStateId: "work",
              toStateId: "smaller",
              event: [{ eventId: "error.LIMIT_EXCEEDED", trigger: "manual" }],
            },
            {
              fromStateId: "smaller",
              toStateId: "done",
              event: [{ eventId: "end", trigger: "manual" }],
            },
          ],
        },
      ),
    );
    run.start({ one: HALF });
    run.send("go");
    run.succeed({ text: HALF });
    expect(run.snapshot?.tokens[0]?.stateId).toBe("smaller");
    expect(Object.keys(run.data)).toEqual(["one"]);
    run.send("end");
    expect(run.status).toBe("completed");
  });

  it("a failure's message is cut where it goes into variables", () => {
    const run = new PureRun(workMachine());
    run.start();
    run.send("go");
    run.result({ outcome: "failed", code: "ACTION_FAILED", message: HALF, isFinal: true });
    const lastError = run.snapshot?.variables.lastError as JsonObject;
    expect(String(lastError.errorMessage)).toHaveLength(2_000);
  });
});

/** Another event keeps the step busy, so that what comes is kept. */
const busyMachine = workMachine(
  {},
  {
    transitions: [
      {
        transitionId: "later",
        fromStateId: "work",
        event: [{ eventId: "later", trigger: "manual" }],
      },
    ],
  },
);

describe("kept events", () => {
  it("are at most 1,000 an instance; what comes after them is refused until they had their turn", () => {
    const run = new PureRun(busyMachine);
    run.start();
    run.send("go");
    const envelope = { actor: "ada", source: "test", random: "0".repeat(32) };
    const later = { type: "event", eventId: "later", data: {}, variables: {}, ...envelope } as const;
    // Without the kit's replay after each command, which would take a million steps.
    let { snapshot } = run;
    const give = (command: Command) => {
      const result = step(run.machine, snapshot, command, run.nowMs);
      if (result.ok) snapshot = result.snapshot;
      return result;
    };
    for (let count = 0; count < 1_000; count += 1) expect(give(later).ok).toBe(true);
    expect(give(later)).toEqual({
      ok: false,
      rejection: {
        code: "LIMIT_EXCEEDED",
        message:
          'Instance "i1" keeps 1000 events until its actions are done and takes no event "later" before that. Send it again later.',
      },
    });
    const effect = snapshot?.tokens[0]?.agenda?.running?.effect ?? { seq: 0, ordinal: 0 };
    const response = { status: 200, headers: {}, body: null };
    give({ type: "actionResult", effect, key: "k", result: { outcome: "completed", response }, ...envelope });
    expect(snapshot).toMatchObject({ status: "completed", kept: [] });
  });

  it("are at most 1 MiB together", () => {
    const run = new PureRun(busyMachine);
    run.start();
    run.send("go");
    for (let count = 0; count < 7; count += 1) run.send("later", { text: HALF });
    const refusal = run.refuse({ type: "event", eventId: "later", data: { text: HALF }, variables: {} });
    expect(refusal.code).toBe("LIMIT_EXCEEDED");
    run.send("later", { text: "small" });
  });
});

describe("the open visit", () => {
  it("keeps the newest 50 records of an action, however often it runs", () => {
    const run = new PureRun({
      stateMachineId: "counting",
      states: [
        { stateId: "here", baseStateType: "initial" },
        { stateId: "end", baseStateType: "final" },
      ],
      transitions: [
        {
          fromStateId: "here",
          event: [{ eventId: "count", trigger: "manual" }],
          actions: [{ actionId: "add", type: "assign", assign: { n: "${(data.n ?? 0) + 1}" } }],
        },
        { fromStateId: "here", toStateId: "end", event: [{ eventId: "end", trigger: "manual" }] },
      ],
    });
    run.start();
    for (let count = 0; count < 60; count += 1) run.send("count");
    expect(run.data.n).toBe(60);
    expect(run.snapshot?.tokens[0]?.visit.actions).toHaveLength(50);
  });
});
