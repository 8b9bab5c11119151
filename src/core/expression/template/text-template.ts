/**
 * Reads one text of a template into its parts.
 *
 * 1. A text that is exactly one reference, `$data.order.id` or `$data.note?`, or exactly one `${expression}`, is a
 *    `whole`: its value keeps its type.
 * 2. In any other text `${expression}` is filled in and `$$` is a dollar sign; every other dollar stays as it is.
 * 3. The end of `${` is found by parsing the expression, so braces and quotes inside it do not matter.
 */
import { closest, distance } from "fastest-levenshtein";
import { type CompiledExpression, compileExpression } from "../compile-expression.js";
import { MAX_INTERPOLATIONS, MAX_SOURCE_CHARS } from "../limits.js";
import { parseExpression } from "../parse-expression.js";
import { isRootName } from "../reference.js";
import { type ExpressionFault, ROOT_NAMES, type RootName } from "../scope.js";

export interface Reference {
  readonly kind: "reference";
  readonly path: readonly [RootName, ...(string | number)[]];
  /** Written with `?`: it may be absent. */
  readonly isOptional: boolean;
}

export interface Interpolation {
  readonly kind: "expression";
  readonly expression: CompiledExpression;
}

export type TextTemplate =
  | { readonly kind: "constant"; readonly text: string }
  | { readonly kind: "whole"; readonly part: Reference | Interpolation }
  | { readonly kind: "joined"; readonly parts: readonly (string | Interpolation)[] };

const NAME = String.raw`[\p{ID_Start}_][\p{ID_Continue}-]*`;
// Names with a hyphen are taken, because ids of actions may have one and nothing can be subtracted here.
const REFERENCE = new RegExp(String.raw`^\$(${NAME})((?:\.${NAME}|\[\d{1,9}\])*)(\?)?$`, "u");
const KEY = new RegExp(String.raw`\.(${NAME})|\[(\d+)\]`, "gu");

/** Faults are added to `faults`, with offsets into the text; then the result has no meaning. */
export function readTextTemplate(text: string, faults: ExpressionFault[]): TextTemplate {
  if (!text.includes("$")) return { kind: "constant", text };
  const reference = readReference(text, faults);
  if (reference !== undefined) return { kind: "whole", part: reference };
  const parts = readParts(text, faults);
  const [first, ...others] = parts;
  if (first === undefined) return { kind: "constant", text: "" };
  if (others.length > 0) return { kind: "joined", parts };
  return typeof first === "string" ? { kind: "constant", text: first } : { kind: "whole", part: first };
}

function readReference(text: string, faults: ExpressionFault[]): Reference | undefined {
  const match = REFERENCE.exec(text);
  if (match === null) return undefined;
  const [, root = "", keys = "", mark] = match;
  if (!isRootName(root)) {
    const nearest = closest(root, [...ROOT_NAMES]);
    // A slip of the pen must not be sent as text; other words after a dollar are texts.
    if (keys !== "" && root.length > 2 && distance(root, nearest) <= 2) {
      const hint = `Did you mean $${nearest}? Write $${text} for the text itself.`;
      faults.push({ code: "UNKNOWN_ROOT", offset: 1, message: `There is no "${root}" to refer to.`, hint });
    }
    return undefined;
  }
  const path = [...keys.matchAll(KEY)].map(([, name, index]) => name ?? Number(index));
  return { kind: "reference", path: [root, ...path], isOptional: mark === "?" };
}

/** The texts and interpolations in order; neighbouring texts are one. */
function readParts(text: string, faults: ExpressionFault[]): (string | Interpolation)[] {
  const parts: (string | Interpolation)[] = [];
  let literal = "";
  let at = 0;
  let interpolations = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar === -1) break;
    literal += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next !== "{") {
      literal += "$";
      at = dollar + (next === "$" ? 2 : 1);
      continue;
    }
    interpolations += 1;
    if (interpolations > MAX_INTERPOLATIONS) {
      const message = `The text has more than ${MAX_INTERPOLATIONS} places to fill in.`;
      faults.push({ code: "LIMIT", offset: dollar, message });
      return parts;
    }
    const { end, expression } = readInterpolation(text, dollar + 2, faults);
    if (end === undefined) return parts;
    at = end;
    if (literal !== "") parts.push(literal);
    literal = "";
    if (expression !== undefined) parts.push({ kind: "expression", expression });
  }
  literal += text.slice(at);
  if (literal !== "") parts.push(literal);
  return parts;
}

interface InterpolationEnd {
  /** The offset after the closing brace; `undefined` when it cannot be found. */
  readonly end?: number;
  readonly expression?: CompiledExpression;
}

function readInterpolation(text: string, start: number, faults: ExpressionFault[]): InterpolationEnd {
  // One character more than allowed, for the brace: the parser must not read on through a long text.
  const window = text.slice(start, start + MAX_SOURCE_CHARS + 1);
  const isCut = start + window.length < text.length;
  const parsed = parseExpression(window, 0);
  if (!parsed.ok) {
    const { fault } = parsed;
    const isTooLong = isCut && fault.code === "SYNTAX" && fault.offset >= window.length;
    faults.push(isTooLong ? tooLong(start) : { ...fault, offset: fault.offset + start });
    return {};
  }
  const close = parsed.end + (/^\s*/.exec(window.slice(parsed.end))?.[0].length ?? 0);
  if (window[close] !== "}") {
    faults.push(close >= window.length && isCut ? tooLong(start) : unclosed(start, start + close));
    return {};
  }
  const compiled = compileExpression(window.slice(0, close));
  const end = start + close + 1;
  if (compiled.ok) return { end, expression: compiled.expression };
  for (const fault of compiled.faults) faults.push({ ...fault, offset: fault.offset + start });
  return { end };
}

function tooLong(start: number): ExpressionFault {
  const message = `The expression has more than ${MAX_SOURCE_CHARS} characters, or is not closed with }.`;
  return { code: "LIMIT", offset: start, message };
}

function unclosed(start: number, offset: number): ExpressionFault {
  return {
    code: "SYNTAX",
    offset,
    message: `The expression that begins at offset ${start} is not closed with }.`,
    hint: "Write $${ for a dollar and a brace as text.",
  };
}
