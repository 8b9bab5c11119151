import { describe, expect, it } from "vitest";
import { call, end, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../../json/json.js";

describe("texts", () => {
  it("every kind of fault of an expression has its code", () => {
    const condition = (source: string) =>
      short({ a: { type: "initial", transitions: [to("b", { condition: source })] }, b: end });
    const at = ["error /states/a/transitions/0/condition"];
    expect(places(condition("data.x >"), "EXPRESSION_SYNTAX")).toEqual(at);
    expect(places(condition("amount > 0"), "EXPRESSION_UNKNOWN_ROOT")).toEqual(at);
    expect(places(condition("lenght(data.x) > 0"), "EXPRESSION_UNKNOWN_FUNCTION")).toEqual(at);
    expect(places(condition("data.x = 1"), "EXPRESSION_FORBIDDEN")).toEqual(at);
    expect(places(condition("size() > 0"), "EXPRESSION_ARGUMENTS")).toEqual(at);
    expect(places(condition(`data.x == "${"x".repeat(4_096)}"`), "EXPRESSION_LIMIT")).toEqual(at);
  });

  it("every kind of fault of a template has its code and the place of its string", () => {
    const payload = (source: string) =>
      short({
        a: {
          type: "initial",
          entryActions: [{ actionId: "x", type: "assign", assign: { p: { q: source } } }],
          transitions: [to("b")],
        },
        b: end,
      });
    const at = ["error /states/a/entryActions/0/assign/p/q"];
    expect(places(payload("${data.x +}"), "TEMPLATE_SYNTAX")).toEqual(at);
    expect(places(payload("$dta.x"), "TEMPLATE_UNKNOWN_ROOT")).toEqual(at);
    expect(places(payload("${lenght(data.x)}"), "TEMPLATE_UNKNOWN_FUNCTION")).toEqual(at);
    expect(places(payload("${data.x = 1}"), "TEMPLATE_FORBIDDEN")).toEqual(at);
    expect(places(payload("${size()}"), "TEMPLATE_ARGUMENTS")).toEqual(at);
    expect(places(payload(`\${${"!".repeat(100)}data.x}`), "TEMPLATE_LIMIT")).toEqual(at);
  });

  it("a schema is valid draft-07, refers to nothing outside, and has no pattern that can run for ever", () => {
    const withSchema = (one: JsonObject) =>
      short({ a: { type: "initial", data: { schema: one }, transitions: [to("b")] }, b: end });
    expect(places(withSchema({ type: "strng" }), "SCHEMA_INVALID")).toEqual([
      "error /states/a/data/schema/type",
    ]);
    expect(places(withSchema({ $ref: "http://example.com/s" }), "SCHEMA_INVALID")).toHaveLength(1);
    const unsafe = withSchema({ properties: { x: { pattern: "^(a+)+$" }, pattern: { type: "string" } } });
    expect(places(unsafe, "UNSAFE_PATTERN")).toEqual(["error /states/a/data/schema/properties/x/pattern"]);
    expect(places(unsafe, "SCHEMA_INVALID")).toEqual([]);
    const hidden = { properties: { default: { items: [{ patternProperties: { "^(a+)+$": true } }] } } };
    expect(places(withSchema(hidden), "UNSAFE_PATTERN")).toEqual([
      "error /states/a/data/schema/properties/default/items/0/patternProperties/^(a+)+$",
    ]);
    expect(places(withSchema({ const: { pattern: "^(a+)+$" } }), "UNSAFE_PATTERN")).toEqual([]);
    const faulty = withSchema({ pattern: "^(a+)+$", minimum: "a", patternProperties: { "(": true } });
    expect(places(faulty, "UNSAFE_PATTERN")).toEqual([
      "error /states/a/data/schema/pattern",
      "error /states/a/data/schema/patternProperties/(",
    ]);
    expect(places(faulty, "SCHEMA_INVALID")).toEqual(["error /states/a/data/schema/minimum"]);
    const response = { webhook: { url: "https://a.com", expectedResponse: { body: { type: "nothing" } } } };
    expect(
      places(
        short({
          a: { type: "initial", entryActions: [call("x", { trigger: response })], transitions: [to("b")] },
          b: end,
        }),
        "SCHEMA_INVALID",
      ),
    ).toEqual(["error /states/a/entryActions/0/trigger/webhook/expectedResponse/body/type"]);
  });

  it("the delay of a raised event is a duration, or a template for one", () => {
    const raising = (config: JsonObject) =>
      short({
        a: {
          type: "initial",
          entryActions: [{ actionId: "x", type: "raise", config: { event: "e", ...config } }],
          transitions: [to("b")],
        },
        b: end,
      });
    const at = "/states/a/entryActions/0/config";
    expect(places(raising({ delay: "soon" }), "INVALID_DURATION")).toEqual([`error ${at}/delay`]);
    expect(places(raising({ delay: "$data.wait" }), "INVALID_DURATION")).toEqual([]);
    expect(places(raising({ data: { to: "$dta.x" } }), "TEMPLATE_UNKNOWN_ROOT")).toEqual([
      `error ${at}/data/to`,
    ]);
  });

  it("durations are ISO 8601 wherever they stand", () => {
    const document = short(
      {
        a: {
          type: "initial",
          entryActions: [call("x", { retryDelay: "10s", timeout: "PT", backoff: { maxDelay: "P" } })],
          transitions: [to("b", { after: "1h" })],
        },
        b: end,
      },
      { actionDefaults: { timeout: "soon" } },
    );
    expect(places(document, "INVALID_DURATION").sort()).toEqual([
      "error /actionDefaults/timeout",
      "error /states/a/entryActions/0/backoff/maxDelay",
      "error /states/a/entryActions/0/retryDelay",
      "error /states/a/entryActions/0/timeout",
      "error /states/a/transitions/0/after",
    ]);
  });
});
