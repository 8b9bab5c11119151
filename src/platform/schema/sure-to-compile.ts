/**
 * Whether ajv is certain to compile a schema in which the meta-schema of draft-07 and the checks of the compiler have
 * found no fault. What is certain is compiled when it is first used; only the rest is compiled to see.
 *
 * The list is short on purpose: keywords whose values the meta-schema judges completely, and references to definitions
 * that lie in the schema and are not references themselves. A property test holds this to what ajv does.
 */
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";
import { subschemas } from "./subschemas.js";

/** ajv compiles by recursion. */
const MAX_DEPTH = 32;
const MAX_SUBSCHEMAS = 1_000;
const LOCAL_REF = /^#\/(definitions|\$defs)\/([\w-]+)$/;

const KEYWORDS = new Set([
  "$comment",
  "$defs",
  "$schema",
  "additionalItems",
  "additionalProperties",
  "allOf",
  "anyOf",
  "const",
  "contains",
  "contentEncoding",
  "contentMediaType",
  "default",
  "definitions",
  "dependencies",
  "description",
  "else",
  "enum",
  "examples",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "format",
  "if",
  "items",
  "maxItems",
  "maxLength",
  "maxProperties",
  "maximum",
  "minItems",
  "minLength",
  "minProperties",
  "minimum",
  "multipleOf",
  "not",
  "oneOf",
  "pattern",
  "patternProperties",
  "properties",
  "propertyNames",
  "readOnly",
  "required",
  "then",
  "title",
  "type",
  "uniqueItems",
]);

export function isSureToCompile(schema: JsonObject | boolean): boolean {
  if (typeof schema === "boolean") return true;
  let seen = 0;
  for (const { pointer, schema: part } of subschemas(schema)) {
    seen += 1;
    if (seen > MAX_SUBSCHEMAS || pointer.split("/").length > MAX_DEPTH * 2) return false;
    if (!isPlain(part, schema)) return false;
  }
  return true;
}

function isPlain(part: JsonObject, root: JsonObject): boolean {
  const { $ref, enum: values } = part;
  if ($ref !== undefined) return Object.keys(part).length === 1 && leadsToDefinition($ref, root);
  if (Array.isArray(values) && values.length === 0) return false;
  return Object.keys(part).every((keyword) => KEYWORDS.has(keyword));
}

function leadsToDefinition($ref: Json, root: JsonObject): boolean {
  const [, holder, name] = typeof $ref === "string" ? (LOCAL_REF.exec($ref) ?? []) : [];
  if (holder === undefined || name === undefined) return false;
  const definitions = root[holder];
  if (definitions === undefined || !isJsonObject(definitions) || !Object.hasOwn(definitions, name))
    return false;
  const target = definitions[name];
  return target !== undefined && isJsonObject(target) && target.$ref === undefined;
}
