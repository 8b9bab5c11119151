/** The parent rolls back, and asks for what this instance did to be undone. */
import type { CompensateCommand } from "../../message/command.js";
import { hasEnded, record, type Turn } from "../turn.js";
import { done, type Handled } from "./handled.js";
import { cancel } from "./operate.js";

/** Once for each key. Asked again while it is at it, it goes on, and the answer is to the later one. */
export function compensate(turn: Turn, { key }: CompensateCommand): Handled {
  const { draft } = turn;
  if (draft.parent === undefined || draft.undo?.key === key) {
    const why =
      draft.parent === undefined ? "has no parent that could ask for it" : "was asked for it before";
    const message = `Instance "${draft.instanceId}" does not undo what it did: it ${why}.`;
    return { rejection: { code: "NOT_ENABLED", message, enabled: [] } };
  }
  record(turn, "undo-asked", { key });
  if (!hasEnded(draft)) cancel(turn, "its parent rolls back");
  const isAtIt = draft.undo?.stage === "begun";
  draft.undo = {
    key,
    stage: isAtIt ? "begun" : "asked",
    notUndone: isAtIt ? (draft.undo?.notUndone ?? 0) : 0,
  };
  return done(turn);
}
