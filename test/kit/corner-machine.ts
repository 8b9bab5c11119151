/** Machines for corners: an initial state, the states that matter, and the ends that are used. */
import type { JsonObject } from "../../src/core/json/json.js";
import { PureRun } from "./pure-run.js";

export const manual = (eventId: string) => [{ eventId, trigger: "manual" }];
export const waits = (...durations: string[]) =>
  durations.map((duration) => ({ trigger: "time-based", after: duration }));
export const schema = (properties: JsonObject, required: string[] = []) => ({
  schema: { type: "object", properties, required },
});
export const number = { type: "number" };

export function machine(states: JsonObject[], transitions: JsonObject[], more: JsonObject = {}): PureRun {
  const ends = [
    { stateId: "done", baseStateType: "final" },
    { stateId: "failed", baseStateType: "error" },
  ].filter((end) => !states.some((state) => state.stateId === end.stateId));
  // An error state is only reached where something can fail or leads there.
  const canFail = JSON.stringify([states, transitions]).includes("webhook");
  const used = ends.filter(
    (end) =>
      (end.stateId === "failed" && canFail) ||
      transitions.some((transition) => transition.toStateId === end.stateId),
  );
  const run = new PureRun({
    stateMachineId: "corner",
    ...more,
    states: [{ stateId: "init", baseStateType: "initial" }, ...states, ...used],
    transitions,
  });
  return run;
}
