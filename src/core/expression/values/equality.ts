/**
 * Equality and truth of values. Primitives are equal by value and kind, arrays and objects when their JSON is: the order
 * of properties does not matter. What is absent equals only what is absent.
 */
import type { Json } from "../../json/json.js";
import type { Evaluation } from "../evaluation.js";
import { EvaluationError } from "../evaluation-error.js";
import { MAX_VALUE_DEPTH } from "../limits.js";
import type { Value } from "../scope.js";

export function isEqual(left: Value, right: Value, evaluation: Evaluation): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  return isDeepEqual(left, right, evaluation, 0);
}

type Composite = Exclude<Json, null | boolean | number | string>;

function isDeepEqual(left: Composite, right: Composite, evaluation: Evaluation, depth: number): boolean {
  // Values may be nested once in data and once more by the expression that holds them.
  if (depth > 2 * MAX_VALUE_DEPTH) throw new EvaluationError("The values compared are nested too deeply.");
  const isList = Array.isArray(left);
  if (isList !== Array.isArray(right)) return false;
  const leftKeys = Object.keys(left);
  if (leftKeys.length !== Object.keys(right).length) return false;
  evaluation.charge(leftKeys.length + 1);
  for (const key of leftKeys) {
    if (!Object.hasOwn(right, key)) return false;
    const a = (left as { readonly [key: string]: Json })[key];
    const b = (right as { readonly [key: string]: Json })[key];
    if (a === b) continue;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (!isDeepEqual(a, b, evaluation, depth + 1)) return false;
  }
  return true;
}

/** JavaScript's truthiness: false, 0, "", null and what is absent are not true. */
export function isTrue(value: Value): boolean {
  return Boolean(value);
}

/** True when an element of the list equals the value. */
export function includesEqual(list: readonly Json[], value: Value, evaluation: Evaluation): boolean {
  evaluation.charge(list.length);
  return list.some((element) => isEqual(element, value, evaluation));
}
