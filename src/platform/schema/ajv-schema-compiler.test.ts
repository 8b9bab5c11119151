import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../core/json/json.js";
import type { SchemaFault, Violation } from "../../core/model/schema-port.js";
import { ajvSchemaCompiler } from "../ajv-schema-compiler.js";
import { isMultipleOf } from "./is-multiple-of.js";
import { subschemas } from "./subschemas.js";

const compiler = ajvSchemaCompiler();

function violations(schema: JsonObject | boolean, value: Json): readonly Violation[] {
  const compiled = compiler.compile(schema);
  if (!compiled.ok) throw new Error(compiled.faults.map((fault) => fault.message).join(" "));
  return compiled.validate(value);
}

function messages(schema: JsonObject | boolean, value: Json): readonly string[] {
  return violations(schema, value).map((violation) => violation.message);
}

function faults(schema: JsonObject | boolean): readonly SchemaFault[] {
  const compiled = compiler.compile(schema);
  return compiled.ok ? [] : compiled.faults;
}

function conditional(condition: JsonObject, consequence: JsonObject): JsonObject {
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema, and nobody awaits a schema.
  return { if: condition, then: consequence };
}

describe("violations", () => {
  it("name a missing property and point to it", () => {
    expect(violations({ required: ["transferId", "a/b"] }, {})).toEqual([
      { path: "/transferId", message: '"transferId" is missing', keyword: "required" },
      { path: "/a~1b", message: '"a/b" is missing', keyword: "required" },
    ]);
  });

  it("count only a value's own properties", () => {
    expect(messages({ required: ["constructor", "toString"] }, {})).toEqual([
      '"constructor" is missing',
      '"toString" is missing',
    ]);
  });

  it("name an undeclared property and point to it, also where nothing is declared", () => {
    const expected = [
      { path: "/foo", message: '"foo" is not declared here', keyword: "additionalProperties" },
    ];
    expect(violations({ properties: { a: true }, additionalProperties: false }, { a: 1, foo: 2 })).toEqual(
      expected,
    );
    expect(violations({ additionalProperties: false }, { foo: 2 })).toEqual(expected);
  });

  it("come all at once, each with its place inside the data", () => {
    const schema = {
      properties: {
        payee: { required: ["iban"], properties: { name: { type: "string" } } },
        items: { items: { properties: { amount: { type: "number", minimum: 0 } } } },
      },
    };
    const found = violations(schema, { payee: { name: 1 }, items: [{ amount: 1 }, { amount: -1 }] });
    expect(found.map(({ path, message }) => `${path}: ${message}`).sort()).toEqual([
      '/items/1/amount: "items[1].amount" must be equal to or greater than 0',
      '/payee/iban: "payee.iban" is missing',
      '/payee/name: "payee.name" must be a string but it was a number',
    ]);
  });

  it.each<[string, JsonObject, Json, string]>([
    ["type", { type: ["string", "null"] }, 1, "The data must be a string or null but it was a number"],
    ["minLength", { minLength: 3 }, "ab", "The data must be 3 characters or more but it was 2 characters"],
    ["pattern", { pattern: "^[A-Z]+$" }, "ab", "The data must match the pattern ^[A-Z]+$"],
    ["format", { format: "date" }, "ab", "The data must be a date (2024-01-31)"],
    ["enum", { enum: ["a", "b"] }, "c", 'The data must be one of: "a" or "b"'],
    ["const", { const: 1 }, 2, "The data must be 1"],
    ["false schema", { properties: { a: false } }, { a: 1 }, '"a" is not allowed here'],
    [
      "propertyNames",
      { propertyNames: { maxLength: 2 } },
      { abc: 1 },
      '"abc" is not a name that is allowed here',
    ],
    ["dependencies", { dependencies: { a: ["b"] } }, { a: 1 }, '"b" is missing, which "a" asks for'],
    ["anyOf", { anyOf: [false, false] }, 1, "The data is not allowed here"],
    ["not", { not: {} }, 1, "The data is of a form that is not allowed here"],
    [
      "uniqueItems",
      { uniqueItems: true },
      [1, 1],
      "The data must be unique but elements 0 and 1 are the same",
    ],
    ["multipleOf", { multipleOf: 0.01 }, 0.001, "The data must be a multiple of 0.01"],
    ["if", conditional({ type: "number" }, { minimum: 2 }), 1, "The data must be equal to or greater than 2"],
  ])("say what is wanted: %s", (_, schema, value, message) => {
    expect(messages(schema, value)).toContain(message);
  });

  it("take every property as data, whatever JavaScript calls by its name", () => {
    const odd = JSON.parse('{"valueOf":1,"toString":null,"constructor":{"a":1},"__proto__":2}') as JsonObject;
    const same = JSON.parse(JSON.stringify(odd)) as JsonObject;
    expect(messages({ const: odd }, same)).toEqual([]);
    expect(messages({ enum: [odd] }, same)).toEqual([]);
    expect(messages({ enum: [{}] }, odd)).toHaveLength(1);
    expect(messages({ uniqueItems: true }, [odd, same])).toHaveLength(1);
    expect(messages({ uniqueItems: true }, [odd, { ...same, valueOf: 2 }, [1], [1, null], { 0: 1 }])).toEqual(
      [],
    );
  });

  it("ignore the sentences that a schema brings along", () => {
    const schema = { properties: { a: { title: "Nothing", type: "string", errorMessage: "is rubbish" } } };
    expect(messages(schema, { a: 1 })).toEqual(['"a" must be a string but it was a number']);
  });

  it("never hold the value itself", () => {
    const secret = "s3cr3t-value";
    const schemas: JsonObject[] = [
      { type: "number" },
      { format: "date-time" },
      { format: "uuid" },
      { pattern: "^x$" },
      { enum: ["x"] },
      { const: "x" },
      { maxLength: 2 },
      { minLength: 200 },
      { anyOf: [{ type: "number" }, { const: "x" }] },
      { not: { type: "string" } },
      conditional({ type: "string" }, { const: "x" }),
    ];
    for (const schema of schemas) {
      const found = messages({ properties: { a: schema } }, { a: secret });
      expect(found).not.toEqual([]);
      expect(found.join()).not.toContain(secret);
    }
  });
});

describe("formats", () => {
  it.each([
    ["2024-01-10T14:30:00Z", true],
    ["2024-01-10T14:30:00.123456+05:30", true],
    ["2024-02-29T00:00:00Z", true],
    ["1990-12-31T23:59:60Z", true],
    ["1990-12-31T15:59:60-08:00", true],
    ["2024-13-10T14:30:00Z", false],
    ["2023-02-29T00:00:00Z", false],
    ["2024-01-10T24:00:00Z", false],
    ["1990-12-31T22:59:60Z", false],
    ["2024-01-10 14:30:00Z", false],
    ["2024-01-10T14:30:00", false],
    ["2024-01-10T14:30:00+05", false],
    ["2024-01-10T14:30:00+0530", false],
    ["2024-01-10", false],
    ["", false],
  ])("take %s as date-time: %s", (text, isTaken) => {
    expect(violations({ format: "date-time" }, text).length === 0).toBe(isTaken);
  });

  it.each([
    ["123e4567-e89b-12d3-a456-426614174000", true],
    ["123E4567-E89B-12D3-A456-426614174000", true],
    ["urn:uuid:123e4567-e89b-12d3-a456-426614174000", false],
    ["123e4567e89b12d3a456426614174000", false],
    ["{123e4567-e89b-12d3-a456-426614174000}", false],
  ])("take %s as uuid: %s", (text, isTaken) => {
    expect(violations({ format: "uuid" }, text).length === 0).toBe(isTaken);
  });

  it("that are not known are a fault, with their place", () => {
    expect(faults({ properties: { a: { format: "iban" } } })).toMatchObject([
      { pointer: "/properties/a/format" },
    ]);
    expect(faults({ format: "constructor" })).toMatchObject([{ pointer: "/format" }]);
  });

  it("are not looked for inside data that a schema holds", () => {
    expect(faults({ const: { format: "iban" }, default: { format: "iban" } })).toEqual([]);
  });
});

describe("schemas", () => {
  it("that are not valid give faults with pointers, one for each place", () => {
    const found = faults({
      type: "strin",
      properties: { a: { minLength: -1, pattern: "(" } },
      patternProperties: { "[": true },
      required: "a",
    });
    expect(found.map((fault) => fault.pointer).sort()).toEqual([
      "/patternProperties/[",
      "/properties/a/minLength",
      "/properties/a/pattern",
      "/required",
      "/type",
    ]);
  });

  it("refer only to themselves; nothing is fetched", () => {
    expect(faults({ properties: { a: { $ref: "http://127.0.0.1:1/schema.json" } } })).toMatchObject([
      { pointer: "/properties/a/$ref", message: expect.stringContaining("never fetched") },
    ]);
    expect(faults({ $ref: "other.json" })).toMatchObject([{ pointer: "/$ref" }]);
    expect(faults({ $ref: "#/definitions/none" })).toMatchObject([
      { pointer: "/$ref", message: '"#/definitions/none" leads nowhere in this schema.' },
    ]);
  });

  it("may refer to their own definitions, and to themselves in a circle", () => {
    const schema = {
      $id: "http://example.com/tree",
      definitions: { name: { type: "string" } },
      properties: { name: { $ref: "#/definitions/name" }, child: { $ref: "#" } },
    };
    expect(messages(schema, { name: "a", child: { child: { name: 1 } } })).toEqual([
      '"child.child.name" must be a string but it was a number',
    ]);
  });

  it("with the same $id do not meet", () => {
    expect(messages({ $id: "http://example.com/one", type: "string" }, 1)).toHaveLength(1);
    expect(messages({ $id: "http://example.com/one", type: "number" }, 1)).toEqual([]);
  });

  it("of another dialect, or asynchronous ones, are faults", () => {
    expect(faults({ $schema: "https://json-schema.org/draft/2020-12/schema" })).toMatchObject([
      { pointer: "/$schema" },
    ]);
    expect(faults({ properties: { a: { $async: true } } })).toMatchObject([
      { pointer: "/properties/a/$async" },
    ]);
  });

  it("may name draft-07 in each of its spellings", () => {
    for (const scheme of ["http", "https"]) {
      for (const end of ["", "#"]) {
        expect(
          messages({ $schema: `${scheme}://json-schema.org/draft-07/schema${end}`, type: "string" }, 1),
        ).toHaveLength(1);
      }
    }
  });

  it("that refer to themselves without end are a violation, not a crash", () => {
    expect(violations({ allOf: [{ $ref: "#" }] }, 1)).toMatchObject([{ path: "", keyword: "$ref" }]);
  });

  it("may be true or false", () => {
    expect(messages(true, { a: 1 })).toEqual([]);
    expect(messages(false, 1)).toEqual(["The data is not allowed here"]);
  });

  it("of equal content share a validator, whatever the order of their keys", () => {
    const one = compiler.compile({ type: "string", maxLength: 3 });
    expect(compiler.compile({ maxLength: 3, type: "string" })).toBe(one);
    expect(compiler.compile({ maxLength: 4, type: "string" })).not.toBe(one);
  });

  it("are forgotten when too many others came after them", () => {
    const bounded = ajvSchemaCompiler();
    const used = bounded.compile({ const: -1 });
    const unused = bounded.compile({ const: -2 });
    for (let count = 0; count < 499; count += 1) {
      bounded.compile({ const: count });
      if (count === 200) bounded.compile({ const: -1 });
    }
    expect(bounded.compile({ const: -1 })).toBe(used);
    expect(bounded.compile({ const: -2 })).not.toBe(unused);
  });

  it("stay as they were compiled when the caller changes the object afterwards", () => {
    const schema: { enum: string[] } = { enum: ["a"] };
    const compiled = compiler.compile(schema);
    schema.enum.push("b");
    expect(compiled.ok && compiled.validate("b")).toHaveLength(1);
  });

  it("of any JSON are compiled or refused, without a throw", () => {
    const keyword = fc.constantFrom(
      "type",
      "$ref",
      "$id",
      "$schema",
      "items",
      "properties",
      "format",
      "allOf",
      "pattern",
      "id",
    );
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>(null, true, false, 0, 1.5, "string", "#", "#/items", "date", "(", "http://a"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(keyword, tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(keyword, json, { maxKeys: 4 }), json, (schema, value) => {
        const compiled = compiler.compile(schema);
        if (compiled.ok) expect(Array.isArray(compiled.validate(value))).toBe(true);
        else expect(compiled.faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the parts", () => {
  it("find every schema inside a schema", () => {
    const schema = { items: [{ not: {} }, true], properties: { "a/b": { enum: [{ type: "x" }] } }, if: {} };
    expect([...subschemas(schema)].map((entry) => entry.pointer)).toEqual([
      "",
      "/items/0",
      "/items/0/not",
      "/properties/a~1b",
      "/if",
    ]);
  });

  it("know multiples by their decimals", () => {
    expect(isMultipleOf(0.07, 0.01)).toBe(true);
    expect(isMultipleOf(123456789.07, 0.01)).toBe(true);
    expect(isMultipleOf(0.075, 0.01)).toBe(false);
    expect(isMultipleOf(1e21, 1)).toBe(true);
    expect(isMultipleOf(-4.4, 2.2)).toBe(true);
    expect(isMultipleOf(0, 7)).toBe(true);
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000 }), fc.nat(6), (count, step, places) => {
        // Both numbers are read from decimal texts, as they would be from JSON.
        const shown = (whole: number): number => Number(`${whole}e-${places}`);
        expect(isMultipleOf(shown(count * step), shown(step))).toBe(true);
        if (step > 1) expect(isMultipleOf(shown(count * step + 1), shown(step))).toBe(false);
      }),
    );
  });
});

const reference = new URL(
  "../../../../shared/reference/money-transfer/money-transfer-definition.json",
  import.meta.url,
);

describe.skipIf(!existsSync(reference))("the reference", () => {
  it("has schemas that all compile", () => {
    const definition = JSON.parse(readFileSync(reference, "utf8")) as Json;
    const found = [...withSchemaKeyword(definition)];
    expect(found.length).toBeGreaterThan(3);
    for (const schema of found) expect(faults(schema)).toEqual([]);
  });
});

function* withSchemaKeyword(value: Json): Generator<JsonObject> {
  if (typeof value !== "object" || value === null) return;
  if ("$schema" in value) yield value as JsonObject;
  else for (const item of Object.values(value)) yield* withSchemaKeyword(item as Json);
}
