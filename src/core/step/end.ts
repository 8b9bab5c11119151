import type { InstanceStatus } from "../model/snapshot.js";
import { record, type Turn } from "./turn.js";

/** Ends the instance: what was kept is discarded, each with a record, and no operator holds it any more. */
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
  draft.status = status;
  delete draft.suspension;
  record(turn, "instance-ended", { status, ...details });
}
