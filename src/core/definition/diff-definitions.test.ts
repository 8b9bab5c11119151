import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json/json.js";
import { diffDefinitions } from "./diff-definitions.js";
import { normalise } from "./normalise.js";

const SHORT = {
  id: "order",
  version: 1,
  states: {
    draft: {
      type: "initial",
      data: { schema: { type: "object", properties: { a: { type: "string" } }, required: ["a"] } },
      entryActions: [{ actionId: "log", type: "logging", config: { message: "in" } }],
      transitions: [{ target: "done", event: "go" }],
    },
    done: { type: "final" },
  },
} as const;

function canonical(document: unknown): JsonObject {
  return normalise(document as JsonObject).definition as unknown as JsonObject;
}

function messages(to: unknown): string[] {
  return diffDefinitions(canonical(SHORT), canonical(to)).map(({ message }) => message);
}

describe("the difference of two definitions", () => {
  test("is nothing where they mean the same, whatever the order of states", () => {
    const { draft, done } = SHORT.states;
    expect(messages({ ...SHORT, states: { done, draft } })).toEqual([]);
  });

  test("names states and transitions that came and went", () => {
    const { draft } = SHORT.states;
    const to = {
      ...SHORT,
      states: {
        draft: { ...draft, transitions: [{ transitionId: "leave", target: "gone", event: "go" }] },
        gone: { type: "final" },
      },
    };
    expect(messages(to)).toEqual([
      'State "done" was removed.',
      'State "gone" was added.',
      expect.stringMatching(/^Transition ".*" was removed \(draft → done\)\.$/),
      'Transition "leave" was added (draft → gone).',
    ]);
  });

  test("says what changed in a field, an action and a schema", () => {
    const { draft, done } = SHORT.states;
    const to = {
      ...SHORT,
      version: 2,
      states: {
        draft: {
          ...draft,
          name: "Draft",
          entryActions: [{ ...draft.entryActions[0], config: { message: "out" } }],
          data: { schema: { type: "object", properties: { b: { type: "number" } }, required: ["b"] } },
        },
        done,
      },
    };
    expect(messages(to)).toEqual([
      'The machine\'s "version" changed from 1 to 2.',
      'State "draft": "name" was added: "Draft".',
      'Action "log" on entry of state "draft": "config" changed from {"message":"in"} to {"message":"out"}.',
      'The schema of state "draft": property "a" was removed; it was {"type":"string"}; property "b" was added: {"type":"number"}; "b" is required now; "a" is no longer required.',
    ]);
  });

  test("tells regions that changed, and what moved from one scope into another", () => {
    const inner = {
      begin: { type: "initial", transitions: [{ target: "out", event: "e" }] },
      out: { type: "final" },
    };
    const document = (region: object, more: object = {}) =>
      canonical({
        id: "order",
        states: {
          draft: { type: "initial", transitions: [{ target: "par" }] },
          par: {
            type: "parallel",
            regions: [{ regionId: "r", states: inner, ...region }],
            transitions: [{ target: "done" }],
          },
          done: { type: "final" },
          ...more,
        },
      });
    const differences = (from: JsonObject, to: JsonObject) =>
      diffDefinitions(from, to).map(({ message }) => message);
    expect(differences(document({}), document({ initial: "begin" }))).toEqual([
      'State "par": "regions" changed from [{"regionId":"r"}] to [{"regionId":"r","initial":"begin"}].',
    ]);
    const { out, ...rest } = inner;
    expect(differences(document({}), document({ states: rest }, { out }))).toEqual([
      'State "out": "inside" was removed; it was "par/r".',
    ]);
  });

  test("turned round tells the same things the other way", () => {
    const to = canonical({ ...SHORT, states: { ...SHORT.states, more: { type: "final" } } });
    const forth = diffDefinitions(canonical(SHORT), to);
    const back = diffDefinitions(to, canonical(SHORT));
    expect(forth.map(({ change, id }) => [change, id])).toEqual([["added", "more"]]);
    expect(back.map(({ change, id }) => [change, id])).toEqual([["removed", "more"]]);
  });
});
