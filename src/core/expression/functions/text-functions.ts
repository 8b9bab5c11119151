/** Functions of texts. Letters are mapped by Unicode, never by a locale; lengths are counted in code points. */
import { canonicalJson } from "../../json/canonical-json.js";
import type { Evaluation } from "../evaluation.js";
import { EvaluationError } from "../evaluation-error.js";
import { MAX_TEXT_CHARS } from "../limits.js";
import type { Value } from "../scope.js";
import { includesEqual } from "../values/equality.js";
import { jsonSize } from "../values/json-size.js";
import { type CallSite, type FunctionRule, isList, textArgument, wrongKind } from "./call-site.js";

export const TEXT_FUNCTIONS: { readonly [name: string]: FunctionRule } = {
  size: {
    minArguments: 1,
    maxArguments: 1,
    usage: "size(text, list or object)",
    body: ([value], evaluation, site) => {
      if (value === undefined) return undefined;
      if (typeof value === "string") return codePoints(value, evaluation);
      if (isList(value)) return value.length;
      if (typeof value !== "object" || value === null)
        throw wrongKind(site, 0, value, "a text, a list or an object");
      const { length } = Object.keys(value);
      evaluation.charge(length);
      return length;
    },
  },
  contains: {
    minArguments: 2,
    maxArguments: 2,
    usage: "contains(text, part) or contains(list, element)",
    body: (values, evaluation, site) => {
      const [holder, part] = values;
      if (holder === undefined || part === undefined) return false;
      if (isList(holder)) return includesEqual(holder, part, evaluation);
      if (typeof holder !== "string") throw wrongKind(site, 0, holder, "a text or a list");
      const needle = textArgument(values, 1, site);
      // The host's search may compare every place with the whole part: that is what is paid for.
      evaluation.charge(Math.ceil((holder.length * needle.length) / 32_768));
      return holder.includes(needle);
    },
  },
  startsWith: edgeFunction("startsWith", (text, part) => text.startsWith(part)),
  endsWith: edgeFunction("endsWith", (text, part) => text.endsWith(part)),
  lower: mappingFunction("lower", (text) => text.toLowerCase()),
  upper: mappingFunction("upper", (text) => text.toUpperCase()),
  trim: mappingFunction("trim", (text) => text.trim()),
  string: {
    minArguments: 1,
    maxArguments: 1,
    usage: "string(value)",
    body: ([value], evaluation) => (value === undefined ? undefined : asText(value, evaluation)),
  },
};

/** A value as text: texts as they are, everything else as canonical JSON. */
export function asText(value: Exclude<Value, undefined>, evaluation: Evaluation): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  if (jsonSize(value, MAX_TEXT_CHARS) > MAX_TEXT_CHARS) {
    throw new EvaluationError(`The expression makes a text of more than ${MAX_TEXT_CHARS} characters.`);
  }
  const text = canonicalJson(value);
  evaluation.charge(text.length >> 4);
  return evaluation.madeText(text);
}

function codePoints(text: string, evaluation: Evaluation): number {
  evaluation.chargeText(text.length);
  let count = text.length;
  for (let index = 1; index < text.length; index += 1) {
    const isLow = (text.charCodeAt(index) & 0xfc00) === 0xdc00;
    if (isLow && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800) count -= 1;
  }
  return count;
}

function edgeFunction(name: string, isAtEdge: (text: string, part: string) => boolean): FunctionRule {
  return {
    minArguments: 2,
    maxArguments: 2,
    usage: `${name}(text, part)`,
    body: (values, evaluation, site) => {
      if (values[0] === undefined || values[1] === undefined) return false;
      const part = textArgument(values, 1, site);
      evaluation.chargeText(part.length);
      return isAtEdge(textArgument(values, 0, site), part);
    },
  };
}

function mappingFunction(name: string, map: (text: string) => string): FunctionRule {
  return {
    minArguments: 1,
    maxArguments: 1,
    usage: `${name}(text)`,
    body: (values: readonly Value[], evaluation: Evaluation, site: CallSite) => {
      if (values[0] === undefined) return undefined;
      const text = textArgument(values, 0, site);
      evaluation.chargeText(text.length);
      return evaluation.madeText(map(text));
    },
  };
}
