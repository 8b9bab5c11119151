import { describe, expect, it } from "vitest";
import { checkPattern } from "./check-pattern.js";

describe("A pattern without exponential backtracking is safe", () => {
  it.each([
    "^[A-Z0-9]{8,}$",
    "^[^@]+@[^@]+\\.[^@]+$",
    "(?:[a-z0-9]+\\.)*[a-z]+$",
    "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    "^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$",
    "^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$",
    "^(?:[0-9a-f]{16})*$",
    "^.{1,5000}$",
    ".*.*=",
    "^(?:a?)*b$",
    "^(?:a|b)*$",
    "^(?:ab|cd)+$",
    "^(?:\\p{L}+\\s)*\\p{L}+$",
    "^(?:a(?=b*)c)*$",
    "^(a)\\1$",
    "^(?:(?:a|b)c?)*d$",
    '^(?:[^\\\\"]|\\\\.)*$',
    "",
    "[]",
    "^(?:[]a?)*$",
  ])("%s", (source) => {
    expect(checkPattern(source)).toEqual({ safe: true });
  });
});

describe("A pattern that can backtrack exponentially is refused with its part", () => {
  it.each([
    "^(a+)+$",
    "^(\\w+\\s?)*$",
    "(a|a)*b",
    "^(a|aa)+$",
    "(x+x+)+y",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "^(?:(?:a{0,10}){0,10}){0,10}b$",
    "(a*)*",
    "^(?:a(?:b*|c*))*$",
    "^(?:a*|b*)*$",
    "^(?:(?:a?)+b)*$",
    "^(?:a?){30}a{30}$",
    "(?=(a+)+b)c",
    "(?:a(?=(?:b|b)*c))*",
    "(?:a|[^b])*c",
    "^(?:\\d|[0-4]x?)*$",
    "^(?:\\p{L}|\\p{Lu})+$",
    "^(?:.|\\n|\\s)*$",
  ])("%s", (source) => {
    expect(checkPattern(source)).toMatchObject({
      safe: false,
      reason: expect.stringContaining("exponentially"),
    });
  });

  it("names the repetition", () => {
    expect(checkPattern("^x(a+)+$")).toMatchObject({ reason: expect.stringMatching(/^\(a\+\)\+ /) });
  });
});

describe("What cannot be checked is refused with its reason", () => {
  it.each([
    ["a back-reference that is repeated", "^(?:(a)\\1)*$", "back-reference"],
    ["invalid syntax", "(", "not a regular expression"],
    ["an escape that the flag u refuses", "\\-", "not a regular expression"],
    ["a property of Unicode that is not known", "\\p{Nonsense}", "not a regular expression"],
    ["too many places", "^(?:(?:a{0,9}b?){0,9}){0,9}(?:(?:[a-z]{900}c?){3})*$", "too complex"],
    ["endless rounds of nothing", "^(?:(?:(?:(?:){1000}){1000}){1000}a)*$", "too complex"],
    ["too many paths to compare", "^(?:(?:[a-z]?){400}x)*$", "too complex"],
    ["a long source", "a".repeat(4097), "characters"],
    ["too many groups", `${"(".repeat(251)}${")".repeat(251)}`, "groups"],
    [
      "too many properties",
      ["L", "Lu", "Ll", "N", "Nd", "P", "S", "Z", "M"].map((name) => `\\p{${name}}`).join(""),
      "properties",
    ],
  ])("%s", (_what, source, reason) => {
    expect(checkPattern(source)).toMatchObject({ safe: false, reason: expect.stringContaining(reason) });
  });
});
