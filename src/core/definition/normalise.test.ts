import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json/json.js";
import { normalise } from "./normalise.js";

const seedFragment: JsonObject = {
  id: "money-transfer",
  states: {
    init: { type: "initial", transitions: [{ target: "verify", trigger: "automatic" }] },
    verify: { type: "task", transitions: [{ target: "process", condition: "data.amount > 0" }] },
  },
};

describe("normalise", () => {
  it("makes the seed's short form canonical and implies its final state", () => {
    const { definition, impliedStateIds, origins } = normalise(seedFragment);
    expect(definition).toEqual({
      stateMachineId: "money-transfer",
      version: 1,
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "verify", baseStateType: "task" },
        { stateId: "process", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "initToVerify", fromStateId: "init", toStateId: "verify" },
        {
          transitionId: "verifyToProcess",
          fromStateId: "verify",
          toStateId: "process",
          condition: "data.amount > 0",
        },
      ],
    });
    expect(impliedStateIds).toEqual(["process"]);
    expect(origins.resolve("/transitions/1/toStateId")).toBe("/states/verify/transitions/0/target");
    expect(origins.resolve("/transitions/1/condition")).toBe("/states/verify/transitions/0/condition");
    expect(origins.resolve("/states/2")).toBe("/states/verify/transitions/0/target");
    expect(origins.resolve("/states/1/baseStateType")).toBe("/states/verify/type");
    expect(origins.resolve("/stateMachineId")).toBe("/id");
  });

  it("implies no state where a final state is defined", () => {
    const states = { ...(seedFragment.states as JsonObject), done: { type: "final" } };
    expect(normalise({ ...seedFragment, states }).impliedStateIds).toEqual([]);
  });

  it("settles the words and derives ids that are missing, each once", () => {
    const { definition } = normalise({
      stateMachineId: "m",
      states: [{ stateId: "a", baseStateType: "user" }],
      transitions: [
        {
          fromStateId: "a",
          toStateId: "a",
          event: [
            { trigger: "timer", after: "PT1S" },
            { trigger: "timer", at: "$data.due" },
          ],
        },
        { fromStateId: "a", toStateId: "a", event: [{ trigger: "auto" }] },
        { fromStateId: "a", event: [{ trigger: "manual", eventId: "note" }] },
        { fromStateId: "*", toStateId: "a", transitionId: "aToA" },
      ],
    });
    expect(definition.states[0]?.baseStateType).toBe("userTask");
    expect(definition.transitions).toEqual([
      {
        transitionId: "aToA2",
        fromStateId: "a",
        toStateId: "a",
        event: [
          { eventId: "aToA2.timer", trigger: "time-based", after: "PT1S" },
          { eventId: "aToA2.timer2", trigger: "time-based", at: "$data.due" },
        ],
      },
      { transitionId: "aToA3", fromStateId: "a", toStateId: "a" },
      { transitionId: "aInternal", fromStateId: "a", event: [{ eventId: "note", trigger: "manual" }] },
      { transitionId: "aToA", fromStateId: "*", toStateId: "a" },
    ]);
  });

  it("groups transitions by state, but never past one that has several sources", () => {
    const { definition, origins } = normalise({
      stateMachineId: "m",
      states: [
        { stateId: "a", baseStateType: "initial" },
        { stateId: "b", baseStateType: "task" },
      ],
      transitions: [
        { transitionId: "1", fromStateId: "b" },
        { transitionId: "2", fromStateId: "a" },
        { transitionId: "3", fromStateId: ["a"] },
        { transitionId: "4", fromStateId: "a" },
        { transitionId: "5", fromStateId: "b" },
      ],
    });
    expect(definition.transitions.map((transition) => transition.transitionId)).toEqual([
      "2",
      "1",
      "5",
      "3",
      "4",
    ]);
    expect(origins.resolve("/transitions/0/transitionId")).toBe("/transitions/1/transitionId");
  });
});
