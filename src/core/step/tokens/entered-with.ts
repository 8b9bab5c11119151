import type { StateModel } from "../../model/machine.js";
import { goalsInside } from "../enter.js";
import { stateNamed, type Turn } from "../turn.js";

/** The state and all that are entered inside it with it: those that it is bound for, elsewhere the initial ones. */
export function enteredWith(turn: Turn, stateId: string, inward: readonly string[]): readonly StateModel[] {
  const state = stateNamed(turn.machine, stateId);
  const inside = state.innerScopeIds.flatMap((modelId) => [...goalsInside(turn, modelId, inward)]);
  return [state, ...inside.flatMap(([innerId, further]) => enteredWith(turn, innerId, further))];
}
