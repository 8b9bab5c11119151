import type { Token } from "../../model/snapshot.js";
import { emitLink, record, type Turn } from "../turn.js";
import { keepChild } from "../undo/compensation-log.js";

/**
 * Nobody waits for the children of the token any more: they are cancelled, and what they tell later is not looked at. What
 * they had done by then can be undone as what others did that ended.
 */
export function cancelChildren(turn: Turn, token: Token, reason: string): void {
  if (token.heldFailure !== undefined) delete token.heldFailure;
  if (token.child === undefined && token.each === undefined) return;
  const running = [...(token.child === undefined ? [] : [token.child]), ...(token.each?.running ?? [])];
  for (const { childId } of running) {
    emitLink(turn, childId, { kind: "cancel-child", childId, reason });
    record(turn, "child-cancelled", { childId });
    keepChild(turn, token, childId);
  }
  delete token.child;
  delete token.each;
}
