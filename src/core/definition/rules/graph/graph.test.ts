import { describe, expect, it } from "vitest";
import { call, end, messages, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { Json, JsonObject } from "../../../json/json.js";

describe("the graph", () => {
  it("there is exactly one initial state, unless starts are told apart", () => {
    expect(places(short({ a: { type: "task", transitions: [to("b")] }, b: end }), "NO_INITIAL")).toEqual([
      "error /states",
    ]);
    const two = (more: JsonObject) =>
      short({
        a: { type: "initial", transitions: [to("c")] },
        b: { type: "initial", ...more, transitions: [to("c")] },
        c: end,
      });
    expect(places(two({}), "MANY_INITIAL")).toEqual(["error /states/b/type"]);
    expect(places(two({ startOn: { trigger: "webhook", path: "x" } }), "MANY_INITIAL")).toEqual([]);
  });

  it("there is a final state, and nothing leaves one", () => {
    const endless = short({
      a: { type: "initial", transitions: [to("b", { event: "e" })] },
      b: { type: "task", transitions: [to("a", { event: "e" })] },
    });
    expect(places(endless, "NO_FINAL")).toEqual(["error /states"]);
    const left = short({
      a: { type: "initial", transitions: [to("b")] },
      b: { ...end, transitions: [to("a", { event: "e" })] },
    });
    expect(places(left, "TRANSITION_FROM_FINAL")).toEqual(["error /states/b/transitions/0"]);
  });

  it("every state can be reached, and a final state from it", () => {
    const document = short({
      a: { type: "initial", transitions: [to("end"), to("stuck", { event: "e" })] },
      island: { type: "task", transitions: [to("end")] },
      stuck: { type: "task", transitions: [to("stuck", { event: "again" })] },
      end,
    });
    expect(places(document, "UNREACHABLE_STATE")).toEqual(["error /states/island"]);
    expect(places(document, "DEAD_END")).toEqual(["error /states/stuck"]);
  });

  it("the error state that abort goes to counts as reached where something can fail", () => {
    const document = (entryActions: Json) =>
      short({
        a: { type: "initial", entryActions, transitions: [to("end")] },
        failed: { type: "error" },
        end,
      });
    expect(places(document([call("x")]), "UNREACHABLE_STATE")).toEqual([]);
    expect(places(document([]), "UNREACHABLE_STATE")).toEqual(["error /states/failed"]);
  });

  it("states inside a compound state are reached and left with it", () => {
    const document = {
      stateMachineId: "m",
      states: [
        { stateId: "a", baseStateType: "initial" },
        {
          stateId: "box",
          baseStateType: "compound",
          states: [
            { stateId: "in1", baseStateType: "initial" },
            { stateId: "in2", baseStateType: "task" },
            { stateId: "in3", baseStateType: "task" },
          ],
          transitions: [{ fromStateId: "in1", toStateId: "in2" }],
        },
        { stateId: "z", baseStateType: "final" },
      ],
      transitions: [
        { fromStateId: "a", toStateId: "box" },
        { fromStateId: "box", toStateId: "z" },
      ],
    };
    expect(places(document, "UNREACHABLE_STATE")).toEqual(["error /states/1/states/2"]);
    expect(places(document, "DEAD_END")).toEqual([]);
  });

  it("a circle of automatic transitions is an error without conditions and a warning with them", () => {
    const circle = (more: JsonObject, type = "task") =>
      short({
        a: { type: "initial", transitions: [to("b", { event: "e" })] },
        b: { type, transitions: [to("c"), to("end", { event: "e" })] },
        c: { type: "task", transitions: [to("b", more)] },
        end,
      });
    expect(places(circle({}), "AUTOMATIC_CYCLE")).toEqual(["error /states/b/transitions/0"]);
    expect(places(circle({ condition: "true" }), "AUTOMATIC_CYCLE")).toEqual([
      "error /states/b/transitions/0",
    ]);
    expect(places(circle({ condition: "data.n < 3" }), "AUTOMATIC_CYCLE")).toEqual([
      "warning /states/b/transitions/0",
    ]);
    expect(places(circle({ event: "e" }), "AUTOMATIC_CYCLE")).toEqual([]);
    expect(places(circle({ after: "PT1S" }), "AUTOMATIC_CYCLE")).toEqual([]);
    expect(places(circle({ actions: [call("x")] }), "AUTOMATIC_CYCLE")).toEqual([]);
    expect(places(circle({}, "userTask"), "AUTOMATIC_CYCLE")).toEqual([]);
    expect(places(circle({ actions: [{ actionId: "x", type: "log" }] }), "AUTOMATIC_CYCLE")).toHaveLength(1);
  });

  it("a state that leads to itself at once is a circle of one", () => {
    const document = short({
      a: { type: "initial", transitions: [to("a"), to("end", { event: "e" })] },
      end,
    });
    expect(messages(document, "AUTOMATIC_CYCLE")).toEqual([
      'Automatic transitions lead from "a" to itself and never stop.',
    ]);
  });

  it("a decision has a default, or a transition without condition", () => {
    const decision = (last: JsonObject) =>
      short({
        a: { type: "initial", transitions: [to("d")] },
        d: { type: "decision", transitions: [to("end", { condition: "data.x > 1" }), last] },
        end,
      });
    expect(places(decision(to("end", { condition: "data.x <= 1" })), "DECISION_INCOMPLETE")).toEqual([
      "warning /states/d",
    ]);
    expect(
      places(decision(to("end", { condition: "data.x <= 1", default: true })), "DECISION_INCOMPLETE"),
    ).toEqual([]);
    expect(places(decision(to("end")), "DECISION_INCOMPLETE")).toEqual([]);
  });
});
