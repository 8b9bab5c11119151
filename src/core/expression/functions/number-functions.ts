/** Functions of numbers. All of them compute on decimals (`values/decimal.ts`). */

import { isLosslessNumber } from "../../json/lossless-number.js";
import type { Evaluation } from "../evaluation.js";
import { EvaluationError } from "../evaluation-error.js";
import type { Value } from "../scope.js";
import { addDecimals, roundDecimal } from "../values/decimal.js";
import { type CallSite, type FunctionRule, isList, numberArgument, wrongKind } from "./call-site.js";

/** As many digits as a double can hold after the point of a number below 1. */
const MAX_FRACTION_DIGITS = 20;

const MAX_NUMBER_CHARS = 400;

export const NUMBER_FUNCTIONS: { readonly [name: string]: FunctionRule } = {
  number: {
    minArguments: 1,
    maxArguments: 1,
    usage: "number(text)",
    body: ([value], _evaluation, site) => {
      if (value === undefined || typeof value === "number") return value;
      if (typeof value !== "string") throw wrongKind(site, 0, value, "a text or a number");
      return parseNumber(value, site);
    },
  },
  round: {
    minArguments: 1,
    maxArguments: 2,
    usage: "round(number) or round(number, digits)",
    body: (values, _evaluation, site) => {
      if (values[0] === undefined) return undefined;
      const digits = values.length === 1 ? 0 : numberArgument(values, 1, site);
      if (!Number.isInteger(digits) || digits < 0 || digits > MAX_FRACTION_DIGITS) {
        throw new EvaluationError(
          `round: the digits must be a whole number from 0 to ${MAX_FRACTION_DIGITS}.`,
        );
      }
      return roundDecimal(numberArgument(values, 0, site), digits);
    },
  },
  floor: numberFunction("floor", (value) => Math.floor(value) + 0),
  ceil: numberFunction("ceil", (value) => Math.ceil(value) + 0),
  abs: numberFunction("abs", (value) => Math.abs(value)),
  min: extremeFunction("min", (value, best) => value < best),
  max: extremeFunction("max", (value, best) => value > best),
  sum: {
    minArguments: 1,
    maxArguments: 1,
    usage: "sum(list)",
    body: ([list], evaluation, site) => {
      if (list === undefined) return undefined;
      if (!isList(list)) throw wrongKind(site, 0, list, "a list of numbers");
      return sumOf(list, evaluation, site);
    },
  },
};

function sumOf(list: readonly Value[], evaluation: Evaluation, site: CallSite): number {
  evaluation.charge(list.length);
  let total = 0;
  for (const value of list) {
    if (typeof value !== "number") throw wrongKind(site, 0, list as Value, "a list of numbers only");
    const next = addDecimals(total, value);
    if (next === undefined) throw new EvaluationError("sum: the result is out of range.");
    total = next;
  }
  return total;
}

function parseNumber(text: string, site: CallSite): number {
  const trimmed = text.length > MAX_NUMBER_CHARS ? "" : text.trim();
  if (!/^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/.test(trimmed)) {
    throw new EvaluationError(`number: the text is not a decimal number.`, site.parameters[0]?.path);
  }
  if (!isLosslessNumber(trimmed)) {
    throw new EvaluationError("number: the number cannot be kept exactly.", site.parameters[0]?.path);
  }
  return Number(trimmed) + 0;
}

function numberFunction(name: string, apply: (value: number) => number): FunctionRule {
  return {
    minArguments: 1,
    maxArguments: 1,
    usage: `${name}(number)`,
    body: (values, _evaluation, site) =>
      values[0] === undefined ? undefined : apply(numberArgument(values, 0, site)),
  };
}

/** The least or greatest of a list or of the arguments, all numbers or all texts; of an empty list nothing. */
function extremeFunction(
  name: string,
  isBetter: (value: number | string, best: number | string) => boolean,
): FunctionRule {
  return {
    minArguments: 1,
    maxArguments: 100,
    usage: `${name}(list) or ${name}(a, b)`,
    body: (values, evaluation, site) => {
      const [first] = values;
      const candidates: readonly Value[] = values.length === 1 && isList(first) ? first : values;
      evaluation.charge(candidates.length);
      let best: number | string | undefined;
      for (const [index, value] of candidates.entries()) {
        if (value === undefined) return undefined;
        const fits = typeof value === "number" || typeof value === "string";
        if (!fits || (best !== undefined && typeof best !== typeof value)) {
          throw wrongKind(site, candidates === values ? index : 0, value, "all numbers or all texts");
        }
        if (best === undefined || isBetter(value, best)) best = value;
      }
      return best;
    },
  };
}
