/** Ends: what final states throw, emit, raise and fail at, and that nothing begins in an instance that has ended. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { PureRun } from "../../kit/pure-run.js";
import {
  box,
  call,
  countOf,
  incidentsOf,
  machine,
  manual,
  operator,
  raising,
  schema,
  state,
  tokensOf,
  way,
} from "./parts.js";

const told = { globalCallbackHandler: { webhook: { url: "http://127.0.0.1:1/told" } } };

/** An event sub-process of the machine; its work calls. */
const aside = (event: string, interrupts = false) =>
  box(
    "aside",
    [state("asideWork", "initial", { entryActions: [call("helping")] }), state("helped", "final")],
    [way("help", "asideWork", "helped")],
    { triggeredBy: { event, interrupts } },
  );

/** init --go--> end, with an event sub-process beside. */
const ending = (end: JsonObject, others: JsonObject[] = []) => {
  const run = new PureRun(
    machine(
      [state("init", "initial"), state("end", "final", end), ...others],
      [way("go", "init", "end", { event: manual("go") })],
      told,
    ),
  );
  run.start();
  run.send("go");
  return run;
};

describe("the last end of an instance", () => {
  test("that throws an escalation is the end when nobody has caught it", () => {
    const run = ending({ throws: { escalation: "late" } });
    expect(run.status).toBe("completed");
    expect(run.notices).toEqual(["state-changed", "state-changed", "completed"]);
  });

  test("waits for whoever catches its escalation", () => {
    const run = ending({ throws: { escalation: "late" } }, [aside("escalation.late")]);
    expect([run.status, ...tokensOf(run)]).toEqual(["active", "aside/inside", "asideWork/entering"]);
    run.succeed();
    expect(run.status).toBe("completed");
    expect(run.notices.filter((kind) => kind === "completed")).toHaveLength(1);
  });

  test("raises nothing that could begin anything", () => {
    const run = ending(
      { entryActions: [raising("raised", "help"), raising("later", "help", { delay: "PT1H" })] },
      [aside("help")],
    );
    expect([run.status, ...tokensOf(run)]).toEqual(["completed", "end/ended"]);
    expect([run.timers.size, run.tries.length]).toEqual([0, 0]);
  });

  test("that cannot emit what it should is an end all the same, with an incident", () => {
    const run = ending({ emits: { signal: "ended", payload: { of: "$data.nothing" } } });
    expect([run.status, ...incidentsOf(run)]).toEqual(["completed", "TEMPLATE_ERROR end"]);
    expect(run.notices).toEqual(["state-changed", "state-changed", "completed", "incident-opened"]);
  });

  test("emits when its entry actions are over, once", () => {
    const run = ending({ entryActions: [call("closing")], emits: { signal: "ended" } });
    expect(countOf(run, "emitted")).toBe(0);
    run.fail("BROKEN", true);
    expect(countOf(run, "emitted")).toBe(1);
    operator(run, "retry");
    run.succeed();
    expect(countOf(run, "emitted")).toBe(1);
  });
});

describe("an end that throws an error which nobody catches", () => {
  const errorState = { globalErrorHandler: { errorState: "failed" } };

  test("leads to the machine's error state, from inside a compound state", () => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial"), state("bad", "final", { throws: { error: "BAD" } })],
            [way("go", "a", "bad", { event: manual("go") })],
          ),
          state("end", "final"),
          state("failed", "error"),
        ],
        [
          way("begin", "init", "box"),
          way("finish", "box", "end"),
          way("giveUp", "init", "failed", { event: manual("no") }),
        ],
        errorState,
      ),
    );
    run.start();
    run.send("go");
    expect([run.status, ...tokensOf(run)]).toEqual(["error", "failed/ended"]);
    expect(run.snapshot?.variables.lastError).toMatchObject({ errorCode: "BAD", failedState: "bad" });
  });

  test("leads there from the machine's own end too", () => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          state("bad", "final", { throws: { error: "BAD" } }),
          state("failed", "error"),
        ],
        [
          way("go", "init", "bad", { event: manual("go") }),
          way("giveUp", "init", "failed", { event: manual("no") }),
        ],
        errorState,
      ),
    );
    run.start();
    run.send("go");
    expect([run.status, ...tokensOf(run)]).toEqual(["error", "failed/ended"]);
  });

  test("is thrown although another end was reached while its actions were under way", () => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          state("split", "fork"),
          state("x"),
          state("y"),
          state("bad", "final", { entryActions: [call("closing")], throws: { error: "BAD" } }),
          state("good", "final"),
        ],
        [
          way("begin", "init", "split"),
          way("toX", "split", "x"),
          way("toY", "split", "y"),
          way("fail", "x", "bad", { event: manual("fail") }),
          way("win", "y", "good", { event: manual("win") }),
        ],
      ),
    );
    run.start();
    run.send("fail");
    run.send("win");
    expect(run.status).toBe("active");
    run.succeed();
    expect(run.status).toBe("error");
  });

  test("holds the instance where the machine notifies, and is thrown again by a retry", () => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial"), state("bad", "final", { throws: { error: "BAD" } })],
            [way("go", "a", "bad", { event: manual("go") })],
          ),
          state("end", "final"),
          state("repair"),
        ],
        [
          way("begin", "init", "box"),
          way("finish", "box", "end"),
          way("repair", "box", "repair", { event: manual("error"), condition: "data.repairs === true" }),
          way("repaired", "repair", "end", { event: manual("repaired") }),
        ],
        { globalErrorHandler: { onError: "notify" } },
      ),
    );
    run.start();
    run.send("go");
    expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "BAD bad"]);
    operator(run, "retry");
    expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "BAD bad"]);
    run.update({ repairs: true });
    expect([run.status, ...tokensOf(run)]).toEqual(["active", "repair/settled"]);
  });
});

describe("a state that emits and throws", () => {
  const held = (emits: JsonObject, type = "final") => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          state("bad", type, { emits, throws: { error: "BAD" } }),
          state("end", "final"),
        ],
        [
          way("go", "init", "bad", { event: manual("go") }),
          way("away", type === "final" ? "init" : "bad", "end", { event: manual("away") }),
        ],
        { globalErrorHandler: { onError: "notify" } },
      ),
    );
    run.start();
    run.send("go");
    return run;
  };
  const counts = (run: PureRun) => [countOf(run, "emitted"), countOf(run, "thrown")];

  test.each(["final", "task"])("emits once however often a %s state's throw is retried", (type) => {
    const run = held({ signal: "bad" }, type);
    expect([...incidentsOf(run), ...counts(run)]).toEqual(["BAD bad", 1, 1]);
    operator(run, "retry");
    operator(run, "retry");
    expect([...incidentsOf(run), ...counts(run)]).toEqual(["BAD bad", 1, 3]);
  });

  test("emits once when changed data makes it throw again", () => {
    const run = held({ signal: "bad" });
    run.update({ changed: true });
    expect(counts(run)).toEqual([1, 2]);
  });

  test("emits with the retry what it could not emit before, and throws then", () => {
    const run = held({ signal: "bad", payload: { of: "$data.late" } });
    expect([...incidentsOf(run), ...counts(run)]).toEqual(["TEMPLATE_ERROR bad", 0, 0]);
    run.update({ late: 1 });
    expect([...incidentsOf(run), ...counts(run)]).toEqual(["BAD bad", 1, 1]);
  });
});

describe("an action that fails in the end of an inner scope", () => {
  const inner = (more: JsonObject = {}, action: JsonObject = {}) => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial"), state("ready", "final", { entryActions: [call("closing", action)] })],
            [way("go", "a", "ready", { event: manual("go") })],
          ),
          state("end", "final"),
          state("repair"),
        ],
        [
          way("begin", "init", "box"),
          way("finish", "box", "end"),
          way("repaired", "repair", "end", { event: manual("repaired") }),
          way("break", "init", "repair", { event: manual("break") }),
          ...(more.route === undefined ? [] : [way("route", "box", "repair", { event: manual("error") })]),
        ],
      ),
    );
    run.start();
    run.send("go");
    run.fail("BROKEN", true);
    return run;
  };

  test("fails the instance, which has not ended yet", () => {
    expect(inner().status).toBe("error");
  });

  test("takes an error route of the state around", () => {
    expect(tokensOf(inner({ route: true }))).toEqual(["repair/settled"]);
  });

  test("holds its token where it says so, until it is retried", () => {
    const run = inner({}, { onError: "notify" });
    expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "BROKEN ready"]);
    operator(run, "retry");
    run.succeed();
    expect(run.status).toBe("completed");
    expect(run.snapshot?.incidents).toEqual([]);
  });
});

test("an error state inside a parallel state ends the instance before the other regions begin", () => {
  const region = (name: string, more: JsonObject[] = []) => ({
    regionId: `region${name}`,
    states: [
      state(`in${name}`, "initial", { entryActions: [call(`call${name}`)] }),
      ...more,
      state(`out${name}`, "final"),
    ],
    transitions: [way(`through${name}`, `in${name}`, `out${name}`)],
  });
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        state("both", "parallel", {
          regions: [region("A", [state("boom", "error", schema({}))]), region("B")],
        }),
        state("end", "final"),
      ],
      [
        way("break", "init", "boom", { event: manual("break") }),
        way("begin", "init", "both", { event: manual("begin") }),
        way("finish", "both", "end"),
      ],
    ),
  );
  run.start();
  run.send("break");
  expect([run.status, ...tokensOf(run)]).toEqual(["error", "both/ended", "boom/ended"]);
  expect(run.tries).toEqual([]);
});

test("abort ends what else is under way, even where the state it leads to is no error state", () => {
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        state("split", "fork"),
        state("x"),
        state("y"),
        state("z", "task", { entryActions: [call("asking")] }),
        state("end", "final"),
        state("stopped", "final"),
      ],
      [
        way("begin", "init", "split"),
        way("toX", "split", "x"),
        way("toY", "split", "y"),
        way("ask", "y", "z", { event: manual("ask") }),
        way("finish", ["x", "z"], "end", { event: manual("finish") }),
        way("stop", "x", "stopped", { event: manual("stop") }),
      ],
      { globalErrorHandler: { errorState: "stopped" } },
    ),
  );
  run.start();
  run.send("ask");
  run.fail("BROKEN", true);
  expect(tokensOf(run)).toEqual(["stopped/ended"]);
  expect(run.status).toBe("completed");
});
