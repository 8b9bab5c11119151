import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonFault, parseJsonText } from "./parse-json.js";

function faultsOf(text: string): readonly JsonFault[] {
  const result = parseJsonText(text);
  return result.ok ? [] : result.faults;
}

describe("parseJsonText", () => {
  it("gives the value of any JSON", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false, maxDepth: 8 }),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          fc.pre(!text.includes("\\u0000") && !text.includes("__proto__"));
          const result = parseJsonText(text);
          expect(result.ok && JSON.stringify(result.value)).toBe(JSON.stringify(value));
        },
      ),
    );
  });

  it("finds the place of every value and key", () => {
    const result = parseJsonText('{\n  "a/b": [1, "x"],\r\n  "c": { "d": null }\n}');
    if (!result.ok) throw new Error("expected JSON");
    expect(result.locate("")).toMatchObject({ line: 1, column: 1 });
    expect(result.locate("/a~1b/1")).toMatchObject({ line: 2, column: 14 });
    expect(result.locate("/c/d")).toMatchObject({ line: 3, column: 15 });
    expect(result.locate("/c/d", "key")).toMatchObject({ line: 3, column: 10 });
    expect(result.locate("/c/e")).toBeUndefined();
    expect(result.locate("/a~1b/2")).toBeUndefined();
  });

  it("tells the place where a text stops being JSON", () => {
    expect(faultsOf('{\n  "a": 1,\n}')).toEqual([
      { message: 'The text is not JSON: unexpected "}".', line: 3, column: 1 },
    ]);
    expect(faultsOf("")[0]?.message).toBe("The text is not JSON: it ends too early.");
    expect(faultsOf("[01]")[0]).toMatchObject({ line: 1 });
    expect(faultsOf("\uFEFF{}")[0]?.message).toContain("byte order mark");
  });

  it("refuses a control character inside a string and says where", () => {
    expect(faultsOf('{"a":\n "x\ny"}')).toEqual([
      { message: expect.stringContaining("control character"), line: 2, column: 4 },
    ]);
  });

  it("says where in the value a fault is", () => {
    const text = '{"a": [1, {"b": [[], "\\u0000"]}], "c/d": 1e400, "e": {"__proto__": 1}}';
    expect(faultsOf(text).map(({ pointer }) => pointer)).toEqual(["/a/1/b/1", "/c~1d", "/e/__proto__"]);
  });

  it("refuses a key that is there twice, also when it is escaped once", () => {
    expect(faultsOf('{"a": 1,\n "\\u0061": 2}')).toEqual([
      { message: 'The key "a" is there twice.', pointer: "/a", line: 2, column: 2 },
    ]);
    expect(faultsOf('[{"a": "a"}, {"a": {"a": 1}}]')).toEqual([]);
  });

  it("refuses NUL, lone surrogates and __proto__", () => {
    expect(faultsOf('["\\u0000"]')).toHaveLength(1);
    expect(faultsOf('["\\ud800"]')).toHaveLength(1);
    expect(faultsOf('["\ud800"]')).toHaveLength(1);
    expect(faultsOf('["\\ud83d\\ude00", "\ud83d\ude00"]')).toEqual([]);
    expect(faultsOf('{"__proto__": 1}')).toHaveLength(1);
    expect(faultsOf('{"\\u005f_proto__": 1}')).toHaveLength(1);
  });

  it.each([
    "9007199254740993",
    "1e400",
    "1e-400",
    "0.1000000000000000055511151231257827",
    "123456789012345678901",
  ])("refuses the number %s, which a double does not hold", (literal) => {
    expect(faultsOf(`[0, ${literal}]`)).toMatchObject([{ line: 1, column: 5 }]);
  });

  it.each(["1000.00", "0.1", "-0", "1E+2", "9007199254740992", "5e-324", "1e0000000001", "0.000", "-1.50e3"])(
    "takes the number %s, which a double holds",
    (literal) => {
      expect(faultsOf(`[${literal}]`)).toEqual([]);
    },
  );

  it("refuses what is nested deeper than 64 levels, however deep", () => {
    expect(faultsOf("[".repeat(64) + "]".repeat(64))).toEqual([]);
    expect(faultsOf("[".repeat(65) + "]".repeat(65))).toHaveLength(1);
    expect(faultsOf("[".repeat(500_000) + "]".repeat(500_000))).toHaveLength(1);
    expect(faultsOf("[".repeat(500_000))).toHaveLength(1);
  });

  it("refuses an object with more than 10,000 keys", () => {
    const keys = (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":0`).join()}}`;
    expect(faultsOf(keys(10_000))).toEqual([]);
    expect(faultsOf(keys(10_001))).toHaveLength(1);
  });

  it("tells all faults at once, in the order of the text", () => {
    expect(faultsOf('{"a": 1e999, "b": "\\u0000", "a": 2}').map((fault) => fault.column)).toEqual([
      7, 19, 29,
    ]);
  });
});
