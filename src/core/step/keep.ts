/** What arrives while actions are under way is kept, up to a limit, and has its turn when every token is settled. */
import { canonicalBytes } from "../json/canonical-size.js";
import type { Json, JsonObject } from "../json/json.js";
import type { Rejection } from "../message/answer.js";
import type { KeptCommand, Token } from "../model/snapshot.js";
import { takeEvent } from "./events.js";
import { fireTimer } from "./timers.js";
import { record, type Turn } from "./turn.js";

/** Events that an instance keeps. */
export const MAX_KEPT_EVENTS = 1_000;

/** Bytes of canonical text that they have together: the snapshot, which holds them, is written with every command. */
export const MAX_KEPT_BYTES = 1_048_576;

/** Why an event is not kept any more; `undefined` when it is. */
export function keptExcess(
  turn: Turn,
  event: { readonly eventId: string; readonly data: JsonObject; readonly variables: JsonObject },
): Rejection | undefined {
  const { draft } = turn;
  const events = draft.kept.filter((kept) => kept.kind === "event");
  const refused = (what: string): Rejection => ({
    code: "LIMIT_EXCEEDED",
    message: `Instance "${draft.instanceId}" keeps ${what} until its actions are done and takes no event "${event.eventId}" before that. Send it again later.`,
  });
  if (events.length >= MAX_KEPT_EVENTS) return refused(`${events.length} events`);
  const { data, variables } = event;
  const bytes = canonicalBytes([...events, { data, variables }] as unknown as Json, MAX_KEPT_BYTES);
  return bytes <= MAX_KEPT_BYTES ? undefined : refused(`${MAX_KEPT_BYTES / 1_048_576} MiB of events`);
}

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
    if (token?.visit.ordinal === kept.visit) fireTimer(turn, token, kept.transitionId, kept.eventId);
    return;
  }
  const outcome = takeEvent(turn, kept);
  if (outcome.kind === "taken") return;
  const code = outcome.kind === "refused" ? outcome.rejection.code : "NOT_ENABLED";
  const message = outcome.kind === "refused" ? outcome.rejection.message : "it is not enabled any more";
  record(turn, "event-discarded", { event: kept.eventId, keptAtSeq: kept.seq, code, message });
}
