import { describe, expect, it } from "vitest";
import { end, findingsOf, places, schema, short, to } from "../../../../../test/kit/definition-findings.js";

describe("names", () => {
  it("an id that is defined twice is told at its second place", () => {
    const document = {
      stateMachineId: "m",
      states: [
        { stateId: "a", baseStateType: "initial", entryActions: [{ actionId: "x", type: "log" }] },
        { stateId: "a", baseStateType: "final", entryActions: [{ actionId: "x", type: "log" }] },
      ],
      transitions: [
        { transitionId: "t", fromStateId: "a", toStateId: "a", event: [{ trigger: "manual", eventId: "e" }] },
        { transitionId: "t", fromStateId: "a", toStateId: "a", event: [{ trigger: "manual", eventId: "e" }] },
      ],
    };
    expect(places(document, "DUPLICATE_ID")).toEqual([
      "error /states/1/stateId",
      "error /states/1/entryActions/0/actionId",
      "error /transitions/1/transitionId",
    ]);
  });

  it("an unknown state is told wherever it is named", () => {
    const document = {
      stateMachineId: "m",
      globalErrorHandler: { errorState: "eror", onError: { strategy: "rollback", rollbackTo: "x1" } },
      states: [
        {
          stateId: "a",
          baseStateType: "initial",
          timeout: { after: "PT1H", onTimeout: ["retry", { strategy: "rollback", rollbackTo: "eror" }] },
        },
        { stateId: "error", baseStateType: "error" },
      ],
      transitions: [
        { fromStateId: ["a", "b1"], toStateId: "error", condition: "inState('nowhere')" },
        { fromStateId: "a", toStateId: "c1" },
      ],
    };
    expect(places(document, "UNKNOWN_STATE").sort()).toEqual([
      "error /globalErrorHandler/errorState",
      "error /globalErrorHandler/onError/rollbackTo",
      "error /states/0/timeout/onTimeout/1/rollbackTo",
      "error /transitions/0/condition",
      "error /transitions/0/fromStateId/1",
      "error /transitions/1/toStateId",
    ]);
  });

  it("done.state. is followed by a state that can be done", () => {
    const document = (stateId: string) =>
      short({
        a: { type: "initial", transitions: [to("box", { event: `done.state.${stateId}` })] },
        box: { type: "compound", states: { in: { type: "initial" } }, transitions: [to("child")] },
        child: { type: "task", subMachine: { stateMachineId: "n" }, transitions: [to("end")] },
        end,
      });
    expect(places(document("box"), "UNKNOWN_STATE")).toEqual([]);
    expect(places(document("child"), "UNKNOWN_STATE")).toEqual([]);
    expect(places(document("a"), "UNKNOWN_STATE")).toEqual(["error /states/a/transitions/0/event"]);
    expect(findingsOf(document("bxo")).filter(({ code }) => code === "UNKNOWN_STATE")).toMatchObject([
      {
        message:
          'State "a": transition "aToBox": the event "done.state.bxo" names "bxo", which is not defined.',
        hint: 'Did you mean "box"?',
      },
    ]);
  });

  it("implied states are a matter of short forms without a final state alone", () => {
    const open = short({ a: { type: "initial", transitions: [to("b")] } });
    expect(places(open, "IMPLIED_STATE")).toEqual(["warning /states/a/transitions/0/target"]);
    const closed = short({ a: { type: "initial", transitions: [to("b"), to("c")] }, c: end });
    expect(places(closed, "IMPLIED_STATE")).toEqual([]);
    expect(places(closed, "UNKNOWN_STATE")).toEqual(["error /states/a/transitions/0/target"]);
  });

  it("immutable and searchable name properties that some schema declares", () => {
    const states = {
      a: { type: "initial", data: schema("id"), transitions: [to("b")] },
      b: { ...end, data: schema("id") },
    };
    expect(places(short(states, { immutable: ["id", "ib"], searchable: ["x"] }), "UNKNOWN_PROPERTY")).toEqual(
      ["warning /immutable/1", "warning /searchable/0"],
    );
    const open = { ...states, c: { type: "task", transitions: [to("b")] } };
    expect(places(short(open, { immutable: ["ib"] }), "UNKNOWN_PROPERTY")).toEqual([]);
  });
});
