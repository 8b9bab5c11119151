import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "../../../core/expression/compile-expression.js";
import type { Json } from "../../../core/json/json.js";
import type { ChartNames } from "./chart-names.js";
import { rewriteExpression } from "./rewrite-expression.js";

const NAMES: ChartNames = {
  data: new Set(["x", "y", "list"]),
  chartName: "door",
  activeStateId: (id) => (id === "open" ? "open" : undefined),
  carriesEventFields: false,
  doneData: new Map(),
};

function rewritten(source: string, names: Partial<ChartNames> = {}): string {
  const outcome = rewriteExpression(source, { ...NAMES, ...names });
  return outcome.kind === "expression" ? outcome.text : `${outcome.kind}: ${outcome.message}`;
}

describe("rewriting an expression", () => {
  it.each([
    ["x + 1", "data.x + 1"],
    [" x  >=  'x' ", "data.x  >=  'x'"],
    ["(x)", "(data.x)"],
    ["{x: x, 'y': [y, x.x]}", "{x: data.x, 'y': [data.y, data.x.x]}"],
    ["{x}", "{x: data.x}"],
    ["x[y]", "data.x[data.y]"],
    ["!x ? y : null", "!data.x ? data.y : null"],
    ["In('open') && !In(\"shut\")", 'inState("open") && !false'],
    ["_event.name", "event.id"],
    ["_event['data'].x", "event.data.x"],
    ["'sendid' in _event", "true"],
    ["_sessionid", "instance.instanceId"],
    ["_name", '"door"'],
    ["typeof x === 'undefined'", "((data.x ?? undefined) === undefined)"],
    ["'undefined' != typeof z", "false"],
    ["x == null", "((data.x ?? undefined) === undefined)"],
    ["x !== undefined", "((data.x ?? undefined) !== undefined)"],
    ["x === null", "data.x === null"],
    ["x == 1 | y != 2", "((data.x == 1) || (data.y != 2))"],
    ["Math.pow(x, 3)", "((data.x) * (data.x) * (data.x))"],
    ["Math.max(x, y)", "max(data.x, data.y)"],
    ["list.length", "size(data.list)"],
    ["list.some(e => e > x)", "any(data.list, e => e > data.x)"],
    ["x.toLowerCase().startsWith('a')", "startsWith(lower(data.x), 'a')"],
    ["`n ${x}`", '("n " + (data.x) + "")'],
  ])("says %s as %s", (source, expected) => {
    expect(rewritten(source)).toBe(expected);
  });

  it.each([
    ["return", /^certain-error: /],
    ["{p: 'v'", /^certain-error: /],
    ["x y", /^certain-error: /],
    ["z + 1", /^certain-error: nothing declares "z"/],
    ["check(x)", /^certain-error: nothing declares the function "check"/],
    ["x = 1", /^refused: "x = 1" needs a script/],
    ["++x == 2", /^refused: "\+\+x" needs a script/],
    ["new Date()", /^refused: "new Date\(\)" needs a script/],
    ["function () { return 1 }", /^refused: /],
    ["x(2)", /^refused: "x\(2\)" calls a function of the chart/],
    ["x instanceof Array", /^refused: "Array" of JavaScript is not there/],
    ["typeof x === 'number'", /^refused: /],
    ["[].concat(list, [4])", /^refused: /],
    ["In(x)", /^refused: In\(\) is asked/],
    ["x & 4", /^refused: /],
    ["/a/.test(x)", /^refused: /],
    ["Math.pow(x, y)", /^refused: /],
    ["_event.raw", /^refused: An event has no "raw"/],
    [`x + ${"1 + ".repeat(2000)}1`, /^refused: it has more than 4096/],
  ])("does not say %s", (source, expected) => {
    expect(rewritten(source)).toMatch(expected);
  });

  it("names what it reads", () => {
    const outcome = rewriteExpression("list.some(y => y > x) && In('open')", NAMES);
    expect(outcome.kind === "expression" && [...outcome.reads].sort()).toEqual(["list", "x"]);
  });

  it("reads the data of a done event where the final state has put it", () => {
    const doneData = new Map([["s", "done_s"]]);
    expect(rewritten("_event.data", { doneData })).toBe(
      "(event.id === 'done.state.s' ? data.done_s : event.data)",
    );
  });

  it("gives on whole numbers and texts what ECMAScript gives", () => {
    const leaf = fc.oneof(fc.constantFrom("x", "y"), fc.integer({ min: 0, max: 9 }).map(String));
    const { number, truth } = fc.letrec<{ number: string; truth: string }>((tie) => ({
      number: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc
          .tuple(tie("number"), fc.constantFrom("+", "-", "*"), tie("number"))
          .map(([a, o, b]) => `(${a} ${o} ${b})`),
        fc.tuple(tie("truth"), tie("number"), tie("number")).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
        tie("number").map((a) => `Math.pow(${a}, 2)`),
        fc.tuple(tie("number"), tie("number")).map(([a, b]) => `Math.max(${a},${b})`),
      ),
      truth: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc
          .tuple(tie("number"), fc.constantFrom("<", ">=", "==", "!=="), tie("number"))
          .map(([a, o, b]) => `${a}${o}${b}`),
        fc
          .tuple(tie("truth"), fc.constantFrom("&&", "||", "|", "&"), tie("truth"))
          .map(([a, o, b]) => `((${a}) ${o} (${b}))`),
        tie("truth").map((a) => `!(${a})`),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(number, truth),
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: -5, max: 5 }),
        (source, x, y) => {
          const outcome = rewriteExpression(source, NAMES);
          fc.pre(outcome.kind === "expression");
          const compiled = compileExpression(outcome.kind === "expression" ? outcome.text : "");
          if (!compiled.ok) throw new Error("It does not compile.");
          const roots = { data: { x, y } as Json };
          const own = compiled.expression.evaluate({ roots, nowMs: 0, uuid: () => "", inState: () => false });
          const theirs: unknown = new Function("x", "y", `return ${source}`)(x, y);
          fc.pre(typeof theirs !== "number" || Math.abs(theirs) < 1e12);
          // Bits of truth values are truth values here.
          expect(typeof own === "boolean" ? own : Number(own) + 0).toBe(
            typeof own === "boolean" ? Boolean(theirs) : Number(theirs) + 0,
          );
        },
      ),
    );
  });
});
