/** For tests: compiling and evaluating in one call, with a scope that is the same each time. */
import type { JsonObject } from "../../json/json.js";
import { type CompiledExpression, compileExpression } from "../compile-expression.js";
import type { ExpressionFault, Scope, Value } from "../scope.js";

/** 2026-03-01T12:00:00.000Z. */
export const NOW_MS = 1_772_366_400_000;

export function scopeOf(data: JsonObject, others: Scope["roots"] = {}): Scope {
  let drawn = 0;
  return {
    roots: { data, ...others },
    nowMs: NOW_MS,
    uuid: () => {
      drawn += 1;
      return `00000000-0000-4000-8000-${String(drawn).padStart(12, "0")}`;
    },
    inState: (stateId) => stateId === "verify",
  };
}

export function compiled(source: string): CompiledExpression {
  const result = compileExpression(source);
  if (result.ok) return result.expression;
  throw new Error(`${source}: ${result.faults.map(({ message }) => message).join(" ")}`);
}

export function evaluate(source: string, data: JsonObject): Value {
  return compiled(source).evaluate(scopeOf(data));
}

export function faultsOf(source: string): readonly ExpressionFault[] {
  const result = compileExpression(source);
  return result.ok ? [] : result.faults;
}
