import { describe, expect, it } from "vitest";
import { call, end, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../../json/json.js";

function doing(action: JsonObject, machine: JsonObject = {}): unknown {
  return {
    ...short({ a: { type: "initial", entryActions: [action], transitions: [to("b")] }, b: end }),
    ...machine,
  };
}

const ONCE = { delivery: "atMostOnce" };
const meaningless = (document: unknown) => places(document, "NO_MEANING");

describe("words of delivery", () => {
  it("mean something on what is sent at most once, with reconcile and without, retried or not", () => {
    expect(meaningless(doing(call("x", ONCE)))).toEqual([]);
    expect(meaningless(doing(call("x", { ...ONCE, retryCount: 2, reconcile: call("y") })))).toEqual([]);
    expect(
      meaningless(doing(call("x", { reconcile: call("y") }), { actionDefaults: { delivery: "atMostOnce" } })),
    ).toEqual([]);
    expect(
      meaningless(
        doing(call("x", { ...ONCE, reconcile: { actionId: "y", type: "function", function: "f" } })),
      ),
    ).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      "reconcile of what is sent again",
      call("x", { reconcile: call("y") }),
      "warning /states/a/entryActions/0/reconcile",
    ],
    [
      "reconcile of a reconcile action",
      call("x", { ...ONCE, reconcile: call("y", { reconcile: call("z") }) }),
      "error /states/a/entryActions/0/reconcile/reconcile",
    ],
    [
      "a reconcile action that asks nobody",
      call("x", { ...ONCE, reconcile: { actionId: "y", type: "log" } }),
      "error /states/a/entryActions/0/reconcile",
    ],
    [
      "a question that is asked at most once",
      call("x", { ...ONCE, reconcile: call("y", ONCE) }),
      "warning /states/a/entryActions/0/reconcile/delivery",
    ],
    [
      "at most once of what sends nothing",
      { actionId: "x", type: "log", ...ONCE },
      "warning /states/a/entryActions/0/delivery",
    ],
    [
      "onTimeout of what is sent at most once",
      call("x", { ...ONCE, onTimeout: "retry" }),
      "warning /states/a/entryActions/0/onTimeout",
    ],
  ])("%s is a finding", (_, action, place) => {
    expect(meaningless(doing(action))).toContain(place);
  });

  it("a reconcile action needs no error route: what it cannot find out is an incident", () => {
    const document = doing(call("x", { ...ONCE, onError: "abort", reconcile: call("y") }));
    expect(places(document, "NO_ERROR_ROUTE")).toEqual([]);
  });
});
