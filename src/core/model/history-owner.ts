import type { StateModel } from "./machine.js";

/** Whose history a target with `history` means: its own when it has states inside, else that of the state around it. */
export function historyOwner(target: StateModel): readonly string[] {
  if (target.innerScopeIds.length > 0) return [target.stateId];
  return target.ancestors.slice(0, 1);
}
