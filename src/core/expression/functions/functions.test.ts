import { describe, expect, it } from "vitest";
import { EvaluationError } from "../evaluation-error.js";
import { evaluate } from "../testing/evaluate.js";
import { FUNCTION_NAMES } from "./function-names.js";

const DATA = {
  name: "  Ada ",
  emoji: "a😀",
  items: [
    { n: 2, ok: true },
    { n: 3, ok: false },
  ],
  prices: [0.1, 0.2, 0.3],
  empty: [],
  big: "x".repeat(70_000),
  due: "2026-02-28T23:30:00+01:00",
};

const EXAMPLES: readonly (readonly [string, unknown])[] = [
  ["size('abc')", 3],
  ["size(data.emoji)", 2],
  ["size(data.items)", 2],
  ["size({ a: 1, b: 2 })", 2],
  ["size(data.missing)", undefined],
  ["size(data.missing) > 0", false],
  ["contains('hello', 'ell')", true],
  ["contains(data.prices, 0.2)", true],
  ["contains(data.items, { ok: true, n: 2 })", true],
  ["contains(data.missing, 1)", false],
  ["contains(data.prices, data.missing)", false],
  ["startsWith('hello', 'he')", true],
  ["startsWith(data.missing, 'he')", false],
  ["endsWith('hello', 'lo')", true],
  ["endsWith('hello', 'he')", false],
  ["lower('ABC')", "abc"],
  ["upper('straße')", "STRASSE"],
  ["upper(data.missing)", undefined],
  ["trim(data.name)", "Ada"],
  ["number('12.50')", 12.5],
  ["number(' -1e3 ')", -1000],
  ["number(7)", 7],
  ["number(data.missing)", undefined],
  ["string(12.5)", "12.5"],
  ["string(null)", "null"],
  ["string(true)", "true"],
  ["string({ b: 1, a: [2] })", '{"a":[2],"b":1}'],
  ["string(data.missing)", undefined],
  ["round(1.005, 2)", 1.01],
  ["round(2.5)", 3],
  ["round(-2.5)", -3],
  ["round(data.missing)", undefined],
  ["floor(-1.5)", -2],
  ["ceil(1.2)", 2],
  ["ceil(-0.5)", 0],
  ["abs(-3)", 3],
  ["min(3, 1, 2)", 1],
  ["min(data.prices)", 0.1],
  ["min(data.empty)", undefined],
  ["min(1, data.missing)", undefined],
  ["max(data.prices)", 0.3],
  ["max('a', 'c', 'b')", "c"],
  ["sum(data.prices)", 0.6],
  ["sum(data.empty)", 0],
  ["sum(data.missing)", undefined],
  ["sum(map(data.items, item => item.n * 1.1))", 5.5],
  ["now()", "2026-03-01T12:00:00.000Z"],
  ["date('2026-01-31')", "2026-01-31T00:00:00.000Z"],
  ["date(data.due)", "2026-02-28T22:30:00.000Z"],
  ["date('2026-01-31T10:00:00.5Z')", "2026-01-31T10:00:00.500Z"],
  ["date('2026-01-31', 'P1M')", "2026-02-28T00:00:00.000Z"],
  ["date(data.due) < now()", true],
  ["date(data.due, 'P1D') > now()", true],
  ["date(data.missing)", undefined],
  ["date(data.due, data.missing)", undefined],
  ["duration('PT1.5H')", 5_400_000],
  ["duration(data.missing)", undefined],
  ["uuid()", "00000000-0000-4000-8000-000000000001"],
  ["uuid() === uuid()", false],
  ["exists(data.name)", true],
  ["exists(data.missing)", false],
  ["exists(null)", true],
  ["inState('verify')", true],
  ["inState('other')", false],
  ["all(data.items, item => item.n > 1)", true],
  ["all(data.items, item => item.ok)", false],
  ["all(data.empty, item => false)", true],
  ["all(data.missing, item => true)", false],
  ["any(data.items, item => item.ok)", true],
  ["any(data.empty, item => true)", false],
  ["any(data.missing, item => true)", false],
  ["map(data.items, item => item.n)", [2, 3]],
  ["map(data.items, item => item.missing)", [null, null]],
  ["map(data.missing, item => item)", undefined],
  ["filter(data.items, item => item.n > 2)", [{ n: 3, ok: false }]],
  ["filter(data.missing, item => item)", undefined],
  ["map(data.items, x => size(filter(data.items, y => y.n > x.n)))", [1, 0]],
  ["map([1, 2], x => sum(map([10, 20], x => x)) + x)", [31, 32]],
];

describe("Functions", () => {
  it.each(EXAMPLES)("%s", (source, expected) => {
    expect(evaluate(source, DATA)).toEqual(expected);
  });

  it("each has an example here", () => {
    const shown = EXAMPLES.map(([source]) => source).join(" ");
    expect(FUNCTION_NAMES.filter((name) => !shown.includes(`${name}(`))).toEqual([]);
  });
});

describe("An argument of the wrong kind is an error that names it", () => {
  it.each([
    ["size(1)", "size: 1 is a number; it must be a text, a list or an object."],
    ["lower(data.items)", "lower: data.items is a list; it must be a text."],
    ["contains(1, 'a')", "contains: 1 is a number"],
    ["contains('a', 1)", "must be a text"],
    ["startsWith('a', 1)", "must be a text"],
    ["number('abc')", "not a decimal number"],
    ["number('')", "not a decimal number"],
    ["number('0x10')", "not a decimal number"],
    ["number('12345678901234567890')", "kept exactly"],
    ["number(true)", "must be a text or a number"],
    ["round('1')", "must be a number"],
    ["round(1, -1)", "whole number from 0 to 20"],
    ["round(1, 0.5)", "whole number from 0 to 20"],
    ["min('a', 1)", "all numbers or all texts"],
    ["max(data.items)", "all numbers or all texts"],
    ["sum([1, 'a'])", "numbers only"],
    ["sum(1)", "list of numbers"],
    ["sum([1e308, 1e308])", "out of range"],
    ["date('2026-02-30')", "not a date"],
    ["date('2026-02-30T00:00:00Z')", "not a date"],
    ["date('2026-02-28T25:00:00Z')", "not a date"],
    ["date('2026-02-28T10:00:00')", "not a date"],
    ["date('yesterday')", "not a date"],
    ["date(1)", "must be a text"],
    ["date('9999-12-31', 'P1D')", "years 0 to 9999"],
    ["date('2026-01-01', 'tomorrow')", "cannot be used as a duration"],
    ["duration('P1M')", "no fixed length"],
    ["duration('x')", "cannot be used as a duration"],
    ["all(1, x => x)", "all: 1 is a number; it must be a list."],
    ["lower(data.big)", "more than 65536 characters"],
  ])("%s", (source, message) => {
    expect(() => evaluate(source, DATA)).toThrow(EvaluationError);
    expect(() => evaluate(source, DATA)).toThrow(message);
  });
});
