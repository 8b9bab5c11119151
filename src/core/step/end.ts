import { isJsonObject, type JsonObject } from "../json/json.js";
import type { ChildOutcome } from "../message/command.js";
import type { InstanceStatus } from "../model/snapshot.js";
import { callOffAll } from "./raised.js";
import { innermostTokens } from "./tokens/token-tree.js";
import { emitLink, hasEnded, record, type Turn } from "./turn.js";
import { undoableOnAsking } from "./undo/compensation-log.js";

/**
 * Ends the instance: what was kept is discarded, each with a record, what waited inside is called off, and no operator
 * holds it any more.
 */
export function endInstance(
  turn: Turn,
  status: InstanceStatus,
  details: { readonly state?: string } = {},
): void {
  const { draft } = turn;
  for (const kept of draft.kept) {
    record(turn, "event-discarded", {
      event: kept.eventId,
      keptAtSeq: kept.seq,
      code: "INSTANCE_ENDED",
      message: `the instance has ended with status "${status}"`,
    });
  }
  draft.kept = [];
  callOffAll(turn);
  draft.status = status;
  delete draft.suspension;
  record(turn, "instance-ended", { status, ...details });
}

/**
 * Tells whoever waits for this instance how it ended, once, when the command that ended it is over: what the entry actions
 * of its last state set at once counts, what they wait for does not.
 */
export function tellParent(turn: Turn): void {
  const { parent, status } = turn.draft;
  if (parent === undefined || turn.hadEnded || !hasEnded(turn.draft)) return;
  const [last] = innermostTokens(turn.draft);
  emitLink(turn, "ended", {
    kind: "tell-parent",
    parentId: parent.instanceId,
    childKey: parent.key,
    outcome: {
      ...outcomeOf(turn, status, last?.stateId ?? ""),
      ...(isUndoable(turn) ? { isUndoable: true } : {}),
    },
  });
}

/** What its last actions will bring is not known yet. */
function isUndoable({ draft, machine }: Turn): boolean {
  if (draft.parent?.mayUndo !== true) return false;
  const hasMore = machine.canBeUndone && draft.tokens.some(({ agenda }) => agenda !== undefined);
  return hasMore || undoableOnAsking(draft).length > 0;
}

function outcomeOf({ draft }: Turn, status: InstanceStatus, state: string): ChildOutcome {
  if (status === "completed") return { outcome: "completed", data: draft.data, state };
  const lastError: JsonObject = isJsonObject(draft.variables.lastError) ? draft.variables.lastError : {};
  const isCancelled = status === "cancelled";
  const code = isCancelled ? "CHILD_CANCELLED" : (lastError.errorCode ?? "CHILD_FAILED");
  const why = isCancelled ? draft.reason : (lastError.errorMessage ?? draft.reason);
  return {
    outcome: "failed",
    code: String(code),
    message: `Child "${draft.instanceId}" ended with status "${status}"${why ? `: ${String(why)}` : "."}`,
    data: draft.data,
  };
}
