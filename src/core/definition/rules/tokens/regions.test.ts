import { describe, expect, it } from "vitest";
import { end, messages, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../../json/json.js";

const on = (event: string, target: string, more: JsonObject = {}) => to(target, { event, ...more });
/** begin → par (left: l1, l2; right: r1, r2) → end, with transitions of begin, l1, r1 and par. */
const parallel = (parts: {
  begin?: JsonObject[];
  left?: JsonObject[];
  right?: JsonObject[];
  par?: JsonObject[];
}) => {
  const { begin = [], left = [], right = [], par = [] } = parts;
  return short({
    begin: { type: "initial", transitions: [...begin, on("start", "par")] },
    par: {
      type: "parallel",
      regions: [
        {
          regionId: "left",
          states: { l1: { type: "initial", transitions: [...left, on("l", "l2")] }, l2: end },
        },
        {
          regionId: "right",
          states: { r1: { type: "initial", transitions: [...right, on("r", "r2")] }, r2: end },
        },
      ],
      transitions: [...par, to("end")],
    },
    end,
  });
};

describe("transitions around regions", () => {
  it("one into the middle of a parallel state starts its other regions too, which is told", () => {
    const document = parallel({ begin: [on("jump", "l2")] });
    expect(places(document, "INTO_PARALLEL")).toEqual(["warning /states/begin/transitions/0/target"]);
    expect(messages(document, "INTO_PARALLEL")).toEqual([
      'State "begin": transition "beginToL2" leads into the middle of "par": region "right" of it is entered by default.',
    ]);
    expect(places(parallel({ par: [on("again", "r2")] }), "INTO_PARALLEL")).toHaveLength(1);
    expect(places(parallel({}), "INTO_PARALLEL")).toEqual([]);
    expect(places(parallel({ left: [on("x", "par")] }), "INTO_PARALLEL")).toEqual([]);
  });

  it("one from a region into another leaves and enters the whole, which is told", () => {
    const document = parallel({ left: [on("cross", "r2")] });
    expect(places(document, "ACROSS_REGIONS")).toEqual([
      "warning /states/par/regions/0/states/l1/transitions/0/target",
    ]);
    expect(messages(document, "ACROSS_REGIONS")).toEqual([
      'State "l1": transition "l1ToR2" leads from region "left" into region "right": the whole of "par" is left and entered again.',
    ]);
    expect(places(document, "INTO_PARALLEL")).toEqual([]);
    expect(places(parallel({ left: [on("x", "l2")] }), "ACROSS_REGIONS")).toEqual([]);
  });

  it("the same event in two regions is told where one of them leaves the parallel state", () => {
    const document = parallel({ left: [on("stop", "end")], right: [on("stop", "r2")] });
    expect(places(document, "REGION_CONFLICT")).toEqual([
      "warning /states/par/regions/0/states/l1/transitions/0",
    ]);
    expect(messages(document, "REGION_CONFLICT")).toEqual([
      'State "l1": transition "l1ToEnd" leaves "par" on "stop", on which transition "r1ToR2" of region "right" is taken too: only the first of them in the document is.',
    ]);
    const crossing = parallel({ left: [on("stop", "l2")], right: [on("stop", "l1")] });
    expect(places(crossing, "REGION_CONFLICT")).toHaveLength(1);
    const inner = { actions: [{ actionId: "note", type: "log" }] };
    const noted = parallel({ left: [on("stop", "end")], right: [{ event: "stop", ...inner }] });
    expect(places(noted, "REGION_CONFLICT")).toHaveLength(1);
  });

  it("two that stay in their regions, or differ in their events, do not conflict", () => {
    const none = (left: JsonObject[], right: JsonObject[]) =>
      expect(places(parallel({ left, right }), "REGION_CONFLICT")).toEqual([]);
    none([on("stop", "l2")], [on("stop", "r2")]);
    none([on("stop", "end")], [on("halt", "end")]);
    none([on("error", "end")], [on("error.LATE", "end"), on("error", "end")]);
    none([on("escalation.X", "end")], [on("escalation.X", "end")]);
    none([to("end", { after: "PT1H" })], [to("end", { after: "PT1H" })]);
  });

  it("signals are shared by their names", () => {
    const signal = (eventId: string) => ({ event: { trigger: "signal", eventId, signal: "storm" } });
    const document = parallel({ left: [to("end", signal("a"))], right: [to("r2", signal("b"))] });
    expect(places(document, "REGION_CONFLICT")).toHaveLength(1);
  });
});
