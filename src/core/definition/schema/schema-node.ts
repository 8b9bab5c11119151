/**
 * Building blocks of the language's JSON Schema. They keep to a part of draft-07 that gives good messages:
 *
 * 1. Every place is described.
 * 2. Choices are made by `if`, never by `anyOf`, so that a fault is told against the one shape that was meant.
 * 3. Objects are closed, apart from properties that begin with `x-`.
 * 4. `tsType` names the TypeScript type of a place; it serves the generation of types and is not published.
 */
import type { Json, JsonObject } from "../../json/json.js";

export type SchemaNode = JsonObject;

export function text(description: string, more: SchemaNode = {}): SchemaNode {
  return { description, type: "string", ...more };
}

export function flag(description: string): SchemaNode {
  return { description, type: "boolean" };
}

export function whole(description: string, minimum: number): SchemaNode {
  return { description, type: "integer", minimum };
}

/** One of a closed list of words. */
export function word(description: string, words: readonly string[]): SchemaNode {
  return { description, type: "string", enum: words };
}

export function list(description: string, items: SchemaNode): SchemaNode {
  return { description, type: "array", items };
}

/** Any JSON value. */
export function anything(description: string): SchemaNode {
  return { description, tsType: "Json" };
}

/** Any JSON object. */
export function anyObject(description: string): SchemaNode {
  return { description, type: "object", tsType: "JsonObject" };
}

/** A JSON Schema inside the definition. What it may hold is judged by a rule, not here. */
export function jsonSchema(description: string): SchemaNode {
  return { description, type: ["object", "boolean"], tsType: "JsonObject | boolean" };
}

/** An object whose keys are free and whose values are alike. */
export function dictionary(description: string, values: SchemaNode, more: SchemaNode = {}): SchemaNode {
  return { description, type: "object", additionalProperties: values, ...more };
}

/** A place that holds a named shape. */
export function refer(name: string, description: string): SchemaNode {
  return { description, allOf: [{ $ref: `#/definitions/${name}` }] };
}

/** A closed object. */
export function fields(
  description: string,
  properties: { readonly [name: string]: SchemaNode },
  required: readonly string[] = [],
  more: SchemaNode = {},
): SchemaNode {
  return {
    description,
    type: "object",
    properties,
    patternProperties: { "^x-": { description: "Your own; never interpreted." } },
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    ...more,
  };
}

/** A place whose shape depends on the JSON type of what stands there. */
export function byType(description: string, shapes: readonly (readonly [string, SchemaNode])[]): SchemaNode {
  const [first, ...others] = [...shapes].reverse();
  if (first === undefined) return { description };
  const chosen = others.reduce<SchemaNode>(
    (otherwise, [type, shape]) => choose({ type }, shape, otherwise),
    first[1],
  );
  return { description, type: shapes.map(([type]) => type), ...chosen };
}

/** An object whose shape depends on a word that it holds. */
export function byWord(
  description: string,
  property: string,
  wordDescription: string,
  shapes: readonly (readonly [readonly string[], string])[],
): SchemaNode {
  return {
    description,
    type: "object",
    properties: {
      [property]: word(
        wordDescription,
        shapes.flatMap(([words]) => words),
      ),
    },
    required: [property],
    allOf: shapes.map(([words, name]) =>
      choose(
        { type: "object", properties: { [property]: { enum: words } }, required: [property] },
        { $ref: `#/definitions/${name}` },
      ),
    ),
  };
}

/** `then` applies to objects in which the property has the value. */
export function when(property: string, value: Json, then: SchemaNode): SchemaNode {
  return choose({ type: "object", properties: { [property]: { const: value } }, required: [property] }, then);
}

/** What satisfies `condition` must be of the first shape, anything else of the second. */
export function choose(condition: SchemaNode, shape: SchemaNode, otherwise?: SchemaNode): SchemaNode {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  const chosen = { if: condition, then: shape };
  return otherwise === undefined ? chosen : { ...chosen, else: otherwise };
}
