/** What is sent at most once and called off before its outcome is known. On the pure step. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { TryResult } from "../../src/core/message/try-result.js";
import { webhookAction } from "../kit/definitions.js";
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

describe("what is called off", () => {
  const leave = {
    transitions: [
      {
        transitionId: "leave",
        fromStateId: "work",
        toStateId: "failed",
        interrupts: true,
        event: [{ eventId: "leave", trigger: "manual" }],
      },
    ],
  };

  test("while a try is under way leaves an incident with its key; its late result is recorded", () => {
    const run = working(machine({}, leave));
    const [sent] = run.tries;
    run.send("leave");
    expect(run.status).toBe("error");
    expect(actionsOf(run)).toEqual(["work unknown"]);
    expect(run.snapshot?.incidents).toMatchObject([
      { code: "OUTCOME_UNKNOWN", key: sent?.key, suspends: false },
    ]);
    late(run, sent, { outcome: "completed", response: { status: 200, headers: {}, body: {} } });
    expect(recordTypes(run)).toContain("late-result");
    expect(incidentOf(run)?.message).toContain("was done, and the instance has gone on without it");
  });

  test("and turns out not to have happened needs nobody any more", () => {
    const run = working(machine({}, leave));
    const [sent] = run.tries;
    run.send("leave");
    late(run, sent, answered(409));
    expect(run.snapshot?.incidents).toEqual([]);
  });

  test("while it is reconciled is not forgotten either", () => {
    const run = working(machine({ reconcile: question() }, leave));
    run.result(UNKNOWN);
    run.send("leave");
    expect(run.tries).toEqual([]);
    expect(run.snapshot?.incidents).toMatchObject([
      { code: "OUTCOME_UNKNOWN", actionId: "work", suspends: false },
    ]);
    expect(actionsOf(run)).toEqual(["work unknown", "ask cancelled"]);
  });

  test("after a failure that is known leaves nothing behind", () => {
    const run = working(machine({ retryCount: 1 }, leave));
    run.fail();
    run.send("leave");
    expect(run.snapshot?.incidents).toEqual([]);
    expect(actionsOf(run)).toEqual(["work cancelled"]);
  });
});

function late(run: PureRun, sent: PureRun["tries"][number] | undefined, result: TryResult): void {
  if (sent === undefined) throw new Error("Nothing was sent.");
  run.accept({
    type: "actionResult",
    effect: { seq: sent.seq, ordinal: sent.ordinal },
    key: sent.key,
    result,
  });
}

describe("a rollback that reaches it", () => {
  function timed(settings: JsonObject = {}): JsonObject {
    const definition = machine({ compensate: webhookAction("undo"), ...settings });
    const states = (definition.states as JsonObject[]).map((state) =>
      state.stateId === "work" ? { ...state, timeout: { after: "PT1M", onTimeout: "rollback" } } : state,
    );
    return { ...definition, states };
  }

  test("waits for the try that is under way, and undoes it when it was done", () => {
    const run = working(timed());
    run.fireNextTimer();
    expect(run.tries).toMatchObject([{ actionId: "work" }]);
    expect(run.state).toBe("work");
    run.succeed();
    expect(run.tries).toMatchObject([{ actionId: "undo" }]);
    run.succeed();
    expect(run.state).toBe("init");
    expect(run.snapshot?.incidents).toEqual([]);
    expect(recordTypes(run)).toContain("action-compensated");
  });

  test("undoes nothing when it was not done", () => {
    const run = working(timed());
    run.fireNextTimer();
    run.fail();
    expect(run.tries).toEqual([]);
    expect(run.state).toBe("init");
  });

  test("has it reconciled before its compensation is decided", () => {
    const run = working(timed({ reconcile: question() }));
    run.fireNextTimer();
    run.result(UNKNOWN);
    expect(run.tries).toMatchObject([{ actionId: "ask" }]);
    run.succeed({ found: true, id: 7 });
    expect(run.tries).toMatchObject([{ actionId: "undo" }]);
    run.succeed();
    expect(run.state).toBe("init");
  });

  test("is held where nothing can find out, and goes on by an operator's word", () => {
    const run = working(timed());
    run.result(UNKNOWN);
    run.fireNextTimer();
    expect(run.status).toBe("suspended");
    expect(run.snapshot?.incidents).toMatchObject([{ code: "OUTCOME_UNKNOWN", suspends: true }]);
    operate(run, "skip");
    expect(run.tries).toMatchObject([{ actionId: "undo" }]);
    run.succeed();
    expect(run.state).toBe("init");
    expect(run.status).toBe("active");
  });

  test("holds at a compensation that is itself unknown", () => {
    const definition = machine({ compensate: once({ actionId: "undo" }), retryCount: 0 });
    const states = (definition.states as JsonObject[]).map((state) =>
      state.stateId === "work"
        ? {
            ...state,
            entryActions: [
              ...(state.entryActions as JsonObject[]),
              webhookAction("next", { onError: "rollback" }),
            ],
          }
        : state,
    );
    const run = working({ ...definition, states });
    run.succeed({}, "work");
    run.fail("ACTION_FAILED", true, "next");
    const key = run.tries[0]?.key;
    run.result(UNKNOWN, "undo");
    expect(run.snapshot?.incidents).toMatchObject([{ code: "OUTCOME_UNKNOWN", key, suspends: true }]);
    operate(run, "retry");
    expect(run.tries).toMatchObject([{ actionId: "undo", key }]);
    run.succeed();
    expect(run.state).toBe("init");
  });
});
