/**
 * Foreign texts: 5,000 soups of tokens and 5,000 generated expressions that compile. Whatever they are, they are
 * answered; what they give is JSON of their data and nothing of the host.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "./compile-expression.js";
import { EvaluationError } from "./evaluation-error.js";
import { FUNCTION_NAMES } from "./functions/function-names.js";
import { ROOT_NAMES, type Value } from "./scope.js";
import { scopeOf } from "./testing/evaluate.js";

const HOSTILE = [
  "constructor",
  "__proto__",
  "prototype",
  "toString",
  "valueOf",
  "length",
  "call",
  "__defineGetter__",
];

const DATA = {
  amount: 12.5,
  status: "open",
  flag: true,
  none: null,
  order: { id: "o-1", lines: [{ price: 3 }, { price: 4 }] },
  list: [3, 1, 2],
};

/** False for what is no plain JSON: functions, objects of other prototypes, numbers that are not finite, holes. */
function isJson(value: Value): boolean {
  if (value === undefined || value === null || typeof value === "string" || typeof value === "boolean")
    return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype)
    return (value as readonly Value[]).every((part) => part !== undefined && isJson(part));
  // Object.prototype itself has no prototype, so that it would be found here.
  return prototype === Object.prototype && Object.values(value).every((part) => isJson(part as Value));
}

/** Compiles and evaluates; true when it compiled. */
function attempt(source: string): boolean {
  const result = compileExpression(source);
  if (!result.ok) {
    expect(result.faults.length).toBeGreaterThan(0);
    for (const { offset, message } of result.faults) {
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThanOrEqual(source.length);
      expect(message).not.toBe("");
    }
    return false;
  }
  const before = JSON.stringify(DATA);
  try {
    expect(isJson(result.expression.evaluate(scopeOf(DATA)))).toBe(true);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
  }
  expect(JSON.stringify(DATA)).toBe(before);
  return true;
}

describe("Any text is answered", () => {
  it("soups of tokens", () => {
    const token = fc.constantFrom(
      ..."()[]{}.,:?!+-*/%<>=&|`'\"\\;~^#@".split(""),
      ..."=== !== == != <= >= && || ?? ?. => ... ** ++ new in of typeof this class function async await".split(
        " ",
      ),
      ..."import yield super let delete void null true undefined 0 1 1.5 1e9 1n 0x1f 'a' \"b\" `c` ${ x data".split(
        " ",
      ),
      ...ROOT_NAMES,
      ...FUNCTION_NAMES,
      ...HOSTILE,
      "data.amount",
      "data.list",
      "x => x",
      "//",
      "/*",
      "\n",
      " ",
      "\u2028",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), fc.constantFrom("", " "), (tokens, glue) => {
        attempt(tokens.join(glue));
      }),
      { numRuns: 5000 },
    );
  });

  it("texts of any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (source) => {
        attempt(source);
      }),
      { numRuns: 1000 },
    );
  });
});

const { expression } = fc.letrec<{ expression: string; operand: string; member: string }>((tie) => ({
  operand: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      "data.amount",
      "data.status",
      "data.list",
      "data.order.lines",
      "data.missing",
      "data",
      "event.id",
    ),
    fc.constantFrom("1", "0", "-2.5", "'a'", "''", "null", "true", "false", "undefined", "[]", "{}", "now()"),
    tie("member"),
    tie("expression").map((inner) => `(${inner})`),
  ),
  member: fc.oneof(
    fc
      .tuple(tie("operand"), fc.constantFrom(...HOSTILE, "id", "price"))
      .map(([object, key]) => `${object}?.${key}`),
    fc.tuple(tie("operand"), tie("expression")).map(([object, key]) => `(${object})[${key}]`),
    fc.tuple(tie("operand"), fc.constantFrom(...HOSTILE)).map(([object, key]) => `(${object})['${key}']`),
  ),
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("operand"),
    fc
      .tuple(
        tie("operand"),
        fc.constantFrom(
          "+",
          "-",
          "*",
          "/",
          "%",
          "<",
          "<=",
          ">",
          ">=",
          "==",
          "!=",
          "===",
          "!==",
          "&&",
          "||",
          "in",
        ),
        tie("operand"),
      )
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    fc.tuple(tie("operand"), tie("operand")).map(([left, right]) => `(${left} ?? ${right})`),
    fc.tuple(fc.constantFrom("!", "-", "+"), tie("operand")).map(([sign, operand]) => `${sign}(${operand})`),
    fc
      .tuple(tie("operand"), tie("operand"), tie("operand"))
      .map(([test, yes, no]) => `${test} ? ${yes} : ${no}`),
    fc.array(tie("operand"), { maxLength: 3 }).map((elements) => `[${elements.join(", ")}]`),
    fc
      .array(fc.tuple(fc.constantFrom("a", "b", "constructor", "toString"), tie("operand")), { maxLength: 3 })
      .map((properties) => `({ ${properties.map(([name, value]) => `${name}: ${value}`).join(", ")} })`),
    fc
      .tuple(
        fc.constantFrom("lower", "size", "string", "number", "round", "abs", "sum", "date", "exists"),
        tie("operand"),
      )
      .map(([name, operand]) => `${name}(${operand})`),
    fc
      .tuple(fc.constantFrom("contains", "min", "max", "startsWith"), tie("operand"), tie("operand"))
      .map(([name, left, right]) => `${name}(${left}, ${right})`),
    fc
      .tuple(fc.constantFrom("all", "any", "map", "filter"), tie("operand"), tie("operand"))
      .map(([name, list, body]) => `${name}(${list}, x => ${body === "{}" ? "x" : body} || x)`),
  ),
}));

describe("An expression that compiles", () => {
  it("gives JSON or an EvaluationError, and changes nothing", () => {
    let compiledRuns = 0;
    fc.assert(
      fc.property(expression, (source) => {
        if (attempt(source)) compiledRuns += 1;
      }),
      { numRuns: 5000 },
    );
    // The generator is to show evaluation, not refusal.
    expect(compiledRuns).toBeGreaterThan(4500);
  });

  it("never shows what data only inherits", () => {
    const key = fc.constantFrom(
      ...HOSTILE,
      "hasOwnProperty",
      "isPrototypeOf",
      "caller",
      "arguments",
      "map",
      "at",
    );
    const holder = fc.constantFrom(
      "data",
      "data.order",
      "data.list",
      "data.status",
      "data.amount",
      "data.flag",
      "now()",
      "[]",
      "{}",
      "'a'",
    );
    fc.assert(
      fc.property(holder, key, key, (object, first, second) => {
        for (const source of [
          `(${object}).${first}`,
          `(${object})['${first}']`,
          `(${object})['${first.slice(0, 3)}' + '${first.slice(3)}']`,
          `(${object}).${first}.${second}`,
        ]) {
          const result = compileExpression(source);
          expect(result.ok && result.expression.evaluate(scopeOf(DATA)) === undefined).toBe(true);
        }
        const asked = compileExpression(`'${first}' in (${object})`);
        expect(asked.ok && asked.expression.evaluate(scopeOf(DATA)) === false).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
