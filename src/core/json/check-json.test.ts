import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.js";
import { canonicalBytes } from "./canonical-size.js";
import { checkJson, MAX_DATA_BYTES } from "./check-json.js";
import type { Json } from "./json.js";
import { parseJsonText } from "./parse-json.js";

const json = fc.json({ noUnicodeString: false, maxDepth: 5 }).map((text) => JSON.parse(text) as Json);

function problemOf(given: unknown): string {
  const checked = checkJson(given);
  return checked.ok ? "taken" : `${checked.problem.code} ${checked.problem.path} ${checked.problem.message}`;
}

function nested(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { in: value };
  return value;
}

describe("a value that is JSON", () => {
  it("is taken exactly when its text is, and then as a copy with the same canonical text", () => {
    fc.assert(
      fc.property(json, (value) => {
        const checked = checkJson(value);
        expect(checked.ok).toBe(parseJsonText(JSON.stringify(value)).ok);
        if (!checked.ok) return;
        const text = canonicalJson(value);
        expect(canonicalJson(checked.value)).toBe(text);
        expect(checked.bytes).toBe(Buffer.byteLength(text));
        if (typeof value === "object" && value !== null) expect(checked.value).not.toBe(value);
      }),
      { numRuns: 1000 },
    );
  });

  it("is measured as its canonical text is, and no further than the limit", () => {
    fc.assert(
      fc.property(json, fc.nat(200), (value, limit) => {
        const bytes = Buffer.byteLength(canonicalJson(value));
        expect(canonicalBytes(value)).toBe(bytes);
        expect(canonicalBytes(value, limit)).toBe(bytes <= limit ? bytes : Number.POSITIVE_INFINITY);
      }),
      { numRuns: 1000 },
    );
  });

  it("is not changed by who gave it any more", () => {
    const given = { list: [1] };
    const checked = checkJson(given);
    given.list.push(2);
    expect(checked).toMatchObject({ ok: true, value: { list: [1] } });
  });

  it("may have no prototype, and holds 0 where -0 was given", () => {
    const given: unknown = Object.assign(Object.create(null), { zero: -0 });
    const checked = checkJson(given);
    expect(checked).toMatchObject({ ok: true, bytes: 10 });
    expect(checked.ok && Object.is((checked.value as { zero: number }).zero, 0)).toBe(true);
  });
});

describe("a value that is no JSON", () => {
  const cyclic: { [key: string]: unknown } = { deep: [] };
  cyclic.deep = [cyclic];

  it.each<[string, unknown, string]>([
    ["undefined", { a: undefined }, "VALIDATION_FAILED /a is not JSON: undefined"],
    ["a function", { a: [() => 1] }, "VALIDATION_FAILED /a/0 is not JSON: a function"],
    ["a symbol", Symbol("s"), "VALIDATION_FAILED  is not JSON: a symbol"],
    ["a big integer", { "a/b": 1n }, "VALIDATION_FAILED /a~1b is not JSON: a bigint"],
    ["NaN", { a: Number.NaN }, "VALIDATION_FAILED /a is not JSON: the number NaN"],
    ["Infinity", [-Infinity], "VALIDATION_FAILED /0 is not JSON: the number -Infinity"],
    ["a date", { at: new Date(0) }, "VALIDATION_FAILED /at is not JSON: an object of class Date"],
    ["a map", new Map(), "VALIDATION_FAILED  is not JSON: an object of class Map"],
    ["a hole in a list", new Array(3), "VALIDATION_FAILED /0 is not JSON: undefined"],
    ["what contains itself", cyclic, "VALIDATION_FAILED /deep/0 is not JSON: it contains itself"],
    ["NUL", { a: "x\0" }, "VALIDATION_FAILED /a holds the NUL character"],
    ["NUL in a key", { "a\0": 1 }, "VALIDATION_FAILED /a\0 holds the NUL character"],
    [
      "half a surrogate pair",
      { a: "\ud83d" },
      "VALIDATION_FAILED /a holds half of a surrogate pair, which is no character",
    ],
    [
      "__proto__",
      JSON.parse('{"a":{"__proto__":1}}'),
      'VALIDATION_FAILED /a/__proto__ has the key "__proto__"',
    ],
    [
      "a getter that throws",
      {
        get a() {
          throw new Error("no");
        },
      },
      "VALIDATION_FAILED  is not JSON: reading it fails",
    ],
  ])("is refused with its place: %s", (_, given, problem) => {
    expect(problemOf(given)).toBe(problem);
  });
});

describe("the limits", () => {
  it("64 levels are taken, 65 are not", () => {
    expect(problemOf(nested(64))).toBe("taken");
    expect(problemOf(nested(65))).toContain("is nested deeper than 64 levels");
  });

  it("10,000 keys are taken, one more is not", () => {
    const keys = Array.from({ length: 10_000 }, (_, at) => [`k${at}`, 1] as const);
    expect(problemOf(Object.fromEntries(keys))).toBe("taken");
    expect(problemOf({ a: Object.fromEntries([...keys, ["more", 1]]) })).toBe(
      "LIMIT_EXCEEDED /a has more than 10000 keys",
    );
  });

  it("256 KiB are taken, one byte more is not, also of characters that take several bytes", () => {
    expect(problemOf("x".repeat(MAX_DATA_BYTES - 2))).toBe("taken");
    expect(problemOf("x".repeat(MAX_DATA_BYTES - 1))).toBe("LIMIT_EXCEEDED  is larger than 256 KiB");
    expect(problemOf("ü".repeat(MAX_DATA_BYTES / 2))).toBe("LIMIT_EXCEEDED  is larger than 256 KiB");
  });

  it("a value that shares its parts is refused at once, however long its text would be", () => {
    let value: Json = ["x"];
    for (let level = 0; level < 60; level += 1) value = [value, value];
    expect(problemOf(value)).toBe("LIMIT_EXCEEDED  is larger than 256 KiB");
    expect(canonicalBytes(value, MAX_DATA_BYTES)).toBe(Number.POSITIVE_INFINITY);
  });
});
