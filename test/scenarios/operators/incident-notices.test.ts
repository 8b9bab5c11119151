/** However an incident opens, the machine's callback handler is told of it, once. On the pure step. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { webhookAction } from "../../kit/definitions.js";
import { PureRun } from "../../kit/pure-run.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

/** init --go--> work, and what a case adds to it. */
function machine(
  work: JsonObject,
  extra: { states?: JsonObject[]; transitions?: JsonObject[]; machine?: JsonObject; init?: JsonObject } = {},
): JsonObject {
  return {
    stateMachineId: "told",
    globalCallbackHandler: {
      webhook: { url: "http://127.0.0.1:1/notices" },
      events: ["incident-opened"],
    },
    ...extra.machine,
    states: [
      { stateId: "init", baseStateType: "initial", ...extra.init },
      { stateId: "work", baseStateType: "task", ...work },
      { stateId: "done", baseStateType: "final" },
      { stateId: "broken", baseStateType: "error" },
      ...(extra.states ?? []),
    ],
    transitions: [
      { transitionId: "go", fromStateId: "init", toStateId: "work", event: manual("go") },
      ...(extra.transitions ?? [{ transitionId: "end", fromStateId: "work", toStateId: "done" }]),
    ],
  };
}

function undoable(actionId: string): JsonObject {
  return webhookAction(actionId, { compensate: webhookAction(`undo-${actionId}`) });
}

const TO_DONE = { transitionId: "end", fromStateId: "work", toStateId: "done", event: manual("end") };
const CIRCLE = {
  states: [{ stateId: "back", baseStateType: "task", timeout: { after: "PT1H", onTimeout: "abort" } }],
  transitions: [
    TO_DONE,
    { transitionId: "there", fromStateId: "work", toStateId: "back", condition: "data.isOver != true" },
    { transitionId: "again", fromStateId: "back", toStateId: "work" },
  ],
};
const CHILD = { subMachine: { stateMachineId: "child" } };
const NOTIFY = { globalErrorHandler: { onError: "notify", onTimeout: "notify" } };

/** How it opens, on what machine, what happens after `go`, and the code that is told. */
const CASES: readonly (readonly [string, JsonObject, (run: PureRun) => void, string])[] = [
  [
    "an action that failed for good, with notify",
    machine({ entryActions: [webhookAction("x", { onError: "notify" })] }),
    (run) => run.fail("ACTION_FAILED", true),
    "ACTION_FAILED",
  ],
  [
    "an action that ran out of time, with escalate",
    machine({ entryActions: [webhookAction("x", { onTimeout: "escalate" })] }),
    (run) => run.timeOut(),
    "ACTION_TIMEOUT",
  ],
  [
    "a state whose time is up, with notify",
    machine({ timeout: { after: "PT1H", onTimeout: "notify" } }, { transitions: [TO_DONE] }),
    (run) => run.fireNextTimer(),
    "STATE_TIMEOUT",
  ],
  [
    "a state whose time is up, with escalate",
    machine({ timeout: { after: "PT1H", onTimeout: "escalate" } }, { transitions: [TO_DONE] }),
    (run) => run.fireNextTimer(),
    "STATE_TIMEOUT",
  ],
  [
    "a child that failed, with notify",
    machine(CHILD, { machine: NOTIFY }),
    (run) =>
      run.accept({
        type: "childDone",
        children: [
          {
            key: run.snapshot?.tokens[0]?.child?.key ?? "",
            outcome: { outcome: "failed", code: "CHILD_FAILED", message: "it failed", data: {} },
          },
        ],
      }),
    "CHILD_FAILED",
  ],
  [
    "data that does not fit the state that is to be entered",
    machine(
      { entryActions: [webhookAction("x", { output: { size: "$response.body.size" } })] },
      {
        states: [
          {
            stateId: "sized",
            baseStateType: "task",
            data: { schema: { type: "object", properties: { size: { type: "number" } } } },
          },
        ],
        transitions: [
          { transitionId: "on", fromStateId: "work", toStateId: "sized" },
          { transitionId: "end", fromStateId: "sized", toStateId: "done" },
        ],
      },
    ),
    (run) => run.succeed({ size: "large" }, "x"),
    "VALIDATION_FAILED",
  ],
  [
    "a decision that has no way out, with notify",
    machine(
      {},
      {
        machine: NOTIFY,
        states: [{ stateId: "which", baseStateType: "decision" }],
        transitions: [
          { transitionId: "ask", fromStateId: "work", toStateId: "which" },
          { transitionId: "end", fromStateId: "which", toStateId: "done", condition: "data.isOver == true" },
        ],
      },
    ),
    () => {},
    "NO_TRANSITION",
  ],
  ["a circle that does not end", machine({}, CIRCLE), () => {}, "AUTOMATIC_LIMIT"],
  [
    "a compensation that failed",
    machine({ entryActions: [undoable("x"), webhookAction("y", { onError: "rollback" })] }),
    (run) => {
      run.succeed({}, "x");
      run.fail("ACTION_FAILED", true, "y");
      run.fail("ACTION_FAILED", true, "undo-x");
    },
    "ACTION_FAILED",
  ],
  [
    "a rollback that was cut short",
    machine({ entryActions: [undoable("x"), webhookAction("y", { onError: "rollback" })] }),
    (run) => {
      run.succeed({}, "x");
      run.fail("ACTION_FAILED", true, "y");
      run.accept({ type: "operator", act: "cancel", reason: "enough" });
    },
    "NOT_COMPENSATED",
  ],
  [
    "a log that only grows",
    machine(
      {
        entryActions: [
          webhookAction("x", {
            onError: { strategy: "rollback", rollbackTo: "start" },
            compensate: webhookAction("undo", {
              trigger: {
                webhook: { url: "http://127.0.0.1:1/undo", payload: { text: "$actions.x.result" } },
              },
            }),
          }),
        ],
      },
      {
        transitions: [
          { ...TO_DONE },
          { transitionId: "round", fromStateId: "work", toStateId: "work", event: manual("round") },
        ],
      },
    ),
    (run) => {
      for (let round = 0; round < 6; round += 1) {
        run.succeed("x".repeat(100 * 1024));
        if (run.status === "active") run.send("round");
      }
    },
    "LIMIT_EXCEEDED",
  ],
  [
    "a last action of an instance that has ended",
    machine(
      {},
      {
        states: [{ stateId: "over", baseStateType: "final", entryActions: [webhookAction("x")] }],
        transitions: [
          { transitionId: "end", fromStateId: "work", toStateId: "done", condition: "data.isOver == true" },
          { transitionId: "last", fromStateId: "work", toStateId: "over", condition: "data.isOver != true" },
        ],
      },
    ),
    (run) => run.fail("ACTION_FAILED", true),
    "ACTION_FAILED",
  ],
  [
    "a join whose token cannot come any more",
    machine(
      {},
      {
        states: [
          { stateId: "fork", baseStateType: "fork" },
          { stateId: "one", baseStateType: "userTask" },
          { stateId: "two", baseStateType: "userTask" },
          { stateId: "join", baseStateType: "join" },
          { stateId: "aside", baseStateType: "final" },
        ],
        transitions: [
          { transitionId: "f", fromStateId: "work", toStateId: "fork" },
          { transitionId: "f1", fromStateId: "fork", toStateId: "one" },
          { transitionId: "f2", fromStateId: "fork", toStateId: "two" },
          { transitionId: "j1", fromStateId: "one", toStateId: "join", event: manual("one") },
          { transitionId: "j2", fromStateId: "two", toStateId: "join", event: manual("two") },
          { transitionId: "away", fromStateId: "two", toStateId: "aside", event: manual("away") },
          { transitionId: "end", fromStateId: "join", toStateId: "done" },
        ],
      },
    ),
    (run) => {
      run.send("one");
      run.send("away");
    },
    "JOIN_STUCK",
  ],
];

describe("an incident is told, once", () => {
  test.each(CASES)("of %s", (_how, definition, happen, code) => {
    const run = new PureRun(definition);
    run.start();
    run.send("go");
    happen(run);
    expect(run.snapshot?.incidents.map((incident) => incident.code)).toEqual([code]);
    const told = run.deliveries.filter(({ purpose }) => purpose === "global");
    expect(told.map(({ request }) => request.payload)).toMatchObject([
      {
        type: "statewright.instance.incident-opened",
        data: { code, incidentId: run.snapshot?.incidents[0]?.incidentId },
      },
    ]);
  });

  test("of a notice that nobody took nobody is told: it would go to the same nobody", () => {
    const run = new PureRun(machine({ entryActions: [webhookAction("x", { onError: "notify" })] }));
    run.start();
    run.send("go");
    run.fail("ACTION_FAILED", true);
    run.accept({ type: "deliveryFailed", effect: { seq: 3, ordinal: 0 }, message: "nobody is there" });
    expect(run.snapshot?.incidents.map(({ code }) => code)).toEqual(["ACTION_FAILED", "CALLBACK_FAILED"]);
    expect(run.notices).toEqual(["incident-opened"]);
  });
});
