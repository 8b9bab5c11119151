import { describe, expect, it } from "vitest";
import { literalTemplate, textTemplate, valueTemplate } from "./value-template.js";

describe("the template of a value", () => {
  it.each([
    ["1 + 1", 2],
    ["'cost: $' + 5", "cost: $$5"],
    ["[1, { a: 'b' }]", [1, { a: "b" }]],
    ["undefined", null],
    ["data.x", "$data.x?"],
    ["data.x + 1", "${data.x + 1}"],
    ["data.x && 1", "${(data.x && 1) ?? null}"],
    ["lower(data.x)", "${(lower(data.x)) ?? null}"],
    ["data.x === 1", "${data.x === 1}"],
    ["1 / 0", "${1 / 0}"],
  ])("of %s is %j", (text, expected) => {
    expect(valueTemplate(text)).toEqual(expected);
  });

  it("doubles the dollars of what is meant as it is", () => {
    expect(literalTemplate({ a: ["$data.x", "${y}"], n: 1 })).toEqual({ a: ["$$data.x", "$${y}"], n: 1 });
  });

  it("is a text itself where the expression is one", () => {
    expect(textTemplate("'paid'")).toBe("paid");
    expect(textTemplate("data.x")).toBe("${data.x}");
  });
});
