/**
 * Compiles an expression once into closures; evaluating it afterwards reads no text.
 *
 * 1. Evaluating is pure: time, identifiers and the configuration come with the scope.
 * 2. It is total within limits: it gives a value or throws `EvaluationError`, and never anything else.
 * 3. Only own properties of plain JSON are visible; nothing reaches a prototype, a method or the host.
 */
import { Evaluation } from "./evaluation.js";
import { EvaluationError } from "./evaluation-error.js";
import { MAX_RESULT_CHARS, MAX_SOURCE_CHARS } from "./limits.js";
import { compileNode } from "./nodes/compile-node.js";
import { Compiling } from "./nodes/compiling.js";
import { parseExpression } from "./parse-expression.js";
import type { ExpressionFault, ReferencePath, Scope, Value } from "./scope.js";
import { jsonSize } from "./values/json-size.js";

export interface CompiledExpression {
  readonly source: string;
  /** Throws `EvaluationError`: operand of a wrong kind, division by zero, limit passed. */
  readonly evaluate: (scope: Scope) => Value;
  /** Every path it reads, each once, in the order of the text; the element of a list is not part of a path. */
  readonly references: readonly ReferencePath[];
  /** The functions it calls. */
  readonly functions: ReadonlySet<string>;
  /** The states that `inState` asks for. */
  readonly statesAsked: ReadonlySet<string>;
}

export type CompiledOrFaults =
  | { readonly ok: true; readonly expression: CompiledExpression }
  | { readonly ok: false; readonly faults: readonly ExpressionFault[] };

const NO_LOCALS: Value[] = [];

/**
 * The language is a subset of JavaScript's expressions. Where JavaScript would surprise, it differs:
 *
 * - `==` is `===`; arrays and objects are equal when their JSON is.
 * - A comparison (`< <= > >= == ===`) with a missing property is false. `!=` and `!==` are the exact negation of
 *   `==`, so `data.status !== 'failed'` is true while there is no status, and `data.x === undefined` asks whether it
 *   is missing (as does `!exists(data.x)`).
 * - A member of what is absent is absent; `?.` is a synonym of `.`. Texts and lists have no `length`: use `size`.
 * - `+` joins a text with a text, number or boolean and otherwise adds numbers; arithmetic is decimal, so that
 *   `0.1 + 0.2 === 0.3`; operands of another kind and a division by zero are errors.
 * - `in` asks for an own key of an object or an equal element of a list.
 * - Dates are texts: `date(text)` brings one into the form of `now()`, so that they compare; `date(text, 'P1D')` adds a
 *   duration by the calendar of UTC.
 *
 * All faults are told at once, ordered by their offset; of syntax errors only the first can be known.
 */
export function compileExpression(source: string): CompiledOrFaults {
  const blocked = unreadable(source);
  if (blocked !== undefined) return { ok: false, faults: [blocked] };
  const parsed = parseExpression(source, 0);
  if (!parsed.ok) return { ok: false, faults: [parsed.fault] };
  const compiling = new Compiling(source, compileNode);
  const evaluator = compiling.compile(parsed.node);
  const rest = source.slice(parsed.end);
  if (rest.trim() !== "") {
    const offset = parsed.end + rest.length - rest.trimStart().length;
    compiling.fault("SYNTAX", { start: offset }, "There is something after the end of the expression.");
  }
  if (compiling.faults.length > 0) {
    return { ok: false, faults: compiling.faults.toSorted((a, b) => a.offset - b.offset) };
  }
  const { cost, localSlots, builds, references, functions, statesAsked } = compiling;
  const run = (scope: Scope): Value =>
    evaluator(new Evaluation(scope, localSlots === 0 ? NO_LOCALS : new Array<Value>(localSlots), cost));
  const evaluate = builds ? (scope: Scope) => boundedResult(run(scope)) : run;
  return { ok: true, expression: { source, evaluate, references, functions, statesAsked } };
}

function unreadable(source: string): ExpressionFault | undefined {
  if (source.length > MAX_SOURCE_CHARS) {
    const message = `The expression has ${source.length} characters; at most ${MAX_SOURCE_CHARS} are allowed.`;
    return { code: "LIMIT", offset: MAX_SOURCE_CHARS, message };
  }
  if (source.trim() === "") {
    return {
      code: "SYNTAX",
      offset: 0,
      message: "The expression is empty.",
      hint: 'Write "true" for always.',
    };
  }
  return undefined;
}

/** A built value may share its parts and be far longer as text than it is in memory. */
function boundedResult(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (jsonSize(value, MAX_RESULT_CHARS) <= MAX_RESULT_CHARS) return value;
  throw new EvaluationError(`The expression makes a value of more than ${MAX_RESULT_CHARS} characters.`);
}
