/**
 * Values of a definition: what an expression gives, as the template that gives the same.
 *
 * 1. What depends on nothing is worked out here and stands there as a value.
 * 2. What is absent becomes null: data has no undefined.
 */
import { compileExpression } from "../../../core/expression/compile-expression.js";
import { EvaluationError } from "../../../core/expression/evaluation-error.js";
import { parseExpression } from "../../../core/expression/parse-expression.js";
import type { Json, JsonObject } from "../../../core/json/json.js";
import { isAlwaysThere } from "./condition-text.js";

const PLAIN_REFERENCE = /^(data|event|instance)((\.[\p{ID_Start}_][\p{ID_Continue}]*)*)$/u;

export function valueTemplate(text: string): Json {
  const constant = constantOf(text);
  if (constant !== undefined) return literalTemplate(constant);
  if (PLAIN_REFERENCE.test(text)) return `$${text}?`;
  const parsed = parseExpression(text, 0);
  return parsed.ok && isAlwaysThere(parsed.node) ? `\${${text}}` : `\${(${text}) ?? null}`;
}

/** The value of an expression that depends on nothing; `undefined` for every other. */
export function constantOf(text: string): Json | undefined {
  const compiled = compileExpression(text);
  if (!compiled.ok) return undefined;
  const { expression } = compiled;
  if (expression.references.length > 0 || expression.functions.size > 0) return undefined;
  try {
    const scope = { roots: {}, nowMs: 0, uuid: () => "", inState: () => false };
    return expression.evaluate(scope) ?? null;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** A value as a template that gives it as it is: its dollars are doubled. */
export function literalTemplate(value: Json): Json {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((element: Json) => literalTemplate(element));
  const entries = Object.entries(value as JsonObject);
  return Object.fromEntries(entries.map(([key, part]) => [key, literalTemplate(part)]));
}

/** An expression as part of a text: `${…}`, or the text itself where it is one. */
export function textTemplate(text: string): string {
  const constant = constantOf(text);
  if (typeof constant === "string") return constant.replaceAll("$", "$$$$");
  return `\${${text}}`;
}
