/** Data of states with states inside: who takes it, when it is checked, and which answers are forgotten. */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { PureRun } from "../../kit/pure-run.js";
import { after, box, incidentsOf, log, machine, manual, schema, state, tokensOf, way } from "./parts.js";

const number = (name: string, required: string[] = []) => schema({ [name]: { type: "number" } }, required);
const confirmed = schema({ ok: { type: "boolean" } }, ["ok"]);

describe("data of a compound state", () => {
  const boxed = () => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial", schema({})),
          box(
            "box",
            [
              state("a", "initial", number("inner")),
              state("b", "task", schema({})),
              state("ready", "final", schema({})),
            ],
            [way("on", "a", "b", { event: manual("on") }), way("go", "b", "ready", { event: manual("go") })],
            number("outer"),
          ),
          state("end", "final", schema({})),
        ],
        [
          way("begin", "init", "box", { event: manual("begin") }),
          way("finish", "box", "end", { event: manual("finish") }),
        ],
      ),
    );
    run.start();
    return run;
  };
  const refused = (run: PureRun, eventId: string | undefined, data: JsonObject) =>
    run
      .refuse(
        eventId === undefined
          ? { type: "update", data, variables: {} }
          : { type: "event", eventId, data, variables: {} },
      )
      .violations?.map(({ path }) => path);

  test("is checked by its own schema when an update or an event inside brings it", () => {
    const run = boxed();
    run.send("begin");
    expect(refused(run, undefined, { outer: "text" })).toEqual(["/outer"]);
    expect(refused(run, "on", { outer: "text" })).toEqual(["/outer"]);
    run.update({ outer: 1 });
    run.send("on", { outer: 2 });
    expect(run.data).toEqual({ outer: 2 });
  });

  test("is checked by the schemas of all states that are entered with it", () => {
    const run = boxed();
    expect(refused(run, "begin", { inner: "text" })).toEqual(["/inner"]);
    run.send("begin", { inner: 1 });
    expect(run.data).toEqual({ inner: 1 });
  });

  test("is checked by the states around a target deep inside", () => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial", schema({ outer: {} })),
          box(
            "box",
            [state("a", "initial"), state("ready", "final")],
            [way("go", "a", "ready", { event: manual("go") })],
            number("outer"),
          ),
          state("end", "final"),
        ],
        [way("begin", "init", "a", { event: manual("begin") }), way("finish", "box", "end")],
      ),
    );
    run.start();
    expect(refused(run, "begin", { outer: "text" })).toEqual(["/outer"]);
  });
});

test("what has ended takes no data while something beside it still can", () => {
  const region = (name: string, inner: JsonObject, event: JsonObject) => ({
    regionId: `region${name}`,
    states: [state(`in${name}`, "initial", inner), state(`out${name}`, "final")],
    transitions: [way(`go${name}`, `in${name}`, `out${name}`, event)],
  });
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        state("both", "parallel", {
          regions: [region("A", {}, {}), region("B", number("n"), { event: manual("go") })],
        }),
        state("end", "final"),
      ],
      [way("begin", "init", "both"), way("finish", "both", "end", { event: manual("finish") })],
    ),
  );
  run.start();
  expect(tokensOf(run)).toEqual(["both/inside", "outA/ended", "inB/settled"]);
  expect(run.refuse({ type: "update", data: { typo: 1 }, variables: {} }).code).toBe("VALIDATION_FAILED");
  run.update({ n: 1 });
  run.send("go");
  run.update({ anything: 1 });
  expect(run.data).toEqual({ n: 1, anything: 1 });
});

describe("a user task whose answer is not complete yet", () => {
  const asking = (more: JsonObject[], states: JsonObject[] = []) => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          state("ask", "userTask", {
            ...confirmed,
            exitActions: [{ actionId: "set", type: "assign", assign: { ok: true } }],
          }),
          state("reminder"),
          ...states,
          state("end", "final"),
        ],
        [
          way("begin", "init", "ask"),
          ...more,
          way("finish", ["ask", "reminder"], "end", { event: manual("finish") }),
          way("toReminder", "init", "reminder", { event: manual("never") }),
        ],
      ),
    );
    run.start();
    return run;
  };

  test("does not hold up what leaves it as it is", () => {
    const run = asking([way("remind", "ask", "reminder", { event: after("PT1H"), keepSource: true })]);
    run.fireNextTimer();
    expect(incidentsOf(run)).toEqual([]);
    expect(tokensOf(run)).toEqual(["ask/settled", "reminder/settled"]);
    expect(run.data).toEqual({});
  });

  test("does not hold up an event sub-process beside it", () => {
    const aside = box(
      "aside",
      [state("a", "initial"), state("told", "final")],
      [way("tell", "a", "told", { event: manual("tell") })],
      {
        triggeredBy: { event: "help", interrupts: false },
      },
    );
    const run = asking([], [aside]);
    run.send("help");
    expect(tokensOf(run)).toEqual(["ask/settled", "aside/inside", "a/settled"]);
  });
});

describe("an old answer confirms nothing", () => {
  const again = (inside: JsonObject, way2: JsonObject = {}, answer = "ask") => {
    const run = new PureRun(
      machine(
        [state("init", "initial"), { ...inside }, state("pause"), state("end", "final")],
        [
          way("begin", "init", "box"),
          way("leave", "box", "pause", { event: manual("leave"), interrupts: true }),
          way("again", "pause", "box", { event: manual("again"), ...way2 }),
          way("finish", ["pause", "box"], "end", { event: manual("finish") }),
        ],
      ),
    );
    run.start();
    run.update({ ok: true });
    run.send("leave");
    run.send("again");
    expect(run.data).toEqual({});
    expect(tokensOf(run)).toContain(`${answer}/settled`);
  };
  const ask = state("ask", "userTask", { ...confirmed, entryActions: [log("asked")] });
  const answered = way("answered", "ask", "ready", { condition: "data.ok === true && data.sure === true" });

  test("when a compound state is entered again that begins with the task", () => {
    again(box("box", [ask, state("ready", "final")], [answered], { initial: "ask" }));
  });

  test("when its history leads back to the task", () => {
    again(
      box("box", [state("a", "initial"), ask, state("ready", "final")], [way("go", "a", "ask"), answered]),
      { history: "deep" },
    );
  });
});
