/** A join whose missing token cannot come: told in an incident, and an operator may let it go on without. */
import { expect, it } from "vitest";
import { PureRun } from "../kit/pure-run.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

/** Two ways to the join, of which one may leave for the end before. */
const definition = {
  stateMachineId: "stuck",
  states: [
    { stateId: "a", baseStateType: "initial" },
    { stateId: "f", baseStateType: "fork" },
    { stateId: "left", baseStateType: "userTask" },
    { stateId: "right", baseStateType: "userTask" },
    { stateId: "j", baseStateType: "join" },
    { stateId: "gone", baseStateType: "final" },
    { stateId: "end", baseStateType: "final" },
  ],
  transitions: [
    { fromStateId: "a", toStateId: "f", event: manual("go") },
    { fromStateId: "f", toStateId: "left" },
    { fromStateId: "f", toStateId: "right" },
    { fromStateId: "left", toStateId: "j", event: manual("left") },
    { fromStateId: "right", toStateId: "j", event: manual("right") },
    { fromStateId: "right", toStateId: "gone", event: manual("away") },
    { fromStateId: "j", toStateId: "end" },
  ],
};

it("a join whose missing token has gone elsewhere is told, and goes on with what is there when it is skipped", () => {
  const run = new PureRun(definition);
  run.start();
  run.send("go");
  run.send("left");
  expect(run.snapshot?.incidents).toEqual([]);
  run.send("away");
  expect(run.snapshot?.incidents).toMatchObject([{ code: "JOIN_STUCK", state: "j", suspends: true }]);
  run.accept({ type: "operator", act: "skip", reason: "it will not come" });
  expect([run.state, run.status, run.snapshot?.incidents]).toEqual(["end", "completed", []]);
});
