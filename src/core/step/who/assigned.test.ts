import { describe, expect, it } from "vitest";
import { PureRun } from "../../../../test/kit/pure-run.js";
import type { JsonObject } from "../../json/json.js";

const task = (whose: JsonObject): PureRun => {
  const run = new PureRun({
    stateMachineId: "loan",
    states: [
      {
        stateId: "open",
        baseStateType: "initial",
        data: {
          schema: { type: "object", properties: { customer: { type: "string" }, team: { type: "string" } } },
        },
      },
      {
        stateId: "answer",
        baseStateType: "userTask",
        data: {
          schema: { type: "object", properties: { customer: { type: "string" }, isOk: { type: "boolean" } } },
        },
        ...whose,
      },
      { stateId: "done", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "ask",
        fromStateId: "open",
        toStateId: "answer",
        event: [{ eventId: "ask", trigger: "manual" }],
      },
      {
        transitionId: "end",
        fromStateId: "answer",
        toStateId: "done",
        event: [{ eventId: "end", trigger: "manual" }],
      },
    ],
  });
  run.start({ customer: "ada", team: "desk" });
  run.send("ask", {}, "eve");
  return run;
};

const end = (actor: string, groups: readonly string[] = [], data: JsonObject = {}) =>
  ({ type: "event", eventId: "end", data, variables: {}, actor, groups }) as const;

describe("whose a task is", () => {
  it("only the assignee sends its events, as the instance's data says", () => {
    const run = task({ assignee: "$data.customer" });
    expect(run.refuse(end("eve"))).toMatchObject({ code: "NOT_ASSIGNED" });
    expect(run.refuse(end("eve")).message).not.toContain('"ada"');
    expect(run.accept(end("ada")).outcome).toBe("taken");
  });

  it("the sender's own data does not name the assignee", () => {
    expect(task({ assignee: "$data.customer" }).refuse(end("eve", [], { customer: "eve" })).code).toBe(
      "NOT_ASSIGNED",
    );
  });

  it("a member of a candidate group may, whatever the assignee", () => {
    const run = task({ assignee: "$data.customer", candidateGroups: ["managers", "$data.team"] });
    expect(run.refuse(end("eve", ["staff"])).message).toContain('"managers" or "desk"');
    expect(run.accept(end("eve", ["desk"])).outcome).toBe("taken");
  });

  it("data for the task comes from the same people", () => {
    const run = task({ candidateGroups: ["managers"] });
    const update = { type: "update", data: { isOk: true }, variables: {}, actor: "eve" } as const;
    expect(run.refuse(update).code).toBe("NOT_ASSIGNED");
    expect(run.accept({ ...update, groups: ["managers"] }).outcome).toBe("updated");
  });

  it.each([
    ["an assignee that is absent", "$data.nobody"],
    ["an assignee that is no text", "$data"],
    ["anonymous", "anonymous"],
    ["system", "system"],
  ])("%s is nobody", (_what, assignee) => {
    const run = task({ assignee });
    for (const actor of ["ada", "eve", "anonymous", "system", ""]) {
      expect(run.refuse(end(actor)).code).toBe("NOT_ASSIGNED");
    }
  });
});
