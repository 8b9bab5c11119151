import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExactJson } from "./json-body.mjs";

describe("a JSON body", () => {
  it("is read like JSON.parse reads it", () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        fc.pre(!text.includes("__proto__"));
        expect(parseExactJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    '{"a":1,"a":2}',
    "9007199254740993",
    "0.1000000000000000055",
    "1e400",
    "[1,]",
    "{",
    '{"__proto__":{}}',
  ])("is refused where something would be lost: %s", (text) => {
    expect(() => parseExactJson(text)).toThrow(
      expect.objectContaining({ status: 400, errorCode: "JSON_INVALID" }),
    );
  });
});
