import { describe, expect, it } from "vitest";
import { PureRun } from "../../../test/kit/pure-run.js";
import { isTimerAlone, type Waits, waitsOf, waitsText } from "./waits.js";

const to = (target: string, more: object = {}) => ({ target, ...more });
const end = { type: "final" };
const region = (id: string) => ({
  regionId: id,
  states: { [id]: { type: "initial", transitions: [to(`${id}End`, { event: id })] }, [`${id}End`]: end },
});

function waits(states: object, ...events: string[]): Waits {
  const run = new PureRun({ id: "m", states } as never);
  run.start();
  for (const event of events) run.send(event);
  if (run.snapshot === undefined) throw new Error("It did not start.");
  return waitsOf(run.machine, run.snapshot);
}

describe("what an instance waits for", () => {
  it("is the work inside a state, not data for its automatic transitions", () => {
    const found = waits({
      begin: { type: "initial", transitions: [to("p")] },
      p: { type: "parallel", regions: [region("l"), region("r")], transitions: [to("end")] },
      end,
    });
    expect(found).toMatchObject({ events: ["l", "r"], transitions: [] });
  });

  it("is data where a state that is settled has an automatic transition that does not hold", () => {
    const found = waits({
      begin: { type: "initial", transitions: [to("a")] },
      a: { type: "wait", transitions: [to("end", { condition: "data.x == 1" })] },
      end,
    });
    expect(found.transitions).toEqual(["aToEnd"]);
  });

  it("is the other tokens where one stands in a join", () => {
    const found = waits(
      {
        begin: { type: "initial", transitions: [to("f")] },
        f: { type: "fork", transitions: [to("a"), to("b")] },
        a: { type: "wait", transitions: [to("j", { event: "ea" })] },
        b: { type: "wait", transitions: [to("j", { event: "eb" })] },
        j: { type: "join", transitions: [to("end")] },
        end,
      },
      "ea",
    );
    expect(found).toMatchObject({ events: ["eb"], transitions: [] });
  });

  it("is its child, with what that waits for", () => {
    const found = waits({
      begin: { type: "initial", transitions: [to("a")] },
      a: { type: "task", subMachine: { stateMachineId: "n" }, transitions: [to("end")] },
      end,
    });
    expect(found).toMatchObject({ events: [], transitions: [] });
    const [child] = found.children;
    expect(waitsText(found, 0)).toBe(`its child ${child?.childId}`);
    const none = { events: [], transitions: [], dueAtMs: undefined, children: [] };
    const looked = (of: Partial<Waits>): Waits => ({
      ...found,
      children: [{ childId: "c", waits: { ...none, ...of } }],
    });
    expect(waitsText(looked({ events: ["pay"] }), 0)).toBe("its child c (which waits for event pay)");
    expect(isTimerAlone(looked({ events: ["pay"], dueAtMs: 5 }))).toBe(false);
    expect(isTimerAlone(looked({ dueAtMs: 5 }))).toBe(true);
    expect(isTimerAlone(found)).toBe(false);
  });

  it("names three of many children", () => {
    const children = ["c1", "c2", "c3", "c4", "c5"].map((childId) => ({ childId, waits: undefined }));
    const text = waitsText({ events: [], transitions: [], dueAtMs: undefined, children }, 0);
    expect(text).toBe("its child c1, its child c2, its child c3, 2 more children");
  });
});
