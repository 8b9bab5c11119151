import type { Json } from "../../json/json.js";

const MAX_DEPTH = 256;

/**
 * Characters of the value's JSON text, at least: control characters that are escaped count once. Stops as soon as the
 * limit is passed, because a value that shares its parts can be exponentially longer than its memory shows; then, and
 * for a value nested more than 256 levels deep, the result is `Infinity`.
 */
export function jsonSize(value: Json, limit: number): number {
  const left = measure(value, limit, 0);
  return left < 0 ? Number.POSITIVE_INFINITY : limit - left;
}

/** What is left of `left` after the value; negative when it is used up. */
function measure(value: Json, left: number, depth: number): number {
  if (typeof value === "string") return left - value.length - 2;
  if (typeof value !== "object" || value === null) return left - String(value).length;
  if (depth > MAX_DEPTH) return -1;
  let rest = left - 2;
  if (Array.isArray(value)) {
    for (const element of value) {
      rest = measure(element as Json, rest - 1, depth + 1);
      if (rest < 0) return rest;
    }
    return rest;
  }
  for (const [key, property] of Object.entries(value)) {
    rest = measure(property as Json, rest - key.length - 4, depth + 1);
    if (rest < 0) return rest;
  }
  return rest;
}
