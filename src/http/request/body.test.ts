import { describe, expect, it } from "vitest";
import { RequestInvalidError } from "../answer/problem.js";
import { checkBodyHeaders, readBody } from "./body.js";

function pathsOf(text: string | Buffer): readonly string[] {
  try {
    readBody(Buffer.from(text), "json");
    return ["taken"];
  } catch (error) {
    if (error instanceof RequestInvalidError) return error.violations.map(({ path }) => path);
    throw error;
  }
}

describe("the body of a request", () => {
  it.each([
    ["a key that is there twice", '{"data":{"a":1,"a":2}}', "/data/a"],
    ["NUL", '{"data":{"a":["\\u0000"]}}', "/data/a/0"],
    ["half of a surrogate pair", '{"data":{"a":"\\ud800"}}', "/data/a"],
    ["a number that loses value", '{"data":{"a":9007199254740993}}', "/data/a"],
    ["__proto__", '{"data":{"__proto__":{}}}', "/data/__proto__"],
    ["an escaped __proto__", '{"data":{"\\u005f_proto__":{}}}', "/data/__proto__"],
    ["constructor", '{"data":[{"constructor":{}}]}', "/data/0/constructor"],
    ["what is no JSON", '{"data":', ""],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0x22]), ""],
    ["a byte order mark", "\uFEFF{}", ""],
  ])("is refused for %s, with its path", (_, text, path) => {
    expect(pathsOf(text)).toEqual([path]);
  });

  it("is refused for being nested too deeply, where it is", () => {
    const [path = ""] = pathsOf(`${"[".repeat(65)}${"]".repeat(65)}`);
    expect(path.split("/")).toHaveLength(65);
  });

  it("is taken as it came where a route wants its text or its bytes", () => {
    expect(readBody(Buffer.from('{"a":1,"a":2}'), "text")).toBe('{"a":1,"a":2}');
    expect(readBody(Buffer.from([0xff]), "bytes")).toEqual(Buffer.from([0xff]));
  });

  it("is nothing where it has no bytes", () => {
    expect(readBody(Buffer.alloc(0), "json")).toBeUndefined();
  });

  it.each(["gzip", "br", "deflate", "gzip, identity"])("is never unpacked: %s is refused", (encoding) => {
    expect(() => checkBodyHeaders({ "content-encoding": encoding })).toThrow(/content encoding/);
  });

  it("is UTF-8 whatever its type says", () => {
    expect(() => checkBodyHeaders({ "content-type": "application/json; charset=latin1" })).toThrow(/latin1/);
    expect(() => checkBodyHeaders({ "content-type": 'application/json; charset="UTF-8"' })).not.toThrow();
  });
});
