import type { StateModel } from "../machine.js";

/** The scopes whose history a target means: those inside of it, or for a plain state the one around it. */
export function historyScopes(target: StateModel): readonly string[] {
  if (target.innerScopeIds.length > 0) return target.innerScopeIds;
  return target.ancestors.length > 0 ? [target.scopeId] : [];
}
