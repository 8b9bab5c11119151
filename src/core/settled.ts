import type { Snapshot, Token } from "./model/snapshot.js";

/**
 * True when nothing moves by itself any more: no action is under way or waits for its next try, no child runs, nothing is
 * kept.
 */
export function isSettled(snapshot: Snapshot): boolean {
  return snapshot.status === "suspended" || (snapshot.kept.length === 0 && snapshot.tokens.every(isAtRest));
}

/** True when the instance has ended and its last actions are over too. */
export function isOver(snapshot: Snapshot): boolean {
  const hasEnded =
    snapshot.status === "completed" || snapshot.status === "error" || snapshot.status === "cancelled";
  return hasEnded && snapshot.tokens.every((token) => token.agenda === undefined);
}

function isAtRest({ agenda, child, each }: Token): boolean {
  return agenda === undefined && child === undefined && each === undefined;
}
