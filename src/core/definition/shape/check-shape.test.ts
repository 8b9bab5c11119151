import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ajvSchemaCompiler } from "../../../platform/ajv-schema-compiler.js";
import type { Json } from "../../json/json.js";
import { readDefinition } from "../read-definition.js";
import { authoredSchema } from "../schema/definition-schema.js";
import { checkShape } from "./check-shape.js";
import { nearestName } from "./nearest-name.js";

const schemas = ajvSchemaCompiler();

function messagesOf(document: unknown): string[] {
  return checkShape(document as Json, schemas).findings.map(({ message, hint }) =>
    `${message} ${hint ?? ""}`.trim(),
  );
}

describe("checkShape", () => {
  it("names the field of the other form or of another language", () => {
    const states = [{ stateId: "a", baseStateType: "initial" }];
    expect(
      messagesOf({ stateMachineId: "m", states, transitions: [{ fromStateId: "a", target: "b" }] }),
    ).toEqual(['Transition from "a" to "b": the field "target" is not known. Did you mean "toStateId"?']);
    expect(messagesOf({ id: "m", states: { a: { type: "initial", onEntry: [] } } })).toEqual([
      'State "a": the field "onEntry" is not known. Did you mean "entryActions"?',
    ]);
  });

  it("lists the words that a field takes, and kinds by their names", () => {
    const action = { actionId: "x", type: "webhok", retryCount: "3", backoff: { factor: 0.5, jitter: 2 } };
    expect(messagesOf({ id: "m", states: { a: { type: "initial", entryActions: [action] } } })).toEqual([
      'State "a": action "x": "factor" must be at least 1.',
      'State "a": action "x": "jitter" must be at most 1.',
      'State "a": action "x": "retryCount" must be a whole number, not a text.',
      'State "a": action "x": "type" must be webhook, kafka, file, notification, audit, log, assign, function, raise or cancel, not "webhok". Did you mean "webhook"?',
    ]);
  });

  it("asks for what one of several fields would give", () => {
    expect(
      messagesOf({ id: "m", states: { a: { type: "initial", entryActions: [{ actionId: "x" }] } } }),
    ).toEqual([
      'State "a": action "x": the field "type" is missing. An action needs a type, or one of trigger, assign and function that imply it.',
    ]);
    expect(
      messagesOf({ id: "m", states: { a: { type: "initial", transitions: [{ trigger: "manual" }] } } }),
    ).toEqual(['State "a": transition 1: the field "event" is missing.']);
    expect(
      messagesOf({ id: "m", states: { a: { type: "initial", transitions: [{ trigger: "timer" }] } } }),
    ).toEqual(['State "a": transition 1: the field "after" is missing.']);
  });

  it("judges a strategy by the kind of value that it is", () => {
    expect(
      messagesOf({ id: "m", states: {}, globalErrorHandler: { onError: ["retry", "proceed"] } }),
    ).toEqual([
      'The definition: item 2 of "onError" must be retry, ignore, log, notify, abort or rollback, not "proceed".',
    ]);
  });

  it("says that a key is no identifier", () => {
    expect(messagesOf({ id: "m", states: { "1a": { type: "initial" } } })).toEqual([
      'The definition: "1a" is not an identifier: a letter or underscore first, then letters, digits, underscores, dots and hyphens.',
    ]);
  });

  it("says what raise and cancel need", () => {
    const doing = (action: object) =>
      messagesOf({ id: "m", states: { a: { type: "initial", entryActions: [action] } } });
    expect(doing({ actionId: "x", type: "raise" })).toHaveLength(1);
    expect(doing({ actionId: "x", type: "raise", config: { data: 1 } })).toEqual([
      'State "a": action "x": the field "event" is missing in "config".',
    ]);
    expect(doing({ actionId: "x", type: "cancel", config: { event: "e" } })).toEqual([
      'State "a": action "x": the field "id" is missing in "config".',
    ]);
    expect(doing({ actionId: "x", type: "cancel", config: { id: "e" } })).toEqual([]);
  });

  it("gives on a document of valid shape, whatever was wrong with it", () => {
    const compiled = schemas.compile(authoredSchema);
    if (!compiled.ok) throw new Error("The schema of the language is not valid.");
    const part = fc.oneof(
      fc.constantFrom<Json>("a", 5, null, [], {}, true, "initial", "manual", "*", { type: "initial" }, ["a"]),
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
    );
    const names = fc.constantFrom(
      "id",
      "stateId",
      "type",
      "baseStateType",
      "transitions",
      "states",
      "event",
      "trigger",
      "condition",
      "entryActions",
      "actionId",
      "onError",
      "data",
      "schema",
      "target",
      "fromStateId",
      "toStateId",
      "bogus",
    );
    const thing = fc.dictionary(
      names,
      fc.oneof(part, fc.array(fc.dictionary(names, part), { maxLength: 3 })),
    );
    const document = fc.record(
      {
        id: part,
        stateMachineId: part,
        states: fc.oneof(
          fc.array(thing, { maxLength: 4 }),
          fc.dictionary(fc.constantFrom("a", "b", "1"), thing),
          part,
        ),
        transitions: fc.oneof(fc.array(thing, { maxLength: 4 }), part),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, (value) => {
        const { document: sound, findings } = checkShape(value as Json, schemas);
        if (sound !== undefined) expect(compiled.validate(sound)).toEqual([]);
        else expect(findings.length).toBeGreaterThan(0);
        expect(() => readDefinition({ document: value as Json }, { schemas })).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});

describe("names that every object has", () => {
  it.each(["constructor", "toString", "valueOf", "hasOwnProperty"])(
    "are unknown fields like any other: %s",
    (name) => {
      const document = {
        [name]: 1,
        stateMachineId: "m",
        states: [{ stateId: "a", baseStateType: name, [name]: {} }],
        transitions: [
          { fromStateId: "a", toStateId: "b", event: [{ eventId: "e", trigger: name }], [name]: [] },
        ],
      };
      const { findings } = readDefinition({ document: document as Json }, { schemas });
      const unknown = findings.filter((finding) => finding.code === "UNKNOWN_FIELD");
      expect(unknown.map((finding) => finding.pointer).sort()).toEqual(
        [`/${name}`, `/states/0/${name}`, `/transitions/0/${name}`].sort(),
      );
    },
  );
});

describe("nearestName", () => {
  it("finds what differs by a slip, and nothing that is another word", () => {
    expect(nearestName("proces", ["process", "confirm"])).toBe("process");
    expect(nearestName("Verify", ["verify"])).toBe("verify");
    expect(nearestName("abc", ["xyz", "confirm"])).toBeUndefined();
    expect(nearestName("a", ["b"])).toBeUndefined();
  });
});
