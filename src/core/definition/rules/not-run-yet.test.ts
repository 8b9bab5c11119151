import { describe, expect, it } from "vitest";
import { call, end, places, short, to } from "../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../json/json.js";

describe("what is not run yet", () => {
  const state = (more: JsonObject) =>
    short({ a: { type: "initial", transitions: [to("end")], ...more }, end });
  const action = (more: JsonObject) => state({ entryActions: [call("x", more)] });
  const transition = (more: JsonObject) => state({ transitions: [to("end", more)] });
  it.each<[string, JsonObject, string]>([
    ["startOn by Kafka", state({ startOn: { trigger: "kafka", topic: "x" } }), "/states/a/startOn/trigger"],
    [
      "FEEL",
      transition({ condition: { language: "feel", expression: "x > 1" } }),
      "/states/a/transitions/0/condition/language",
    ],
    [
      "inbound messages of Kafka",
      transition({ event: { trigger: "kafka", topic: "x" } }),
      "/states/a/transitions/0/event/trigger",
    ],
    ["Kafka", action({ trigger: { kafka: { topic: "t" } } }), "/states/a/entryActions/0/trigger/kafka"],
    ["files", action({ trigger: { file: { path: "t" } } }), "/states/a/entryActions/0/trigger/file"],
    [
      "awaited callbacks of what tells no address",
      action({ type: "log", callback: { webhook: { await: true } } }),
      "/states/a/entryActions/0/callback/webhook/await",
    ],
    [
      "awaited callbacks of what is sent at most once",
      action({ delivery: "atMostOnce", callback: { webhook: { await: true } } }),
      "/states/a/entryActions/0/callback/webhook/await",
    ],
  ])("%s keep a definition from being used", (_, document, pointer) => {
    expect(places(document, "NOT_RUN_YET")).toContain(`error ${pointer}`);
  });

  it("invariants are a warning: nothing that happens depends on them", () => {
    const document = short(
      { a: { type: "initial", transitions: [to("end")] }, end },
      { invariants: ["true"] },
    );
    expect(places(document, "NOT_RUN_YET")).toEqual(["warning /invariants"]);
  });

  it("what says the default is run", () => {
    expect(
      places(
        action({ delivery: "atLeastOnce", callback: { webhook: { url: "https://a.com" } } }),
        "NOT_RUN_YET",
      ),
    ).toEqual([]);
    expect(places(transition({ keepSource: false }), "NOT_RUN_YET")).toEqual([]);
  });
});
