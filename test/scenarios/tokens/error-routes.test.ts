/** Routes of errors that leave the one who failed where it is, and failures of what is on its way out. */
import { describe, expect, test } from "vitest";
import { PureRun } from "../../kit/pure-run.js";
import {
  box,
  call,
  childEnds,
  childFails,
  incidentsOf,
  log,
  machine,
  manual,
  operator,
  state,
  tokensOf,
  way,
} from "./parts.js";

describe("a route that leaves the failed state where it is", () => {
  const failing = { entryActions: [call("asking"), log("asked")] };

  test("of the state around lets it go on without the action", () => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial", failing), state("ready", "final")],
            [way("go", "a", "ready", { event: manual("go") })],
          ),
          state("end", "final"),
        ],
        [
          way("begin", "init", "box"),
          way("told", "box", undefined, { event: manual("error"), actions: [log("noted")] }),
          way("finish", "box", "end"),
        ],
      ),
    );
    run.start();
    run.fail("BROKEN", true);
    expect(tokensOf(run)).toEqual(["box/inside", "a/settled"]);
    run.send("go");
    expect(run.status).toBe("completed");
  });

  test("with a token more lets it go on without the action", () => {
    const run = new PureRun(
      machine(
        [state("a", "initial", failing), state("repair"), state("end", "final")],
        [
          way("aside", "a", "repair", { event: manual("error"), keepSource: true }),
          way("finish", ["a", "repair"], "end", { event: manual("finish") }),
        ],
      ),
    );
    run.start();
    run.fail("BROKEN", true);
    expect(tokensOf(run)).toEqual(["a/settled", "repair/settled"]);
  });

  test("leaves an incident where nothing can go on, as after a child that failed", () => {
    const aside = (work: object, ways: object[]) =>
      new PureRun(
        machine(
          [state("init", "initial"), state("w", "task", { ...work }), state("repair"), state("end", "final")],
          [
            way("begin", "init", "w"),
            ...(ways as never[]),
            way("aside", "w", "repair", { event: manual("error"), keepSource: true }),
            way("away", ["w", "repair"], "end", { event: manual("away") }),
          ],
        ),
      );
    const run = aside({ subMachine: { stateMachineId: "child" } }, [way("finish", "w", "end")]);
    run.start();
    childFails(run);
    expect(tokensOf(run)).toEqual(["w/inside", "repair/settled"]);
    expect(incidentsOf(run)).toEqual(["BROKEN w"]);
    operator(run, "retry");
    childEnds(run);
    expect(tokensOf(run)).toEqual(["repair/settled"]);
  });
});

describe("what fails in a compound state that is being left", () => {
  const leaving = (route: object, own: object[] = []) => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial", { exitActions: [call("leaving")] }), state("b"), state("ready", "final")],
            [
              way("go", "a", "b", { event: manual("go") }),
              way("on", "b", "ready", { event: manual("on") }),
              ...(own as never[]),
            ],
          ),
          state("repair"),
          state("end", "final"),
        ],
        [
          way("begin", "init", "box"),
          way("route", "box", "repair", { event: manual("repair"), ...route }),
          way("out", "box", "end", { event: manual("out") }),
          way("finish", "repair", "end", { event: manual("finish") }),
        ],
      ),
    );
    run.start();
    run.send("out");
    expect(tokensOf(run)).toEqual(["box/leaving", "a/exiting"]);
    return run;
  };

  test("may turn the way that the state takes", () => {
    const run = leaving({ event: manual("error") });
    run.fail("BROKEN", true);
    expect(tokensOf(run)).toEqual(["repair/settled"]);
  });

  test("does not bring it back inside", () => {
    const run = leaving({}, [way("own", "box", "b", { event: manual("error") })]);
    run.fail("BROKEN", true);
    expect([run.status, ...tokensOf(run)]).toEqual(["error", "box/ended", "a/ended"]);
  });

  test("neither does an event", () => {
    const run = leaving({}, [
      way("own", "box", "b", { event: manual("back"), interrupts: true }),
      way("stay", "box", undefined, { event: manual("stay"), interrupts: true }),
      way("more", "box", "b", { event: manual("more"), interrupts: true, keepSource: true }),
    ]);
    for (const eventId of ["back", "stay", "more"]) {
      expect(run.send(eventId)).toMatchObject({ outcome: "queued" });
      expect(tokensOf(run)).toEqual(["box/leaving", "a/exiting"]);
    }
    run.succeed();
    expect([run.status, run.snapshot?.scopes.length]).toEqual(["completed", 1]);
  });
});

test("an error route whose condition cannot be evaluated is told in the trail", () => {
  const run = new PureRun(
    machine(
      [state("a", "initial", { entryActions: [call("asking")] }), state("end", "final")],
      [
        way("route", "a", "end", { event: manual("error"), condition: "lower(data.list) === 'a'" }),
        way("finish", "a", "end", { event: manual("finish") }),
      ],
    ),
  );
  run.start({ list: [1] });
  run.fail("BROKEN", true);
  expect(run.records).toContainEqual(expect.objectContaining({ type: "decision", faulty: "route" }));
  expect(run.status).toBe("error");
});
