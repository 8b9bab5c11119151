/**
 * Expressions and templates over odd scopes: soups of tokens and mutated sound texts, evaluated over data with names that
 * every object has and values at the edges. Nothing but an EvaluationError, nothing of the host, nothing changed.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "../../src/core/expression/compile-expression.js";
import { compileTemplate } from "../../src/core/expression/compile-template.js";
import { EvaluationError } from "../../src/core/expression/evaluation-error.js";
import type { Scope, Value } from "../../src/core/expression/scope.js";
import { canonicalJson } from "../../src/core/json/canonical-json.js";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { fuzzRuns, fuzzTimeoutMs } from "./fuzz-runs.js";

const NAMES = [
  "a",
  "list",
  "constructor",
  "__proto__",
  "toString",
  "length",
  "hasOwnProperty",
  "valueOf",
  "",
];

const TEXTS = [
  "data.a > 0 && data.list !== undefined",
  "size(data.list) > 2 ? data.list[0] : data['constructor']",
  "map(data.list, x => x.constructor ?? {a: x, toString: 1})",
  "filter(data.list, x => contains(string(x), data.a))",
  "round(number(data.a) * 1.1, 2) + sum(data.list)",
  "date(data.a) < now() || duration('P1M') === data.list",
  "lower(data.toString) + `x` + data['__proto__']",
  "exists(event.data.valueOf) ? variables : actions.length.result",
  "data in data || 'length' in data.list || inState('constructor')",
  "[data, event, variables, [uuid()], {k: data.a}]",
];

const TOKENS = [
  ..."()[]{}.,:?!+-*/%<>=&|'\"`\\$ ".split(""),
  ..."=== !== && || ?? => null true undefined 0 1e308 -0 'a' ${ } $$ $data $data.a? data event variables".split(
    " ",
  ),
  ...NAMES,
];

const oddJson: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    1e308,
    -0,
    5e-324,
    "",
    "x".repeat(2_000),
    [],
    {},
    [[[]]],
    "\ud83d",
    "a\0b",
    "2026-01-01",
    "P1D",
  ),
  fc.array(fc.integer(), { minLength: 200, maxLength: 300 }),
);

/** Objects as `JSON.parse` makes them: `__proto__` can be an own property. */
const oddData: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), oddJson), { maxLength: 6 })
  .map((members) => {
    const object = {};
    for (const [key, value] of members)
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    return object;
  });

const source: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc
    .tuple(
      fc.constantFrom(...TEXTS),
      fc.nat(200),
      fc.nat(10),
      fc.array(fc.constantFrom(...TOKENS), { maxLength: 3 }),
    )
    .map(([text, at, cut, tokens]) => {
      const from = at % text.length;
      return text.slice(0, from) + tokens.join("") + text.slice(from + cut);
    }),
  fc.array(fc.constantFrom(...TOKENS), { maxLength: 20 }).map((tokens) => tokens.join("")),
  fc.array(fc.constantFrom(...TOKENS), { maxLength: 20 }).map((tokens) => tokens.join(" ")),
);

const template: fc.Arbitrary<Json> = fc.oneof(
  source.map((text) => `\${${text}}`),
  fc.tuple(source, source).map(([one, other]) => `x \${${one}} $$ \${${other}} y`),
  source.map((text) => `$${text}`),
  fc
    .tuple(source, fc.constantFrom(...NAMES))
    .map(([text, name]) => [{ [name]: `\${${text}}` }, `$data.${name}?`, 1]),
);

function scopeOf(data: JsonObject): Scope {
  return {
    roots: { data, variables: data, event: { id: "e", data }, actions: data, response: [data] },
    nowMs: 0,
    uuid: () => "00000000-0000-4000-8000-000000000000",
    inState: () => false,
  };
}

/** Plain JSON, all the way: no function, no prototype, nothing that only the host has. */
function isPlain(value: Value | unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Array.prototype && prototype !== Object.prototype && prototype !== null) return false;
  if (value === Object.prototype || value === Array.prototype) return false;
  return Object.keys(value).every((key) => isPlain((value as { [key: string]: unknown })[key]));
}

/** The value; `undefined` where there is none because the text is refused or cannot be evaluated. */
function outcomeOf(compiled: { ok: boolean }, evaluate: () => unknown): unknown {
  if (!compiled.ok) return undefined;
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    expect(error.message).not.toBe("");
    return undefined;
  }
}

const SHARE = 0.24;

describe("over odd scopes", () => {
  it(
    "an expression gives JSON, nothing, or an EvaluationError",
    () => {
      let valuesCount = 0;
      fc.assert(
        fc.property(source, oddData, (text, data) => {
          const before = canonicalJson(data);
          const compiled = compileExpression(text);
          const value = outcomeOf(compiled, () => compiled.ok && compiled.expression.evaluate(scopeOf(data)));
          expect(isPlain(value)).toBe(true);
          if (value !== undefined) valuesCount += 1;
          expect(canonicalJson(data)).toBe(before);
        }),
        fuzzRuns(SHARE / 2),
      );
      expect(valuesCount).toBeGreaterThan(fuzzRuns(SHARE / 2).numRuns / 20);
    },
    fuzzTimeoutMs(SHARE),
  );

  it(
    "a template gives JSON or an EvaluationError",
    () => {
      let valuesCount = 0;
      fc.assert(
        fc.property(template, oddData, (text, data) => {
          const before = canonicalJson(data);
          const compiled = compileTemplate(text);
          const value = outcomeOf(compiled, () => compiled.ok && compiled.template.render(scopeOf(data)));
          expect(isPlain(value)).toBe(true);
          if (value !== undefined) valuesCount += 1;
          expect(canonicalJson(data)).toBe(before);
          expect(({} as { a?: Json }).a).toBeUndefined();
        }),
        fuzzRuns(SHARE / 2),
      );
      expect(valuesCount).toBeGreaterThan(fuzzRuns(SHARE / 2).numRuns / 20);
    },
    fuzzTimeoutMs(SHARE),
  );
});
