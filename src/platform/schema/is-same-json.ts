import { isJsonObject, type Json } from "../../core/json/json.js";

/**
 * Whether two JSON values are equal; the order of properties does not matter. Every property is only data here: the
 * equality that ajv brings along calls `valueOf` and `toString` of what it compares, and somebody may have sent those.
 */
export function isSameJson(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    const others = Array.isArray(other) ? (other as readonly Json[]) : undefined;
    return (
      others?.length === one.length &&
      (one as readonly Json[]).every((item, at) => isSameJson(item, others[at] ?? null))
    );
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameJson(one[name] ?? null, other[name] ?? null))
  );
}
