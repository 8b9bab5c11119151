/** Literals: constants, and the lists and objects that an expression builds. */
import type { ArrayExpression, Literal, ObjectExpression, Property, TemplateLiteral } from "acorn";
import type { Json } from "../../json/json.js";
import { isLosslessNumber } from "../../json/lossless-number.js";
import type { Evaluator } from "../evaluation.js";
import { ABSENT, type Compiling } from "./compiling.js";
import { forbid } from "./forbidden.js";

export function compileLiteral(node: Literal, compiling: Compiling): Evaluator {
  const { value } = node;
  if (node.regex !== undefined) {
    return compiling.fault(
      "FORBIDDEN",
      node,
      "A regular expression is not part of an expression.",
      "Use contains, startsWith or endsWith, or put a pattern into the schema of the data.",
    );
  }
  if (typeof value === "number") return compileNumber(node, value, compiling);
  if (typeof value === "string") return compileText(node, value, compiling);
  if (typeof value === "boolean" || value === null) return () => value;
  return compiling.fault(
    "FORBIDDEN",
    node,
    "A big integer is not part of an expression.",
    "Leave out the n.",
  );
}

function compileNumber(node: Literal, value: number, compiling: Compiling): Evaluator {
  const raw = (node.raw ?? "").replaceAll("_", "");
  if (/^0[a-z]/i.test(raw)) {
    return compiling.fault("FORBIDDEN", node, `${raw} is not a decimal number.`, `Write ${value}.`);
  }
  const decimal = raw.replace(/^\./, "0.").replace(/\.(?=$|e)/i, "");
  if (!isLosslessNumber(decimal)) {
    const hint = Number.isFinite(value) ? `It would be read as ${value}.` : "It is too large.";
    return compiling.fault(
      "FORBIDDEN",
      node,
      `The number ${compiling.textOf(node)} cannot be kept exactly.`,
      hint,
    );
  }
  return () => value;
}

function compileText(node: { start: number }, value: string, compiling: Compiling): Evaluator {
  // With the flag u only a surrogate without its partner matches: neither is JSON that can be stored.
  if (value.includes("\0") || /[\ud800-\udfff]/u.test(value)) {
    return compiling.fault("FORBIDDEN", node, "A text has no NUL and no half of a surrogate pair.");
  }
  return () => value;
}

export function compileTemplateLiteral(node: TemplateLiteral, compiling: Compiling): Evaluator {
  const [quasi] = node.quasis;
  if (node.expressions.length > 0 || quasi === undefined) {
    return compiling.fault(
      "FORBIDDEN",
      node,
      "A text in backquotes has nothing to fill in inside an expression.",
      "Join texts with +.",
    );
  }
  return compileText(node, quasi.value.cooked ?? quasi.value.raw, compiling);
}

/** Elements that are absent become null: a list has no holes. */
export function compileArray(node: ArrayExpression, compiling: Compiling): Evaluator {
  compiling.builds = true;
  const elements = node.elements.map((element) => {
    if (element === null) return compiling.fault("FORBIDDEN", node, "A list has no holes.", "Write null.");
    if (element.type !== "SpreadElement") return compiling.compile(element);
    forbid(element, compiling);
    return ABSENT;
  });
  return (evaluation) => elements.map((element) => element(evaluation) ?? null);
}

/** Properties whose value is absent are left out. */
export function compileObject(node: ObjectExpression, compiling: Compiling): Evaluator {
  compiling.builds = true;
  const properties: (readonly [string, Evaluator])[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      forbid(property, compiling);
      continue;
    }
    const key = propertyName(property);
    if (key === undefined || property.kind !== "init" || property.method) {
      compiling.fault("FORBIDDEN", property, "An object has plain names and values only.");
      continue;
    }
    if (key === "__proto__") {
      compiling.fault(
        "FORBIDDEN",
        property,
        "A property cannot be called __proto__ here.",
        "Choose another name.",
      );
      continue;
    }
    properties.push([key, compiling.compile(property.value)]);
  }
  return (evaluation) => {
    const object: { [key: string]: Json } = {};
    for (const [key, evaluator] of properties) {
      const value = evaluator(evaluation);
      if (value !== undefined) object[key] = value;
    }
    return object;
  };
}

function propertyName(property: Property): string | undefined {
  const { key } = property;
  if (property.computed) return undefined;
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" && key.value !== null ? String(key.value) : undefined;
}
