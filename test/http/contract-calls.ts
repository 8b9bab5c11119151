/** Requests drawn from the OpenAPI document: of the form that it says, and broken in one place. */
import fc from "fast-check";
import { isJsonObject, type Json, type JsonObject } from "../../src/core/json/json.js";

export interface DrawnCall {
  readonly method: string;
  readonly path: string;
  /** As it is in the document. */
  readonly template: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | undefined;
}

/** Ids that are there, so that some requests reach something. */
const KNOWN = ["door", "d-1", "d-2", "d-1/incident-1", "push"];

export function callArbitrary(document: JsonObject): fc.Arbitrary<DrawnCall> {
  const operations = Object.entries(document.paths as JsonObject).flatMap(([template, methods]) =>
    Object.entries(methods as JsonObject).map(([method, operation]) => ({
      template,
      method: method.toUpperCase(),
      operation: operation as JsonObject,
    })),
  );
  const drawn = operations
    .filter(({ template }) => template !== "/v1/stream")
    .map(({ template, method, operation }) => drawCall(document, template, method, operation));
  return fc.oneof(...drawn);
}

function drawCall(
  document: JsonObject,
  template: string,
  method: string,
  operation: JsonObject,
): fc.Arbitrary<DrawnCall> {
  const parameters = (operation.parameters ?? []) as readonly JsonObject[];
  const named = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const texts = (place: string, isSure: boolean) =>
    fc.record(
      Object.fromEntries(
        named(place).map((parameter) => [
          String(parameter.name),
          fc.oneof(
            { arbitrary: drawValue(document, parameter.schema as JsonObject, 0), weight: 4 },
            { arbitrary: odd(), weight: 1 },
          ),
        ]),
      ),
      isSure ? {} : { requiredKeys: [] },
    );
  const content = (operation.requestBody as JsonObject | undefined)?.content as JsonObject | undefined;
  const schema = (content?.["application/json"] as JsonObject | undefined)?.schema as JsonObject | undefined;
  const body =
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { arbitrary: drawValue(document, schema, 0).map((value) => JSON.stringify(value)), weight: 6 },
          { arbitrary: odd().map((value) => JSON.stringify(value)), weight: 1 },
          { arbitrary: fc.string({ maxLength: 40 }), weight: 1 },
        );
  return fc
    .record({
      path: texts("path", true),
      query: texts("query", false),
      headers: texts("header", false),
      body,
    })
    .map(({ path, query, headers, body: text }) => {
      const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => segmentOf(path[name]));
      const search = Object.entries(query)
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`)
        .join("&");
      return {
        method,
        template,
        path: search === "" ? filled : `${filled}?${search}`,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, textOf(value).replace(/[^\x20-\x7e]/g, "?")]),
        ),
        body: text,
      };
    });
}

/** Clients take dots and nothing out of a path before they send it. */
function segmentOf(value: Json | undefined): string {
  const text = encodeURIComponent(textOf(value));
  return /^\.{0,2}$/.test(text) ? "x" : text;
}

function textOf(value: Json | undefined): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
  return /[\uD800-\uDFFF]/u.test(text) ? "half" : text;
}

function odd(): fc.Arbitrary<Json> {
  return fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
    fc.constantFrom<Json>(
      "",
      "__proto__",
      "\u0000",
      "é😀",
      -1,
      1e308,
      [],
      {},
      null,
      "../..",
      "%00",
      "9".repeat(400),
    ),
  );
}

/** A value that the schema allows, at times with something that it does not. */
function drawValue(document: JsonObject, given: JsonObject, depth: number): fc.Arbitrary<Json> {
  const schema = resolve(document, given);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "integer":
      return fc.integer({ min: 0, max: 300 });
    case "boolean":
      return fc.boolean();
    case "string":
      return fc.oneof(fc.constantFrom(...KNOWN), fc.string({ minLength: 1, maxLength: 20 }));
    case "array":
      return depth > 3
        ? fc.constant([])
        : fc.array(drawValue(document, schema.items as JsonObject, depth + 1), { maxLength: 3 });
    case "object":
      return objectOf(document, schema, depth);
    default:
      return odd();
  }
}

function objectOf(document: JsonObject, schema: JsonObject, depth: number): fc.Arbitrary<Json> {
  const { properties, required } = schema;
  if (!isJsonObject(properties) || depth > 3) {
    return fc.dictionary(fc.constantFrom("amount", "strength", "a/b", "__proto"), odd(), { maxKeys: 3 });
  }
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [
      name,
      drawValue(document, part as JsonObject, depth + 1),
    ]),
  );
  const sure = Array.isArray(required) ? required.map(String) : [];
  const object = fc.record(members, { requiredKeys: sure }) as fc.Arbitrary<JsonObject>;
  return fc.oneof(
    { arbitrary: object, weight: 8 },
    { arbitrary: object.map((value): JsonObject => ({ ...value, surplus: 1 })), weight: 1 },
  );
}

function resolve(document: JsonObject, schema: JsonObject): JsonObject {
  const { $ref } = schema;
  if (typeof $ref !== "string") return schema;
  const name = $ref.split("/").at(-1) ?? "";
  return ((document.components as JsonObject).schemas as JsonObject)[name] as JsonObject;
}
