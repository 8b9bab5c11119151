import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../json/json.js";
import { type CompiledTemplate, compileTemplate, type TemplateFault } from "./compile-template.js";
import { EvaluationError } from "./evaluation-error.js";
import { scopeOf } from "./testing/evaluate.js";

const DATA = {
  id: "t-1",
  amount: 12.5,
  note: null,
  ok: true,
  lines: [{ price: 3 }, { price: 4 }],
  order: { b: 1, a: "x" },
};

function compiled(template: Json): CompiledTemplate {
  const result = compileTemplate(template);
  if (result.ok) return result.template;
  throw new Error(JSON.stringify(result.faults));
}

const render = (template: Json): Json =>
  compiled(template).render(scopeOf(DATA, { actions: { "check-balance": { result: 7 } } }));

function faultsOf(template: Json): readonly TemplateFault[] {
  const result = compileTemplate(template);
  return result.ok ? [] : result.faults;
}

describe("A text that is exactly one reference or one expression keeps the type of its value", () => {
  it.each<[string, Json]>([
    ["$data.amount", 12.5],
    ["$data.note", null],
    ["$data.order", { b: 1, a: "x" }],
    ["$data.lines[1].price", 4],
    ["$data", DATA],
    ["$actions.check-balance.result", 7],
    ["${data.amount * 2}", 25],
    ["${ data.ok && data.amount > 1 }", true],
    ["${{ a: { b: '}' } }}", { a: { b: "}" } }],
    ["${(data.amount)}", 12.5],
    ["$data.missing?", null],
    ["$data.note?", null],
  ])("%s", (template, expected) => {
    expect(render(template)).toEqual(expected);
  });
});

describe("In other texts expressions are filled in and the rest stays", () => {
  it.each<[string, Json]>([
    ["Transfer ${data.id} of ${data.amount}", "Transfer t-1 of 12.5"],
    ["${data.order}!", '{"a":"x","b":1}!'],
    ["${data.ok}${data.note}", "truenull"],
    ["${data.lines}", [{ price: 3 }, { price: 4 }]],
    ["<${'}' + \"{\"}>", "<}{>"],
    ["Costs $5", "Costs $5"],
    ["$$data.id", "$data.id"],
    ["$${data.id}", "${data.id}"],
    ["$$$data.id", "$$data.id"],
    ["$$", "$"],
    ["$", "$"],
    ["100$", "100$"],
    ["$schema", "$schema"],
    ["$.items[0]", "$.items[0]"],
    ["$data.id and more", "$data.id and more"],
    ["$data.", "$data."],
    ["$data.id ", "$data.id "],
    ["$data.id\n", "$data.id\n"],
    ["", ""],
  ])("%j", (template, expected) => {
    expect(render(template)).toEqual(expected);
  });
});

describe("What is absent", () => {
  it.each([
    ["$data.order.zip", "data.order.zip"],
    ["${data.order.zip}", "data.order.zip"],
    ["x ${ data.missing } y", "data.missing"],
    ["$data.lines[9].price", "data.lines[9].price"],
    ["$actions.check-balance.other", 'actions["check-balance"].other'],
    ["$event.data.x", "event.data.x"],
    ["$data.constructor", "data.constructor"],
    ["$data.order.__proto__", "data.order.__proto__"],
    ["$data.lines.length", "data.lines.length"],
  ])("%s is an error that names the path", (template, path) => {
    expect(() => render({ deep: [template] })).toThrow(EvaluationError);
    expect(() => render(template)).toThrow(path);
    expect(() => render(template)).toThrow(expect.objectContaining({ path }));
  });

  it("leaves out the property or the element when it may be", () => {
    expect(
      render({ a: "$data.missing?", b: ["$data.missing?", "$data.id?"], c: { d: "$data.x.y?" } }),
    ).toEqual({
      b: ["t-1"],
      c: {},
    });
  });
});

describe("Templates", () => {
  it("names of properties are no templates, and constants are as they were", () => {
    expect(render({ "$data.id": 1, "${x}": [null, true, 1.5, "x"] })).toEqual({
      "$data.id": 1,
      "${x}": [null, true, 1.5, "x"],
    });
  });

  it("a property called __proto__ is a property", () => {
    const template = JSON.parse('{"__proto__": {"polluted": "$data.id"}, "x": 1}') as Json;
    const rendered = render(template);
    expect(JSON.stringify(rendered)).toBe('{"__proto__":{"polluted":"t-1"},"x":1}');
    expect(Object.getPrototypeOf(rendered)).toBe(Object.prototype);
  });

  it("references are known beforehand, each once", () => {
    const template = compiled({
      a: "$data.id",
      b: [
        "${data.id + data.amount}",
        "$data.lines[0].price",
        "$event.data.note?",
        "${inState('s') && now()}",
      ],
    });
    expect(template.references).toEqual([
      ["data", "id"],
      ["data", "amount"],
      ["data", "lines"],
      ["event", "data", "note"],
    ]);
    expect([...template.functions]).toEqual(["inState", "now"]);
    expect([...template.statesAsked]).toEqual(["s"]);
  });
});

describe("Faults have the pointer of their text and the offset in it", () => {
  it.each<[string, Json, readonly Partial<TemplateFault>[]]>([
    ["a syntax error", { a: ["x ${data.} y"] }, [{ code: "SYNTAX", pointer: "/a/0", offset: 9 }]],
    ["an unknown root", "n: ${amount}", [{ code: "UNKNOWN_ROOT", pointer: "", offset: 5 }]],
    [
      "a slip in a reference",
      "$dta.id",
      [{ code: "UNKNOWN_ROOT", offset: 1, hint: "Did you mean $data? Write $$dta.id for the text itself." }],
    ],
    ["an open brace", "a ${data.id", [{ code: "SYNTAX", offset: 11 }]],
    ["something before the brace", "${data.id data.x}", [{ code: "SYNTAX", offset: 10 }]],
    ["an empty one", "${}", [{ code: "SYNTAX", offset: 2 }]],
    [
      "a name with signs",
      { "a/b~": "${foo()}" },
      [{ code: "UNKNOWN_FUNCTION", pointer: "/a~1b~0", offset: 2 }],
    ],
    ["one that is too long to be read", `\${${"1+".repeat(9000)}`, [{ code: "LIMIT", offset: 2 }]],
    ["a text that is too long to be read", `\${'${"x".repeat(5000)}'}`, [{ code: "SYNTAX", offset: 2 }]],
    ["too many", "${1}".repeat(1001), [{ code: "LIMIT", offset: 4000 }]],
    [
      "several at once",
      { a: "${x} ${y}", b: ["${lower()}"] },
      [
        { pointer: "/a", offset: 2 },
        { pointer: "/a", offset: 7 },
        { code: "ARGUMENTS", pointer: "/b/0", offset: 2 },
      ],
    ],
  ])("%s", (_what, template, expected) => {
    const faults = faultsOf(template);
    expect(faults).toMatchObject(expected);
    expect(faults).toHaveLength(expected.length);
  });

  it("a template that is nested too deeply is one", () => {
    let template: Json = "x";
    for (let depth = 0; depth < 65; depth += 1) template = [template];
    expect(faultsOf(template)).toMatchObject([{ code: "LIMIT" }]);
  });
});

describe("Limits", () => {
  it.each<[string, Json]>([
    ["a text", "${data.long}${data.long}${data.long}"],
    ["a whole", ["$data.long", "$data.long", "$data.long"]],
  ])("what is rendered is bounded: %s", (_what, template) => {
    const scope = scopeOf({ long: "x".repeat(100_000) });
    expect(() => compiled(template).render(scope)).toThrow("262144");
  });
});

describe("Laws", () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

  it("any JSON with its dollars doubled renders to itself", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(render(escaped(value))).toEqual(value);
      }),
    );
  });

  it("a whole reference gives the value itself", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(compiled("$data.value").render(scopeOf({ value }))).toEqual(value);
        expect(compiled(["${data.value}"]).render(scopeOf({ value }))).toEqual([value]);
      }),
    );
  });

  it("any text is answered, and renders or is an EvaluationError", () => {
    const piece = fc.constantFrom(
      ..."${}'\"`()[]. ?a1+\\",
      "data",
      "$data.",
      "id",
      "${data.id}",
      "=>",
      "//",
      "/*",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const result = compileTemplate(pieces.join(""));
        if (!result.ok) {
          expect(result.faults.length).toBeGreaterThan(0);
          return;
        }
        try {
          result.template.render(scopeOf(DATA));
        } catch (error) {
          expect(error).toBeInstanceOf(EvaluationError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function escaped(value: Json): Json {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return (value as readonly Json[]).map(escaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, escaped(part as Json)]));
}

describe("addresses", () => {
  const scope = (id: string) => ({
    roots: { data: { id, base: "http://bank.example" } },
    nowMs: 0,
    uuid: () => "",
    inState: () => false,
  });
  const render = (url: string, id: string) => {
    const compiled = compileTemplate({ url, note: url }, { addresses: ["/url"] });
    if (!compiled.ok) throw new Error("not compiled");
    return compiled.template.render(scope(id));
  };

  it("a value that is filled in adds no segment, no query and no host", () => {
    expect(render("http://bank.example/transfers/${data.id}/post", "a/../b?x=1#y@z")).toEqual({
      url: "http://bank.example/transfers/a%2F..%2Fb%3Fx%3D1%23y%40z/post",
      note: "http://bank.example/transfers/a/../b?x=1#y@z/post",
    });
  });

  it("a beginning is taken as it is", () => {
    expect(render("${data.base}/x", "1")).toEqual({
      url: "http://bank.example/x",
      note: "http://bank.example/x",
    });
  });

  it.each([".", ".."])("a value of dots (%s) is refused, because it cannot be escaped", (id) => {
    expect(() => render("http://bank.example/transfers/${data.id}", id)).toThrow(/dots/);
  });
});
