import type { Value } from "../scope.js";

/** What a value is, in words for error messages. The value itself stays out of them: it may be sensitive. */
export function valueKind(value: Value): string {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    default:
      return "an object";
  }
}
