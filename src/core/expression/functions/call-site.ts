/**
 * What the functions of expressions share.
 *
 * 1. What is absent stays absent: a function of an absent argument gives `undefined`, a question about it is answered
 *    with false, so that `size(data.items) > 0` is false while there are no items.
 * 2. An argument of the wrong kind is an error that names the argument.
 */
import type { Json } from "../../json/json.js";
import type { Evaluation } from "../evaluation.js";
import { EvaluationError } from "../evaluation-error.js";
import type { Value } from "../scope.js";
import { valueKind } from "../values/value-kind.js";

/** Where a function is called, for messages. */
export interface CallSite {
  readonly name: string;
  readonly parameters: readonly { readonly text: string; readonly path: string | undefined }[];
}

export type FunctionBody = (values: readonly Value[], evaluation: Evaluation, site: CallSite) => Value;

export interface FunctionRule {
  readonly minArguments: number;
  readonly maxArguments: number;
  /** How it is written, for hints. */
  readonly usage: string;
  readonly body: FunctionBody;
}

/** The error for an argument that is not what the function takes. */
export function wrongKind(site: CallSite, index: number, value: Value, takes: string): EvaluationError {
  const parameter = site.parameters[index];
  const text = parameter?.text ?? "an argument";
  return new EvaluationError(
    `${site.name}: ${text} is ${valueKind(value)}; it must be ${takes}.`,
    parameter?.path,
  );
}

export function textArgument(values: readonly Value[], index: number, site: CallSite): string {
  const value = values[index];
  if (typeof value === "string") return value;
  throw wrongKind(site, index, value, "a text");
}

export function numberArgument(values: readonly Value[], index: number, site: CallSite): number {
  const value = values[index];
  if (typeof value === "number") return value;
  throw wrongKind(site, index, value, "a number");
}

export function isList(value: Value): value is readonly Json[] {
  return Array.isArray(value);
}
