/** Masks what a definition calls sensitive wherever data leaves the engine. */
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";

const MASK = "***";

/** A copy of the data in which the value at each RFC 6901 pointer is replaced; pointers that lead nowhere do nothing. */
export function maskData(data: JsonObject, pointers: readonly string[]): JsonObject {
  let masked: Json = data;
  for (const pointer of pointers) masked = maskAt(masked, pointerParts(pointer));
  return masked as JsonObject;
}

function maskAt(value: Json, parts: readonly string[]): Json {
  const [part, ...rest] = parts;
  if (part === undefined) return MASK;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (String(index) === part ? maskAt(item, rest) : item));
  if (!isJsonObject(value) || !Object.hasOwn(value, part)) return value;
  return { ...value, [part]: maskAt(value[part] ?? null, rest) };
}

function pointerParts(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
