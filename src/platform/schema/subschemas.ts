import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";
import { appendPointer } from "../../core/json/pointer.js";

/** Keywords of draft-07 whose value is a schema, a list of schemas, or schemas by name. */
const SCHEMA_KEYWORDS = [
  "additionalItems",
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
];
const LIST_KEYWORDS = ["allOf", "anyOf", "items", "oneOf"];
const MAP_KEYWORDS = ["$defs", "definitions", "dependencies", "patternProperties", "properties"];

/**
 * Every schema object inside a draft-07 schema, itself first, each with its RFC 6901 pointer, in the order of the
 * keywords. What stands in `enum`, `const`, `default` or `examples` is data and not visited. Works on schemas that are
 * not valid too: what is not of the expected form is passed over.
 */
export function* subschemas(schema: Json): Generator<{ pointer: string; schema: JsonObject }> {
  const open: { pointer: string; value: Json | undefined }[] = [{ pointer: "", value: schema }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { pointer, value } = next;
    if (!isJsonObject(value)) continue;
    yield { pointer, schema: value };
    open.push(...children(pointer, value).reverse());
  }
}

function children(pointer: string, schema: JsonObject): { pointer: string; value: Json | undefined }[] {
  const found: { pointer: string; value: Json | undefined }[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const below = appendPointer(pointer, keyword);
    if (LIST_KEYWORDS.includes(keyword) && Array.isArray(value)) {
      value.forEach((item: Json, index) => {
        found.push({ pointer: appendPointer(below, index), value: item });
      });
    } else if (MAP_KEYWORDS.includes(keyword) && isJsonObject(value)) {
      for (const [name, item] of Object.entries(value)) {
        found.push({ pointer: appendPointer(below, name), value: item });
      }
    } else if (SCHEMA_KEYWORDS.includes(keyword)) {
      found.push({ pointer: below, value });
    }
  }
  return found;
}
