import type { Snapshot } from "./model/snapshot.js";
import { innermostTokens } from "./step/tokens/token-tree.js";

/** The states of all innermost tokens, in document order; the first is the current one. At least one once it began. */
export function currentStates(snapshot: Snapshot): readonly string[] {
  return innermostTokens(snapshot).map(({ stateId }) => stateId);
}
