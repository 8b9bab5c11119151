import fc from "fast-check";
import { expect, it } from "vitest";
import type { Json, JsonObject } from "../../core/json/json.js";
import { ajvSchemaCompiler } from "../ajv-schema-compiler.js";
import { isSureToCompile } from "./sure-to-compile.js";

const count = fc.nat(3);
const name = fc.constantFrom("a", "b", "a/b", "__proto__", "constructor", "");
const text = fc.constantFrom("", "a", "date", "uuid", "#", "^a+$", "\\p{L}", "string");
const anyValue = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
const reference = fc.constantFrom(
  "#",
  "#/definitions/a",
  "#/definitions/b",
  "#/$defs/a",
  "#/definitions/none",
  "#/definitions/__proto__",
  "other",
);

/** Schemas in which most keywords stand with values that the meta-schema takes, and some with any. */
const schemas = fc.letrec<{ schema: JsonObject | boolean; object: JsonObject }>((tie) => {
  const part = tie("schema");
  const list = fc.array(part, { minLength: 1, maxLength: 2 });
  const byName = fc.dictionary(name, part, { maxKeys: 2 });
  const keywords: { readonly [keyword: string]: fc.Arbitrary<Json> } = {
    $comment: text,
    $defs: byName,
    $id: fc.constantFrom("http://a.example/b", "#a"),
    $ref: reference,
    $schema: fc.constantFrom("http://json-schema.org/draft-07/schema#", "http://a.example/"),
    additionalItems: part,
    additionalProperties: part,
    allOf: list,
    anyOf: list,
    const: anyValue,
    contains: part,
    contentEncoding: text,
    default: anyValue,
    definitions: byName,
    dependencies: fc.dictionary(name, fc.oneof(part, fc.uniqueArray(name, { maxLength: 2 })), { maxKeys: 2 }),
    else: part,
    enum: fc.array(anyValue, { maxLength: 3 }),
    examples: fc.array(anyValue, { maxLength: 2 }),
    exclusiveMaximum: fc.double({ noNaN: true, noDefaultInfinity: true }),
    format: fc.constantFrom("date", "date-time", "uuid", "int32", "regex"),
    id: text,
    if: part,
    items: fc.oneof(part, list),
    maxItems: count,
    maxLength: count,
    minLength: count,
    minimum: fc.integer(),
    multipleOf: fc.constantFrom(1, 0.01, 3),
    not: part,
    nullable: fc.boolean(),
    oneOf: list,
    pattern: text,
    patternProperties: fc.dictionary(fc.constantFrom("^a", "b$", ""), part, { maxKeys: 2 }),
    properties: byName,
    propertyNames: part,
    readOnly: fc.boolean(),
    required: fc.uniqueArray(name, { maxLength: 2 }),
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema, and nobody awaits a schema.
    then: part,
    title: text,
    type: fc.constantFrom<Json>("object", "string", "array", ["null", "integer"], "number"),
    uniqueItems: fc.boolean(),
    unknown: anyValue,
  };
  const entry = fc
    .constantFrom(...Object.keys(keywords))
    .chain((keyword) => fc.tuple(fc.constant(keyword), keywords[keyword] ?? anyValue));
  const object = fc
    .array(entry, { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as JsonObject);
  return {
    schema: fc.oneof({ maxDepth: 3, depthSize: "small" }, fc.boolean(), tie("object")),
    object,
  };
});

it("what is called sure to compile, and has no fault, does", { timeout: 60_000 }, () => {
  const compiler = ajvSchemaCompiler();
  let sure = 0;
  fc.assert(
    fc.property(schemas.object, anyValue, (schema, value) => {
      const compiled = compiler.compile(schema);
      if (!compiled.ok || !isSureToCompile(schema)) return;
      sure += 1;
      // Compiled now: a fault that only ajv finds would be thrown.
      expect(Array.isArray(compiled.validate(value))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(sure).toBeGreaterThan(300);
});

it("is not what only ajv can judge", () => {
  for (const schema of [
    { $id: "http://a.example/" },
    { properties: { a: { $ref: "#" } } },
    { $ref: "#/definitions/a", definitions: { a: { $ref: "#/definitions/a" } } },
    { properties: { a: { $ref: "#/definitions/b" } }, definitions: { a: true } },
    { enum: [] },
    { nullable: true },
    { id: "a" },
    { unknown: 1 },
  ] satisfies JsonObject[]) {
    expect(isSureToCompile(schema), JSON.stringify(schema)).toBe(false);
  }
  let deep: JsonObject = {};
  for (let depth = 0; depth < 100; depth += 1) deep = { not: deep };
  expect(isSureToCompile(deep)).toBe(false);
  const usual = {
    type: "object",
    properties: { a: { $ref: "#/definitions/a" }, b: { type: "string", format: "uuid" } },
    required: ["a"],
    definitions: { a: { type: "number", minimum: 0 } },
  };
  expect(isSureToCompile(usual)).toBe(true);
});
