/** Timers of states with work inside, and those that come again and again. */
import { describe, expect, test } from "vitest";
import { PureRun } from "../../kit/pure-run.js";
import {
  after,
  box,
  call,
  every,
  incidentsOf,
  log,
  machine,
  manual,
  operator,
  schema,
  state,
  tokensOf,
  way,
} from "./parts.js";

describe("a deadline of a compound state", () => {
  const boxed = (inner: object, more = {}, last = {}) =>
    new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial", { ...inner }), state("ready", "final")],
            [way("go", "a", "ready", { event: manual("go") })],
          ),
          state("late", "final", last),
          state("other", "final"),
        ],
        [
          way("begin", "init", "box"),
          way("deadline", "box", "late", { event: after("PT1H"), ...more }),
          way("away", "box", "other", { event: manual("away") }),
        ],
      ),
    );

  test("that passes while actions inside are under way is kept until they are over", () => {
    const run = boxed({ entryActions: [call("asking")] });
    run.start();
    run.fireNextTimer();
    expect(run.snapshot?.kept).toHaveLength(1);
    run.succeed();
    expect([run.status, run.state]).toEqual(["completed", "late"]);
  });

  test("that data has blocked is tried again with an update", () => {
    const run = boxed({}, {}, schema({ n: { type: "number" } }, ["n"]));
    run.start();
    run.fireNextTimer();
    expect(incidentsOf(run)).toEqual(["VALIDATION_FAILED box"]);
    run.update({ n: 1 });
    expect([run.status, run.state]).toEqual(["completed", "late"]);
  });

  test("that data has blocked and is retried while actions are under way is kept, not lost", () => {
    const required = schema({ n: { type: "number" } }, ["n"]);
    const run = boxed({ entryActions: [call("asking", { onError: "notify" })] }, {}, required);
    run.start();
    run.fail("BROKEN", true);
    run.fireNextTimer();
    expect(incidentsOf(run)).toEqual(["BROKEN a", "VALIDATION_FAILED box"]);
    run.update({ n: 1 });
    expect([run.status, run.state]).toEqual(["completed", "late"]);
    const again = boxed({ entryActions: [call("asking", { onError: "notify" })] }, {}, required);
    again.start();
    again.fail("BROKEN", true);
    again.fireNextTimer();
    operator(again, "retry");
    expect(tokensOf(again)).toEqual(["box/inside", "a/entering"]);
    again.update({ n: 1 });
    again.succeed();
    expect([again.status, again.state]).toEqual(["completed", "late"]);
  });
});

test("a timer that comes again while actions are under way is kept once", () => {
  const run = new PureRun(
    machine(
      [state("a", "initial", { entryActions: [call("asking")] }), state("end", "final")],
      [
        way("remind", "a", undefined, { event: every("PT1M"), actions: [log("reminded")] }),
        way("finish", "a", "end", { event: manual("finish") }),
      ],
    ),
  );
  run.start();
  for (let beat = 0; beat < 5; beat += 1) run.fireNextTimer();
  expect(run.snapshot?.kept).toHaveLength(1);
  run.succeed();
  expect(run.allRecords.filter(({ type }) => type === "log")).toHaveLength(1);
  expect(run.timers.size).toBe(1);
});

test("while an operator holds the instance an update takes no timed transition", () => {
  const run = new PureRun(
    machine(
      [state("a", "initial"), state("end", "final", schema({ n: { type: "number" } }, ["n"]))],
      [way("late", "a", "end", { event: after("PT1H") })],
    ),
  );
  run.start();
  run.fireNextTimer();
  operator(run, "suspend");
  run.update({ n: 1 });
  expect(tokensOf(run)).toEqual(["a/settled"]);
  operator(run, "resume");
  operator(run, "retry");
  expect(run.status).toBe("completed");
});

test("a timer ends with the event sub-process whose it is", () => {
  const run = new PureRun(
    machine(
      [
        state("a", "initial"),
        box(
          "aside",
          [state("b", "initial"), state("told", "final")],
          [way("tell", "b", "told", { event: manual("tell") })],
          {
            triggeredBy: { event: "ask", interrupts: true },
          },
        ),
        state("end", "final"),
      ],
      [
        way("finish", "a", "end", { event: manual("finish") }),
        way("late", "aside", "end", { event: after("PT1H") }),
      ],
    ),
  );
  run.start();
  run.send("ask");
  expect(run.timers.size).toBe(1);
  run.send("tell");
  expect(run.status).toBe("completed");
  expect(run.timers.size).toBe(0);
});
