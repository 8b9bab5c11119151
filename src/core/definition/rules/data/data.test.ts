import { describe, expect, it } from "vitest";
import {
  call,
  end,
  findingsOf,
  places,
  schema,
  short,
  to,
} from "../../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../../json/json.js";

describe("data", () => {
  const machine = (condition: string, more: JsonObject = {}, extra: JsonObject = {}) =>
    short({
      a: { type: "initial", data: schema("amount"), transitions: [to("end", { condition })], ...more },
      end: { ...end, data: schema() },
      ...extra,
    });

  it("what a condition reads is declared or set somewhere", () => {
    expect(places(machine("data.amuont > 0 && data.amuont < 9"), "NOTHING_PROVIDES")).toEqual([
      "warning /states/a/transitions/0/condition",
    ]);
    expect(places(machine("data.amount > 0"), "NOTHING_PROVIDES")).toEqual([]);
    const sets = { entryActions: [{ actionId: "x", type: "assign", assign: { found: true } }] };
    expect(places(machine("data.found", sets), "NOTHING_PROVIDES")).toEqual([]);
    expect(
      places(
        machine("data.found", { entryActions: [call("x", { output: { found: "$response.body" } })] }),
        "NOTHING_PROVIDES",
      ),
    ).toEqual([]);
  });

  it("what a template reads is declared or set somewhere", () => {
    const entryActions = [{ actionId: "x", type: "audit", config: { message: "Paid ${data.amuont}" } }];
    expect(places(machine("true", { entryActions }), "NOTHING_PROVIDES")).toEqual([
      "warning /states/a/entryActions/0/config",
    ]);
  });

  it("a state that takes anything silences what can come after it, and only that", () => {
    expect(places(machine("data.found", { data: {} }), "NOTHING_PROVIDES")).toEqual([]);
    const later = { z: { type: "task", transitions: [to("end", { event: "e" })] } };
    expect(
      places(
        machine("data.found", { transitions: [to("z", { condition: "data.found" })] }, later),
        "NOTHING_PROVIDES",
      ),
    ).toEqual([]);
    const unrelated = { before: { type: "task", transitions: [to("end")] } };
    expect(
      places(
        machine(
          "data.found",
          { transitions: [to("before"), to("mid", { condition: "data.found" })] },
          {
            ...unrelated,
            mid: { type: "task", data: schema("q"), transitions: [to("end")] },
          },
        ),
        "NOTHING_PROVIDES",
      ),
    ).toEqual(["warning /states/a/transitions/1/condition"]);
  });

  describe("across levels", () => {
    const boxed = (states: JsonObject, more: JsonObject = {}, last: JsonObject = {}) =>
      short({
        start: { type: "initial", data: schema("id"), transitions: [to("box")] },
        box: { type: "compound", states, transitions: [to("end")], ...more },
        end: { ...end, data: schema(), ...last },
      });
    const inner = (data: JsonObject) => ({
      in: { type: "initial", data, transitions: [to("out", { event: "e", condition: "data.note" })] },
      out: { ...end, data: schema() },
    });

    it("what an enclosing state declares is provided inside, and one without a schema provides nothing", () => {
      const data = schema("other");
      expect(places(boxed(inner(data)), "NOTHING_PROVIDES")).toHaveLength(1);
      expect(places(boxed(inner(data), { data: schema("note") }), "NOTHING_PROVIDES")).toEqual([]);
      expect(
        places(boxed(inner(data), { data: { schema: { additionalProperties: true } } }), "NOTHING_PROVIDES"),
      ).toEqual([]);
      expect(places(boxed(inner({})), "NOTHING_PROVIDES")).toEqual([]);
    });

    it("a state in another region, or on another way of a fork, can have brought something by then", () => {
      const reader = {
        r: {
          type: "initial",
          data: schema("o"),
          transitions: [to("r2", { event: "e", condition: "data.note" })],
        },
        r2: { ...end, data: schema() },
      };
      const bringer = (data: JsonObject) => ({
        b: { type: "initial", data, transitions: [to("b2", { event: "f" })] },
        b2: { ...end, data: schema() },
      });
      const parallel = (data: JsonObject) =>
        short({
          start: { type: "initial", data: schema("id"), transitions: [to("par")] },
          par: {
            type: "parallel",
            regions: [
              { regionId: "x", states: reader },
              { regionId: "y", states: bringer(data) },
            ],
            transitions: [to("end")],
          },
          end: { ...end, data: schema() },
        });
      expect(places(parallel({}), "NOTHING_PROVIDES")).toEqual([]);
      expect(places(parallel(schema("p")), "NOTHING_PROVIDES")).toHaveLength(1);
      const forked = (data: JsonObject) =>
        short({
          start: { type: "initial", data: schema("id"), transitions: [to("f")] },
          f: { type: "fork", transitions: [to("r"), to("b")] },
          r: {
            type: "task",
            data: schema("o"),
            transitions: [to("end", { event: "e", condition: "data.note" })],
          },
          b: { type: "task", data, transitions: [to("end", { event: "g" })] },
          end: { ...end, data: schema() },
        });
      expect(places(forked({}), "NOTHING_PROVIDES")).toEqual([]);
      expect(places(forked(schema("p")), "NOTHING_PROVIDES")).toHaveLength(1);
    });

    it("what a final state requires can have come from inside, or from around", () => {
      const requiring = { data: { schema: { properties: { note: {} }, required: ["note"] } } };
      const states = (data: JsonObject) => ({
        in: { type: "initial", data, transitions: [to("out", { event: "e" })] },
        out: { ...end, data: schema() },
      });
      expect(places(boxed(states(schema("other")), {}, requiring), "REQUIRES_UNSET")).toHaveLength(1);
      expect(places(boxed(states(schema("note")), {}, requiring), "REQUIRES_UNSET")).toEqual([]);
      const around = {
        in: { type: "initial", data: schema("other"), transitions: [to("out")] },
        out: { ...end, ...requiring },
      };
      expect(places(boxed(around, { data: schema("note") }), "REQUIRES_UNSET")).toEqual([]);
      expect(places(boxed(around, { data: schema("more") }), "REQUIRES_UNSET")).toHaveLength(1);
    });
  });

  it("a final state that only automatic transitions enter requires nothing that could not be set before", () => {
    const document = (required: string[], more: JsonObject = {}) =>
      short({
        a: { type: "initial", data: schema("id"), transitions: [to("end", more)] },
        end: { ...end, data: { schema: { properties: { id: {}, receipt: {} }, required } } },
      });
    const findings = findingsOf(document(["id", "receipt"])).filter(
      (finding) => finding.code === "REQUIRES_UNSET",
    );
    expect(findings).toMatchObject([
      { pointer: "/states/end/data/schema/required/1", hint: "One such way: a → end." },
    ]);
    expect(places(document(["id"]), "REQUIRES_UNSET")).toEqual([]);
    expect(places(document(["receipt"], { event: "e" }), "REQUIRES_UNSET")).toEqual([]);
    const sets = { actions: [{ actionId: "x", type: "assign", assign: { receipt: 1 } }] };
    expect(places(document(["receipt"], sets), "REQUIRES_UNSET")).toEqual([]);
  });
});
