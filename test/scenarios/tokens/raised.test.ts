/** Events from inside that cannot be taken, or that never come to an end. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { PureRun } from "../../kit/pure-run.js";
import {
  box,
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

describe("an event from inside whose transition the data does not allow", () => {
  const boxed = (finish: JsonObject, more: JsonObject = {}) => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "box",
            [state("a", "initial", more), state("ready", "final")],
            [way("go", "a", "ready", { event: manual("go") })],
          ),
          state("end", "final", schema({ n: { type: "number" } }, ["n"])),
          state("other", "final"),
        ],
        [
          way("begin", "init", "box"),
          way("finish", "box", "end", finish),
          way("away", "box", "other", { event: manual("away") }),
        ],
      ),
    );
    run.start();
    return run;
  };
  const done = { event: manual("done.state.box") };

  test("opens an incident, and is raised again by an update that completes the data", () => {
    const run = boxed(done);
    run.send("go");
    expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "VALIDATION_FAILED box"]);
    const [incident] = run.snapshot?.incidents ?? [];
    run.update({});
    expect(run.snapshot?.incidents.map(({ incidentId }) => incidentId)).toEqual([incident?.incidentId]);
    run.update({ n: 1 });
    expect([run.status, run.state, ...incidentsOf(run)]).toEqual(["completed", "end"]);
  });

  test("is raised again by a retry, with its data", () => {
    const late = { event: manual("late"), condition: "event.data === 7" };
    const run = boxed(late, { entryActions: [raising("raise", "late", { data: 7, queue: "external" })] });
    expect(incidentsOf(run)).toEqual(["VALIDATION_FAILED box"]);
    operator(run, "suspend");
    run.update({ n: 1 });
    operator(run, "resume");
    operator(run, "retry");
    expect([run.status, run.state]).toEqual(["completed", "end"]);
  });

  test("is forgotten when something else leaves the state", () => {
    const run = boxed(done);
    run.send("go");
    run.send("away");
    expect([run.status, run.state, ...incidentsOf(run)]).toEqual(["completed", "other"]);
  });

  test("opens one also where its condition cannot be evaluated", () => {
    const run = boxed({ ...done, condition: "lower(data.list) === 'a'" });
    run.update({ list: [1] });
    run.send("go");
    expect(incidentsOf(run)).toEqual(["EXPRESSION_ERROR box"]);
  });
});

test.each(["internal", "external"])("what raises itself by the %s queue without end is stopped", (queue) => {
  const run = new PureRun(
    machine(
      [state("a", "initial"), state("end", "final")],
      [
        way("ping", "a", undefined, {
          event: manual("ping"),
          actions: [raising("again", "ping", { queue })],
        }),
        way("finish", "a", "end", { event: manual("finish") }),
      ],
    ),
  );
  run.start();
  run.send("ping");
  expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "AUTOMATIC_LIMIT a"]);
  expect(countOf(run, "event-discarded")).toBe(1);
  expect(tokensOf(run)).toEqual(["a/settled"]);
  run.send("finish");
  expect(run.status).toBe("completed");
});

test("tokens that make tokens are stopped before they are too many to look at", () => {
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        state("a", "task", { entryActions: [raising("again", "more")] }),
        state("end", "final"),
      ],
      [
        way("begin", "init", "a"),
        way("double", "a", "a", { event: manual("more"), keepSource: true }),
        way("finish", "a", "end", { event: manual("finish") }),
      ],
    ),
  );
  run.start();
  expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "LIMIT_EXCEEDED a"]);
  expect(run.snapshot?.tokens.length).toBeLessThan(600);
  expect(run.snapshot?.raised).toBeUndefined();
  operator(run, "cancel");
  expect(run.status).toBe("cancelled");
});

test("an escalation that leads to the next one is stopped", () => {
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        state("a", "task", { throws: { escalation: "late" } }),
        state("end", "final"),
      ],
      [
        way("begin", "init", "a"),
        way("again", "a", "a", { event: manual("escalation.late") }),
        way("finish", "a", "end", { event: manual("finish") }),
      ],
    ),
  );
  run.start();
  expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "AUTOMATIC_LIMIT a"]);
  run.send("finish");
  expect(run.status).toBe("completed");
});
