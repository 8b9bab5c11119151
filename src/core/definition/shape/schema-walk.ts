/**
 * Finds the part of the language's schema that applies to a place in a document: what its neighbours are, which words
 * it may be, in which order its properties stand. It understands the part of JSON Schema that the schema's own
 * building blocks use (see schema/schema-node.ts), no more; judging documents is the validator's work.
 */
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import { allParts } from "../schema/definition-schema.js";

/** Every schema that applies to `value` where `schema` does: itself, what it refers to, the branches it chooses. */
export function applicableSchemas(schema: Json | undefined, value: Json | undefined): readonly JsonObject[] {
  if (schema === undefined || !isJsonObject(schema)) return [];
  const found: JsonObject[] = [schema];
  if (typeof schema.$ref === "string") {
    found.push(...applicableSchemas(allParts[schema.$ref.slice("#/definitions/".length)], value));
  }
  if (Array.isArray(schema.allOf)) {
    for (const part of schema.allOf as readonly Json[]) found.push(...applicableSchemas(part, value));
  }
  if (schema.if !== undefined) {
    found.push(...applicableSchemas(satisfies(schema.if, value) ? schema.then : schema.else, value));
  }
  return found;
}

/** The schemas that apply to the property or element `key` of a value. */
export function childSchemas(
  schemas: readonly JsonObject[],
  key: string,
  child: Json | undefined,
): readonly JsonObject[] {
  return schemas.flatMap((schema) => {
    const { properties, additionalProperties, items } = schema;
    const isDeclared = properties !== undefined && isJsonObject(properties) && Object.hasOwn(properties, key);
    const declared = isDeclared ? properties[key] : undefined;
    return applicableSchemas(declared ?? additionalProperties ?? items, child);
  });
}

/** The names of the properties that schemas declare, in their order; those of the fullest schema first. */
export function propertyNames(schemas: readonly JsonObject[]): readonly string[] {
  const lists = schemas.map(({ properties }) =>
    properties !== undefined && isJsonObject(properties) ? Object.keys(properties) : [],
  );
  return [...new Set(lists.sort((one, other) => other.length - one.length).flat())];
}

function satisfies(condition: Json, value: Json | undefined): boolean {
  if (!isJsonObject(condition)) return condition === true;
  const { type, required, properties, not, anyOf } = condition;
  if (type !== undefined && !isOfType(value, type)) return false;
  if (condition.const !== undefined && value !== condition.const) return false;
  if (Array.isArray(condition.enum) && !(condition.enum as readonly Json[]).includes(value ?? null))
    return false;
  if (not !== undefined && satisfies(not, value)) return false;
  if (Array.isArray(anyOf) && !(anyOf as readonly Json[]).some((part) => satisfies(part, value)))
    return false;
  if (value === undefined || !isJsonObject(value)) return true;
  if (
    Array.isArray(required) &&
    !required.every((name) => typeof name === "string" && Object.hasOwn(value, name))
  )
    return false;
  if (properties === undefined || !isJsonObject(properties)) return true;
  return Object.entries(properties).every(
    ([name, part]) => !Object.hasOwn(value, name) || satisfies(part, value[name]),
  );
}

function isOfType(value: Json | undefined, type: Json): boolean {
  if (Array.isArray(value)) return type === "array";
  if (type === "integer") return Number.isInteger(value);
  return value === null ? type === "null" : typeof value === type;
}
