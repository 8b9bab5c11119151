import { enclosingStates } from "../../survey/enclosing.js";
import type { ScopeEntry, StateEntry } from "../../survey/entries.js";

export interface RegionPlace {
  readonly parallel: StateEntry;
  readonly region: ScopeEntry;
}

/** The regions that a state is inside of, innermost first. */
export function regionsAround(entry: StateEntry): readonly RegionPlace[] {
  return [entry, ...enclosingStates(entry)].flatMap(({ home }) =>
    home.parent?.state.regions === undefined ? [] : [{ parallel: home.parent, region: home }],
  );
}
