/** Each strategy at each kind of failure, with the history that it leaves. On the pure step. */
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { webhookAction } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

type Cause = "error" | "timeout" | "exhausted retries" | "callback wait runs out" | "state timeout";

const TIMEOUTS: ReadonlySet<Cause> = new Set<Cause>(["timeout", "callback wait runs out"]);

function machine(cause: Cause, strategy: Json): JsonObject {
  const action = webhookAction("act", {
    retryCount: cause === "exhausted retries" ? 1 : 0,
    ...(cause === "state timeout" ? {} : { [TIMEOUTS.has(cause) ? "onTimeout" : "onError"]: strategy }),
    ...(cause === "callback wait runs out"
      ? { callback: { webhook: { await: true, timeout: "PT1H" } } }
      : {}),
  });
  const first = webhookAction("first", { compensate: webhookAction("undo") });
  return {
    stateMachineId: "table",
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "work",
        baseStateType: "task",
        entryActions: [first, action],
        ...(cause === "state timeout" ? { timeout: { after: "PT1H", onTimeout: strategy } } : {}),
      },
      { stateId: "late", baseStateType: "final" },
      { stateId: "done", baseStateType: "final" },
      { stateId: "failed", baseStateType: "error" },
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "work",
        event: [{ eventId: "go", trigger: "manual" }],
      },
      { transitionId: "end", fromStateId: "work", toStateId: "done" },
      {
        transitionId: "escalated",
        fromStateId: "work",
        toStateId: "late",
        interrupts: true,
        event: [{ eventId: "escalation", trigger: "manual" }],
      },
    ],
  };
}

/** Makes the failure happen, and lets everything that follows succeed. */
function history(cause: Cause, strategy: Json): string {
  const run = new PureRun(machine(cause, strategy));
  run.start();
  run.send("go");
  run.succeed({}, "first");
  if (cause === "timeout") run.timeOut("act");
  else if (cause === "callback wait runs out") {
    run.succeed({}, "act");
    run.fireNextTimer();
  } else if (cause === "state timeout") run.fireNextTimer();
  else if (cause === "error") run.fail("ACTION_FAILED", true, "act");
  else {
    run.fail("ACTION_FAILED", false, "act");
    run.fireNextTimer();
    run.fail("ACTION_FAILED", false, "act");
  }
  // A further round of tries, and a time that begins anew, are let go well.
  while (run.tries.length > 0 || (JSON.stringify(strategy).includes("retry") && run.timers.size > 0)) {
    if (run.tries.length > 0) run.succeed();
    else run.fireNextTimer();
  }
  const visits = [...run.closedVisits, ...(run.snapshot?.tokens.map(({ visit }) => visit) ?? [])];
  const told = visits.map(({ state, actions }) =>
    actions.length === 0
      ? state
      : `${state}(${actions.map(({ actionId, status }) => `${actionId} ${status}`).join(", ")})`,
  );
  return `${told.join(" > ")} ${run.status}`;
}

const DONE = "init > work(first completed, act completed) > done completed";
const IGNORED = "init > work(first completed, act failed) > done completed";
const HELD = "init > work(first completed, act failed) suspended";
const ABORTED = "init > work(first completed, act failed) > failed error";
const UNDONE = "init > work(first compensated, act failed, undo completed) > init active";
const ENDED = "init > work(first compensated, act failed, undo completed) > failed error";
const START = { strategy: "rollback", rollbackTo: "start" };

/** What a try that runs out of time leaves, a wait for a callback leaves too. */
const TIMED_OUT_ALIKE = "callback wait runs out";

const rows: readonly (readonly [Json, { readonly [cause in Cause]?: string }])[] = [
  ["retry", { error: ABORTED, timeout: ABORTED, "exhausted retries": DONE, "state timeout": DONE }],
  ["ignore", { error: IGNORED, timeout: IGNORED, "exhausted retries": IGNORED, "state timeout": DONE }],
  ["log", { error: IGNORED, timeout: IGNORED, "exhausted retries": IGNORED, "state timeout": DONE }],
  ["notify", { error: HELD, timeout: HELD, "exhausted retries": HELD }],
  [
    "abort",
    {
      error: ABORTED,
      timeout: ABORTED,
      "exhausted retries": ABORTED,
      "state timeout": ABORTED.replace("act failed", "act cancelled"),
    },
  ],
  [
    "rollback",
    {
      error: UNDONE,
      timeout: UNDONE,
      "exhausted retries": UNDONE,
      "state timeout": UNDONE.replace("act failed", "act cancelled"),
    },
  ],
  [
    START,
    {
      error: ENDED,
      timeout: ENDED,
      "exhausted retries": ENDED,
      "state timeout": ENDED.replace("act failed", "act cancelled"),
    },
  ],
  [["retry", "rollback"], { error: UNDONE, "exhausted retries": DONE }],
  [
    "proceed",
    { timeout: DONE, "state timeout": "init > work(first completed, act cancelled) > done completed" },
  ],
  [
    "escalate",
    {
      timeout: "init > work(first completed, act failed) > late completed",
      "state timeout": "init > work(first completed, act cancelled) > late completed",
    },
  ],
];

describe.each(rows.map(([strategy, expected]) => ({ name: JSON.stringify(strategy), strategy, expected })))(
  "$name",
  ({ strategy, expected }) => {
    const all =
      expected.timeout === undefined ? expected : { ...expected, [TIMED_OUT_ALIKE]: expected.timeout };
    test.each(Object.entries(all))("at %s leaves the history %s", (cause, told) => {
      expect(history(cause as Cause, strategy)).toBe(told);
    });
  },
);
