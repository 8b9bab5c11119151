/** Imported instances whose state has something inside, or is inside of another one. */
import { describe, expect, test } from "vitest";
import { readInstanceDocument } from "../../../src/core/import/read-instance-document.js";
import type { JsonObject } from "../../../src/core/json/json.js";
import { PureRun } from "../../kit/pure-run.js";
import { box, childEnds, incidentsOf, machine, manual, operator, state, tokensOf, way } from "./parts.js";

const AT = "2026-01-01T00:00:00.000Z";

function imported(currentState: string, more: JsonObject = {}, ways: JsonObject[] = []): PureRun {
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        state("work", "task", { subMachine: { stateMachineId: "child" } }),
        box(
          "box",
          [state("a", "initial"), state("ready", "final")],
          [way("go", "a", "ready", { event: manual("go") })],
        ),
        state("end", "final"),
      ],
      [
        way("begin", "init", "work"),
        way("worked", "work", "box"),
        way("finish", "box", "end", { event: manual("finish") }),
        ...ways,
      ],
    ),
  );
  const read = readInstanceDocument({
    instanceId: "i1",
    stateMachineId: "small",
    currentState,
    startTime: AT,
    lastUpdated: AT,
    ...more,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const { stateMachineId: _, version: __, ...instance } = read.instance;
  run.accept({ type: "import", ...instance });
  return run;
}

describe("an imported instance", () => {
  test("in a state with a child is held, and a retry starts the child", () => {
    const run = imported("work");
    expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "VALIDATION_FAILED work"]);
    expect(run.snapshot?.incidents[0]?.message).toContain('State "work" runs a child instance');
    operator(run, "retry");
    expect(tokensOf(run)).toEqual(["work/inside"]);
    childEnds(run);
    expect(tokensOf(run)).toEqual(["box/inside", "a/settled"]);
  });

  test("in a compound state, nobody knows where, is held, and a retry enters it", () => {
    const run = imported("box");
    expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "VALIDATION_FAILED box"]);
    operator(run, "retry");
    expect([run.status, ...tokensOf(run)]).toEqual(["active", "box/inside", "a/settled"]);
  });

  test("in the end of a compound state has not ended", () => {
    const run = imported("ready");
    expect([run.status, ...tokensOf(run)]).toEqual(["active", "box/settled", "ready/ended"]);
    run.send("finish");
    expect(run.status).toBe("completed");
    expect(imported("ready", {}, [way("done", "box", "end")]).status).toBe("completed");
  });

  test("that was in several states at once is held", () => {
    const run = imported("a", { activeStates: ["a", "work"] });
    expect([run.status, ...incidentsOf(run)]).toEqual(["suspended", "VALIDATION_FAILED a"]);
    expect(run.snapshot?.incidents[0]?.violations).toMatchObject([{ path: "/activeStates" }]);
    expect(imported("a", { activeStates: ["a"] }).status).toBe("active");
  });
});
