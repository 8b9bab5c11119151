import { describe, expect, it } from "vitest";
import { compileExpression } from "./compile-expression.js";
import { EvaluationError } from "./evaluation-error.js";
import { compiled, evaluate, faultsOf, scopeOf } from "./testing/evaluate.js";

const DATA = {
  amount: 12.5,
  status: "open",
  note: null,
  flag: false,
  order: { id: "o-1", lines: [{ price: 3, tags: ["a", "b"] }, { price: 4 }] },
  list: [3, 1, 2],
  "a b": 1,
  constructor: "own",
};

const value = (source: string) => evaluate(source, DATA);

describe("Values and members", () => {
  it.each([
    ["data.amount", 12.5],
    ["data['a b']", 1],
    ["data.order.lines[1].price", 4],
    ["data.order.lines[0].tags[1]", "b"],
    ["data?.order?.id", "o-1"],
    ["data.constructor", "own"],
    ["data.order.constructor", undefined],
    ["data.__proto__", undefined],
    ["data['__proto__']", undefined],
    ["data.order.toString", undefined],
    ["data.order.hasOwnProperty", undefined],
    ["data.list.length", undefined],
    ["data.list['0']", undefined],
    ["data.list[-1]", undefined],
    ["data.list[0.5]", undefined],
    ["data.list.map", undefined],
    ["data.status.length", undefined],
    ["data.status[0]", undefined],
    ["data.missing.deeper.still", undefined],
    ["data.note.x", undefined],
    ["data[data.status]", undefined],
    ["message.x", undefined],
    ["undefined", undefined],
    ["[1, data.missing, 'x']", [1, null, "x"]],
    ["{ a: 1, 'b c': data.missing, 2: null }", { a: 1, "2": null }],
    ["{ flag: true }.flag", true],
    ["`text`", "text"],
    ["'it\\'s'", "it's"],
    ["1_000.5", 1000.5],
    [".5e1", 5],
    ["null", null],
  ])("%s", (source, expected) => {
    expect(value(source)).toEqual(expected);
  });
});

describe("Comparisons", () => {
  it.each([
    ["data.amount > 0 && data.status === 'open'", true],
    ["data.missing > 0", false],
    ["data.missing <= 0", false],
    ["!(data.missing <= 0)", true],
    ["data.missing < data.missing", false],
    ["data.missing >= undefined", false],
    ["data.note <= 0", false],
    ["'10' > 9", false],
    ["'b' > 'a'", true],
    ["2 <= 2 && 2 >= 2 && 1 < 2 && 2 > 1", true],
    ["'a' <= 'a' && 'a' >= 'a' && 'a' < 'b'", true],
    ["true > false", false],
    ["1 == '1'", false],
    ["0 == false", false],
    ["null == undefined", false],
    ["data.missing === undefined", true],
    ["data.missing === 'a'", false],
    ["data.missing !== 'a'", true],
    ["data.status != 'open'", false],
    ["[1, { a: [2], b: 3 }] === [1, { b: 3, a: [2] }]", true],
    ["[1, 2] == [2, 1]", false],
    ["{ a: 1 } == { a: 1, b: 2 }", false],
    ["[] == {}", false],
    ["data.order.lines == data.order.lines", true],
  ])("%s is %s", (source, expected) => {
    expect(value(source)).toBe(expected);
  });
});

describe("Operators", () => {
  it.each([
    ["0.1 + 0.2 === 0.3", true],
    ["1 - 0.9", 0.1],
    ["3 * 1.1", 3.3],
    ["7 / 2", 3.5],
    ["-7 % 3", -1],
    ["-data.amount", -12.5],
    ["+data.amount", 12.5],
    ["'a' + 1 + true", "a1true"],
    ["1 + 2 + 'a'", "3a"],
    ["data.flag || data.status", "open"],
    ["data.amount && data.note", null],
    ["data.note ?? 'none'", "none"],
    ["data.missing ?? data.note ?? 0", 0],
    ["data.flag ?? 1", false],
    ["!''", true],
    ["data.flag ? 1 : 2", 2],
    ["'id' in data.order", true],
    ["'toString' in data.order", false],
    ["2 in data.list", true],
    ["{ price: 4 } in data.order.lines", true],
    ["9 in data.list", false],
    ["'x' in data.missing", false],
    ["'o' in data.status", false],
    ["1 && 0 && data.missing.x + 1", 0],
    ["0 || false || 'last'", "last"],
    ["1 || 2 || 3", 1],
  ])("%s", (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  it("a chain of a thousand alternatives is one level", () => {
    expect(value(`${"0||".repeat(1200)}7`)).toBe(7);
  });
});

describe("What has no value is an EvaluationError that names the place and not the value", () => {
  it.each([
    ["data.missing + 1", "data.missing is absent", "data.missing"],
    ["1 - data.status", "data.status is a text", "data.status"],
    ["data.order.id * 2", 'data.order.id is a text; "*" takes numbers', "data.order.id"],
    ["data.note + 'x'", "data.note is null", "data.note"],
    ["-data.flag", "data.flag is true or false", "data.flag"],
    ["1 / (1 - 1)", "divides by zero", undefined],
    ["5 % 0", "divides by zero", undefined],
    ["1e308 * 10", "out of range", undefined],
    ["data.order.lines[0] + 1", "data.order.lines[0] is an object", undefined],
  ])("%s", (source, message, path) => {
    const failure = failureOf(source);
    expect(failure.message).toContain(message);
    expect(failure.message).not.toContain("open");
    expect(failure.path).toBe(path);
  });

  it.each([
    ["too many steps", "all(data.big, x => any(data.big, y => y === x + 1))", "steps"],
    ["comparing large values", "data.big == map(data.big, x => x) && data.deep == data.other", "steps"],
    ["a search that compares everything", "contains(data.long, data.half)", "steps"],
    ["a text that doubles", `${"map([".repeat(20)}'0123456789'${"], x => x + x)[0]".repeat(20)}`, "text"],
    ["a list that doubles", `${"map([".repeat(30)}1${"], x => [x, x])".repeat(30)}`, "value of more"],
  ])("a limit: %s", (_what, source, message) => {
    const long = "a".repeat(200_000);
    const big = Array.from({ length: 2000 }, (_, index) => index);
    const deep = Array.from({ length: 9000 }, () => [1]);
    const data = { big, deep, other: structuredClone(deep), long, half: `${"a".repeat(100_000)}b` };
    const compiledSource = compiled(source);
    expect(() => compiledSource.evaluate(scopeOf(data))).toThrow(EvaluationError);
    expect(() => compiledSource.evaluate(scopeOf(data))).toThrow(message);
  });
});

describe("What is read is known beforehand", () => {
  it("references are paths, each once, up to the first computed index", () => {
    const { references } = compiled(
      "data.order['id'] === event.data.id && data.order.lines[0].price > 0 && data[event.id] && data.order.id",
    );
    expect(references).toEqual([
      ["data", "order", "id"],
      ["event", "data", "id"],
      ["data", "order", "lines"],
      ["data"],
      ["event", "id"],
    ]);
  });

  it("names of arrows are no references", () => {
    expect(compiled("all(data.list, x => x.a > variables.limit)").references).toEqual([
      ["data", "list"],
      ["variables", "limit"],
    ]);
  });

  it("functions and states that are asked for", () => {
    const { functions, statesAsked } = compiled(
      "inState('verify') && size(data.list) > 0 || inState('done')",
    );
    expect([...functions]).toEqual(["inState", "size"]);
    expect([...statesAsked]).toEqual(["verify", "done"]);
  });
});

describe("Faults have a code, an offset, a sentence and a hint", () => {
  it.each([
    ["amount > 0", "UNKNOWN_ROOT", 0, "Write data.amount"],
    ["dta.amount > 0", "UNKNOWN_ROOT", 0, "Did you mean data?"],
    ["now > 1", "UNKNOWN_ROOT", 0, "Call the function"],
    ["all(data.list, item => itm > 1)", "UNKNOWN_ROOT", 23, "Did you mean item?"],
    ["1 + lowr(data.x)", "UNKNOWN_FUNCTION", 4, "Did you mean lower?"],
    ["toString()", "UNKNOWN_FUNCTION", 0, "Did you mean"],
    ["lower()", "ARGUMENTS", 0, "lower(text)"],
    ["round(1, 2, 3)", "ARGUMENTS", 0, "round(number)"],
    ["exists()", "ARGUMENTS", 0, "exists(value)"],
    ["inState(data.x)", "ARGUMENTS", 0, "in quotes"],
    ["inState('a', 'b')", "ARGUMENTS", 0, "in quotes"],
    ["map(data.list)", "ARGUMENTS", 0, "map(list, x => expression)"],
    ["map(data.list, 1)", "ARGUMENTS", 0, "map(list, x => expression)"],
    ["data.name.includes('x')", "FORBIDDEN", 0, "contains"],
    ["data.f()", "FORBIDDEN", 0, undefined],
    ["(x => x)(1)", "FORBIDDEN", 0, undefined],
    ["x => x", "FORBIDDEN", 0, "all, any, map and filter"],
    ["map(data.l, (x, y) => x)", "FORBIDDEN", 12, undefined],
    ["map(data.l, ({ a }) => a)", "FORBIDDEN", 12, undefined],
    ["map(data.l, x => { return x })", "FORBIDDEN", 12, undefined],
    ["map(data.l, async x => x)", "FORBIDDEN", 12, undefined],
    ["map(data.l, data => 1)", "FORBIDDEN", 12, "another name"],
    ["/a+/", "FORBIDDEN", 0, "schema"],
    ["this.x", "FORBIDDEN", 0, "Start from data"],
    ["new Date()", "FORBIDDEN", 0, "date(text)"],
    ["data.x = 1", "FORBIDDEN", 0, "==="],
    ["data.x++", "FORBIDDEN", 0, undefined],
    ["typeof data.x", "FORBIDDEN", 0, "exists"],
    ["void 0", "FORBIDDEN", 0, undefined],
    ["delete data.x", "FORBIDDEN", 0, undefined],
    ["~1", "FORBIDDEN", 0, undefined],
    ["2 ** 3", "FORBIDDEN", 0, undefined],
    ["1 | 2", "FORBIDDEN", 0, undefined],
    ["data instanceof data", "FORBIDDEN", 0, undefined],
    ["(1, 2)", "FORBIDDEN", 1, "&&"],
    ["[...data.x]", "FORBIDDEN", 1, undefined],
    ["{ ...data }", "FORBIDDEN", 2, undefined],
    ["max(...data.x)", "FORBIDDEN", 4, undefined],
    ["[1, , 2]", "FORBIDDEN", 0, "null"],
    ["{ __proto__: data }", "FORBIDDEN", 2, "another name"],
    ["{ '__proto__': data }", "FORBIDDEN", 2, "another name"],
    ["{ [data.x]: 1 }", "FORBIDDEN", 2, undefined],
    ["{ get a() { return 1 } }", "FORBIDDEN", 2, undefined],
    ["`a${data.x}`", "FORBIDDEN", 0, "Join texts"],
    ["data.x`a`", "FORBIDDEN", 0, undefined],
    ["10n", "FORBIDDEN", 0, undefined],
    ["0x10", "FORBIDDEN", 0, "Write 16"],
    ["12345678901234567890", "FORBIDDEN", 0, "read as"],
    ["1e999", "FORBIDDEN", 0, "too large"],
    ["'\\u0000'", "FORBIDDEN", 0, undefined],
    ["'\\ud800'", "FORBIDDEN", 0, undefined],
    ["import('x')", "FORBIDDEN", 0, undefined],
    ["import.meta", "FORBIDDEN", 0, undefined],
    ["function () {}", "FORBIDDEN", 0, undefined],
    ["class {}", "FORBIDDEN", 0, undefined],
    ["data.x // note", "FORBIDDEN", 7, undefined],
    ["/* note */ 1", "FORBIDDEN", 0, undefined],
    ["data.x y", "SYNTAX", 7, undefined],
    ["1; 2", "SYNTAX", 1, undefined],
    ["data.", "SYNTAX", 5, undefined],
    ["data.amount >", "SYNTAX", 13, undefined],
    ["a && ", "SYNTAX", 5, undefined],
    ["'open", "SYNTAX", 0, undefined],
    ["", "SYNTAX", 0, "true"],
    ["  ", "SYNTAX", 0, "true"],
    [`1${" ".repeat(4096)}`, "LIMIT", 4096, undefined],
    [`${"!".repeat(70)}1`, "LIMIT", 64, undefined],
    [`${"1+".repeat(70)}1`, "LIMIT", 0, undefined],
  ])("%s", (source, code, offset, hint) => {
    const [fault, ...others] = faultsOf(source);
    expect(fault).toMatchObject({ code, offset });
    expect(fault?.message).toMatch(/\.$/);
    if (hint !== undefined) expect(fault?.hint).toContain(hint);
    expect(others).toEqual([]);
  });

  it("all are told at once, in the order of the text", () => {
    const faults = faultsOf("foo(amount) && /x/ || this.y && lower() || z");
    expect(faults.map(({ code, offset }) => [code, offset])).toEqual([
      ["UNKNOWN_FUNCTION", 0],
      ["UNKNOWN_ROOT", 4],
      ["FORBIDDEN", 15],
      ["FORBIDDEN", 22],
      ["ARGUMENTS", 32],
      ["UNKNOWN_ROOT", 43],
    ]);
  });

  it.each([
    "(",
    "[",
    "!",
    "-",
    "a?b:",
    "x=>",
    "1**",
    "new ",
    "`${",
    "a=>{",
    "()=>{{",
    "({a:",
    "class{[",
    "f(",
    "async(",
    "(...[",
    "({a=",
    "[[]=[",
  ])("%j over and over is answered and never overflows", (piece) => {
    expect(compileExpression(piece.repeat(Math.floor(4096 / piece.length))).ok).toBe(false);
  });
});

function failureOf(source: string): EvaluationError {
  try {
    value(source);
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
  throw new Error(`${source} has a value.`);
}
