import fc from "fast-check";
import { expect, it } from "vitest";
import { checkPattern } from "./check-pattern.js";

const piece = fc.constantFrom(
  ..."ab.()[]{}|*+?^$\\-,1290".split(""),
  "(?:",
  "(?=",
  "(?<!",
  "(?<n>",
  "\\k<n>",
  "\\1",
  "\\d",
  "\\w",
  "\\b",
  "\\p{L}",
  "\\u{1f600}",
  "[^a]",
  "[a-z]",
  "{0,9}",
  "{10,}",
  "{99}",
  "+)+",
  "*)*",
  ")*",
);

it("any text is answered, with a reason when it is refused", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
      const source = pieces.join("");
      const check = checkPattern(source);
      if (check.safe) expect(() => new RegExp(source, "u")).not.toThrow();
      else expect(check.reason.length).toBeGreaterThan(10);
    }),
    { numRuns: 3000 },
  );
});
