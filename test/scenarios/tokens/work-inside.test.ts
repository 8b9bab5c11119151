/** Internal transitions of states that have work inside: children, or states of their own. */
import { describe, expect, test } from "vitest";
import { PureRun } from "../../kit/pure-run.js";
import {
  box,
  call,
  childEnds,
  childFails,
  countOf,
  incidentsOf,
  log,
  machine,
  manual,
  operator,
  state,
  tokensOf,
  way,
} from "./parts.js";

const child = { subMachine: { stateMachineId: "child" } };

describe("an internal transition of a state with a child", () => {
  const note = (actions = [log("noted")], more = {}) =>
    new PureRun(
      machine(
        [state("work", "initial", child), state("end", "final")],
        [way("note", "work", undefined, { event: manual("note"), actions }), way("finish", "work", "end")],
        more,
      ),
    );

  test("does not pass the child over", () => {
    const run = note();
    run.start();
    run.send("note");
    expect(tokensOf(run)).toEqual(["work/inside"]);
    childEnds(run);
    expect(run.status).toBe("completed");
  });

  test("is not cut short by the child's end", () => {
    const run = note([call("noting")]);
    run.start();
    run.send("note");
    childEnds(run);
    expect(tokensOf(run)).toEqual(["work/acting"]);
    run.succeed();
    expect(run.status).toBe("completed");
  });

  test("leaves a child that failed to whoever resolves its incident", () => {
    const run = note([call("noting")], { globalErrorHandler: { onError: "notify" } });
    run.start();
    run.send("note");
    childFails(run);
    run.succeed();
    expect(tokensOf(run)).toEqual(["work/inside"]);
    expect(incidentsOf(run)).toEqual(["BROKEN work"]);
    expect(run.refuse({ type: "event", eventId: "note", data: {}, variables: {} }).code).toBe("NOT_ENABLED");
    operator(run, "retry");
    childEnds(run);
    expect(run.status).toBe("completed");
  });
});

describe("an internal transition of a compound state", () => {
  const boxed = (transition: object, more = {}) =>
    new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial"), state("ready", "final")],
            [way("go", "a", "ready", { event: manual("go") })],
            more,
          ),
          state("end", "final"),
        ],
        [
          way("begin", "init", "box"),
          way("note", "box", undefined, { actions: [log("noted")], ...transition }),
          way("finish", "box", "end", { event: manual("finish") }),
        ],
      ),
    );

  test("that answers to the end of its work is taken once for it", () => {
    const run = boxed({ event: manual("done.state.box") });
    run.start();
    run.send("go");
    expect(tokensOf(run)).toEqual(["box/settled", "ready/ended"]);
    expect(incidentsOf(run)).toEqual([]);
    expect(countOf(run, "event-raised")).toBe(1);
    run.send("finish");
    expect(run.status).toBe("completed");
  });

  test("that interrupts the entry actions goes inside when it is over", () => {
    const run = boxed({ event: manual("skip"), interrupts: true }, { entryActions: [call("preparing")] });
    run.start();
    run.send("skip");
    expect(tokensOf(run)).toEqual(["box/inside", "a/settled"]);
  });

  test("that handles a failed entry action goes inside when it is over", () => {
    const run = boxed({ event: manual("error") }, { entryActions: [call("preparing")] });
    run.start();
    run.fail("BROKEN", true);
    expect(tokensOf(run)).toEqual(["box/inside", "a/settled"]);
  });
});
