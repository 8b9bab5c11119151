import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import { applicableSchemas, childSchemas, propertyNames } from "../shape/schema-walk.js";

/**
 * The same value with the properties of every object of the language in the order of its schema; what is your own
 * (`x-…`) comes last. Payloads, data schemas and metadata keep the order that their author gave them.
 */
export function tidy(value: JsonObject, shape: string): JsonObject {
  const result = tidyValue(value, applicableSchemas({ $ref: `#/definitions/${shape}` }, value));
  return isJsonObject(result) ? result : value;
}

function tidyValue(value: Json, schemas: readonly JsonObject[]): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((element) =>
      tidyValue(element, childSchemas(schemas, "", element)),
    );
  }
  if (!isJsonObject(value)) return value;
  const declared = propertyNames(schemas);
  const keys = [
    ...declared.filter((key) => Object.hasOwn(value, key)),
    ...Object.keys(value).filter((key) => !declared.includes(key)),
  ];
  const result: { [key: string]: Json } = {};
  for (const key of keys) {
    const property = value[key];
    if (property !== undefined) result[key] = tidyValue(property, childSchemas(schemas, key, property));
  }
  return result;
}
