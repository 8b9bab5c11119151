/** Time-based transitions: at an instant that data names, again and again, in a time zone, and after an absence. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { PureRun } from "../kit/pure-run.js";

const HOUR_MS = 3_600_000;

/** A task that waits; what the trigger does is counted in `n`. */
function waiting(trigger: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    stateMachineId: "waiting",
    states: [
      { stateId: "a", baseStateType: "initial" },
      { stateId: "late", baseStateType: "final" },
      { stateId: "done", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "tick",
        fromStateId: "a",
        event: [{ trigger: "time-based", ...trigger }],
        actions: [{ actionId: "count", assign: { n: "${(data.n ?? 0) + 1}" } }],
        ...more,
      },
      {
        transitionId: "finish",
        fromStateId: "a",
        toStateId: "done",
        event: [{ eventId: "finish", trigger: "manual" }],
      },
      {
        transitionId: "giveUp",
        fromStateId: "a",
        toStateId: "late",
        event: [{ eventId: "giveUp", trigger: "manual" }],
      },
    ],
  };
}

const timersOf = (run: PureRun): string[] =>
  [...run.timers.values()].map((dueAtMs) => new Date(dueAtMs).toISOString());

describe("A transition at an instant that data names", () => {
  const due = { at: "$data.dueAt" };

  it("is due then, wherever the offset of the timestamp is written", () => {
    const run = new PureRun(waiting(due, { toStateId: "late" }));
    run.start({ dueAt: "2026-03-01T12:00:00+02:00" });
    expect(timersOf(run)).toEqual(["2026-03-01T10:00:00.000Z"]);
    run.fireNextTimer();
    expect([run.state, run.status]).toEqual(["late", "completed"]);
  });

  it("follows the data: set when it comes, moved when it changes, given up when it is left", () => {
    const run = new PureRun(waiting(due, { toStateId: "late" }));
    run.start();
    expect(timersOf(run)).toEqual([]);
    run.update({ dueAt: "2026-03-01T12:00:00Z" });
    expect(timersOf(run)).toEqual(["2026-03-01T12:00:00.000Z"]);
    run.update({ dueAt: "2026-02-01T12:00:00Z" });
    expect(timersOf(run)).toEqual(["2026-02-01T12:00:00.000Z"]);
    run.send("finish");
    expect(timersOf(run)).toEqual([]);
  });

  it("that is past already is taken at once", () => {
    const run = new PureRun(waiting(due, { toStateId: "late" }));
    run.start({ dueAt: "2020-01-01T00:00:00Z" });
    run.fireNextTimer();
    expect(run.state).toBe("late");
  });

  it("fires once, until another instant is named", () => {
    const run = new PureRun(waiting(due));
    run.start({ dueAt: "2026-01-01T01:00:00Z" });
    run.fireNextTimer();
    run.update({ other: 1 });
    expect([run.data.n, timersOf(run)]).toEqual([1, []]);
    run.update({ dueAt: "2026-01-02T00:00:00Z" });
    run.fireNextTimer();
    expect(run.data.n).toBe(2);
  });

  it("tells of what is no timestamp in an incident that data closes", () => {
    const run = new PureRun(waiting(due, { toStateId: "late" }));
    run.start({ dueAt: "tomorrow" });
    expect(run.snapshot?.incidents).toMatchObject([{ code: "TEMPLATE_ERROR", suspends: false }]);
    run.update({ other: 1 });
    expect(run.snapshot?.incidents).toHaveLength(1);
    run.update({ dueAt: "2026-01-01T01:00:00Z" });
    expect([run.snapshot?.incidents, timersOf(run)]).toEqual([[], ["2026-01-01T01:00:00.000Z"]]);
  });
});

describe("A transition that comes again and again", () => {
  it("keeps its beat by the time at which it was due, however late it fires", () => {
    const run = new PureRun(waiting({ every: "PT1H" }));
    run.start();
    run.nowMs += HOUR_MS + 60_000;
    run.fireNextTimer();
    expect([run.data.n, timersOf(run)]).toEqual([1, ["2026-01-01T02:00:00.000Z"]]);
  });

  it("comes at the times of a cron expression, in its zone", () => {
    const run = new PureRun(waiting({ every: "0 9 * * *", timezone: "Europe/Berlin" }));
    run.start();
    run.nowMs = Date.parse("2026-03-28T09:00:00Z");
    run.fireNextTimer();
    expect(timersOf(run)).toEqual(["2026-03-29T07:00:00.000Z"]);
  });

  it.each([
    ["once", 1, "2026-01-01T11:00:00.000Z"],
    ["all", 10, "2026-01-01T11:00:00.000Z"],
    ["skip", 1, "2026-01-01T11:00:00.000Z"],
  ])("after an absence of ten beats, %s means %d", (catchUp, count, next) => {
    const run = new PureRun(waiting({ every: "PT1H", catchUp }));
    run.start();
    run.nowMs += 10 * HOUR_MS + 60_000;
    while (Math.min(...run.timers.values()) <= run.nowMs) run.fireNextTimer();
    if (catchUp === "skip") {
      expect(run.data.n).toBeUndefined();
      run.fireNextTimer();
      expect(run.data.n).toBe(count);
      return;
    }
    expect([run.data.n, timersOf(run)]).toEqual([count, [next]]);
  });
});

describe("A duration of the calendar", () => {
  it("is counted in the trigger's time zone", () => {
    const run = new PureRun(waiting({ after: "P1D", timezone: "Europe/Berlin" }, { toStateId: "late" }));
    run.nowMs = Date.parse("2026-03-28T11:00:00Z");
    run.start();
    expect(timersOf(run)).toEqual(["2026-03-29T10:00:00.000Z"]);
  });
});
