/** What arrives while actions are under way is kept, and has its turn when every token is settled. */
import type { KeptCommand, Token } from "../model/snapshot.js";
import { takeEvent } from "./events.js";
import { fireTimer } from "./timers.js";
import { record, type Turn } from "./turn.js";

/** Takes the oldest kept command; false when there is none or its time has not come. */
export function takeKept(turn: Turn): boolean {
  const { draft } = turn;
  const isStable =
    draft.status === "active" && draft.tokens.every((token: Token) => token.phase === "settled");
  const kept = draft.kept[0];
  if (!isStable || kept === undefined) return false;
  draft.kept = draft.kept.slice(1);
  retry(turn, kept);
  return true;
}

function retry(turn: Turn, kept: KeptCommand): void {
  if (kept.kind === "timer") {
    const token = turn.draft.tokens.find((candidate) => candidate.tokenId === kept.tokenId);
    if (token !== undefined) fireTimer(turn, token, kept.transitionId, kept.eventId);
    return;
  }
  const outcome = takeEvent(turn, kept);
  if (outcome.kind === "taken") return;
  const code = outcome.kind === "refused" ? outcome.rejection.code : "NOT_ENABLED";
  const message = outcome.kind === "refused" ? outcome.rejection.message : "it is not enabled any more";
  record(turn, "event-discarded", { event: kept.eventId, keptAtSeq: kept.seq, code, message });
}
