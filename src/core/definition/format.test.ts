import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json/json.js";
import { formatDefinition } from "./format.js";
import { normalise } from "./normalise.js";

const canonical = (document: unknown) => normalise(document as JsonObject).definition;

describe("formatDefinition", () => {
  it("prints nested transitions, words for simple events, and ids only where they say something", () => {
    const definition = canonical({
      states: [
        { baseStateType: "initial", stateId: "a" },
        { stateId: "b", baseStateType: "user" },
        { stateId: "c", baseStateType: "final" },
      ],
      stateMachineId: "m",
      transitions: [
        { fromStateId: "a", toStateId: "b", condition: "data.ok" },
        { fromStateId: "a", toStateId: "b", event: [{ trigger: "timer", after: "P1D" }] },
        {
          transitionId: "no",
          fromStateId: "a",
          toStateId: "c",
          event: [{ trigger: "manual", eventId: "reject" }],
        },
        { fromStateId: ["a", "b"], toStateId: "c", event: [{ eventId: "cancel", trigger: "manual" }] },
      ],
    });
    expect(JSON.parse(formatDefinition(definition, "short"))).toEqual({
      id: "m",
      version: 1,
      states: {
        a: {
          type: "initial",
          transitions: [
            { transitionId: "aToB", target: "b", condition: "data.ok" },
            { transitionId: "aToB2", target: "b", after: "P1D" },
            { transitionId: "no", target: "c", event: "reject" },
          ],
        },
        b: { type: "userTask" },
        c: { type: "final" },
      },
      transitions: [
        {
          transitionId: "anyToC",
          fromStateId: ["a", "b"],
          toStateId: "c",
          event: [{ trigger: "manual", eventId: "cancel" }],
        },
      ],
    });
  });

  it("puts properties in the order of the schema and leaves payloads as they are", () => {
    const text = formatDefinition(
      canonical({
        metadata: { b: 1, a: 2 },
        transitions: [],
        states: [{ "x-own": 1, baseStateType: "final", stateId: "a" }],
        stateMachineId: "m",
      }),
      "canonical",
    );
    expect(Object.keys(JSON.parse(text))).toEqual([
      "stateMachineId",
      "version",
      "metadata",
      "states",
      "transitions",
    ]);
    expect(text).toContain('"stateId": "a",\n      "baseStateType": "final",\n      "x-own": 1');
    expect(text.indexOf('"b": 1')).toBeLessThan(text.indexOf('"a": 2'));
  });
});
