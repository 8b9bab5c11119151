/** What arrives while actions are under way is kept, up to a limit, and has its turn when every token is settled. */
import { canonicalJson } from "../json/canonical-json.js";
import { canonicalBytes } from "../json/canonical-size.js";
import type { Json, JsonObject } from "../json/json.js";
import type { Rejection } from "../message/answer.js";
import type { KeptCommand, RaisedEvent } from "../model/snapshot.js";
import { type EventOutcome, occurrenceOf, takeEvent, takeRaisedEvent, takeSignal } from "./events.js";
import { countAutomaticStep } from "./failure/automatic-limit.js";
import { closeIncident, openIncident } from "./failure/incidents.js";
import { fireTimer, mayFire } from "./timing/fire-timer.js";
import { type Occurrence, selectAllFor } from "./transition/select.js";
import { hasEnded, record, type Turn } from "./turn.js";

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

/**
 * Takes the oldest kept command whose time has come; false when there is none. With everything settled that is the first
 * one; while some tokens are busy, what those that have settled can take is not held up by them.
 */
export function takeKept(turn: Turn): boolean {
  const { draft } = turn;
  if (draft.kept.length === 0 || hasEnded(draft)) return false;
  if (draft.status === "active" && draft.tokens.every((token) => token.agenda === undefined)) {
    const [kept] = draft.kept;
    if (kept === undefined) return false;
    draft.kept = draft.kept.slice(1);
    retry(turn, kept);
    return true;
  }
  if (draft.tokens.length === 1 || !turn.mayTakeKept) return false;
  turn.mayTakeKept = false;
  const ready = draft.kept.find((kept) => canBeTaken(turn, kept));
  if (ready === undefined) return false;
  turn.mayTakeKept = true;
  draft.kept = draft.kept.filter((kept) => kept !== ready);
  retry(turn, ready);
  return true;
}

function canBeTaken(turn: Turn, kept: KeptCommand): boolean {
  if (kept.kind === "timer") {
    const token = turn.draft.tokens.find((candidate) => candidate.tokenId === kept.tokenId);
    return token !== undefined && mayFire(turn, token, kept.transitionId);
  }
  const selected = selectAllFor(turn, keptOccurrence(kept));
  return !("kind" in selected) && selected.enabled.length > 0;
}

function keptOccurrence(kept: Exclude<KeptCommand, { kind: "timer" }>): Occurrence {
  const { eventId: name, data } = kept;
  switch (kept.kind) {
    case "raised":
      return { kind: "event", name, eventData: data };
    case "signal":
      return { kind: "signal", name, data: kept.data, eventData: data };
    case "event":
      return occurrenceOf(kept);
  }
}

function retry(turn: Turn, kept: KeptCommand): void {
  if (kept.kind === "timer") {
    const token = turn.draft.tokens.find((candidate) => candidate.tokenId === kept.tokenId);
    if (token?.visit.ordinal === kept.visit) fireTimer(turn, token, kept.transitionId, kept.eventId);
    return;
  }
  const outcome = offer(turn, kept);
  if (outcome.kind === "taken" || outcome.kind === "over-limit") return;
  const code = outcome.kind === "refused" ? outcome.rejection.code : "NOT_ENABLED";
  const message = outcome.kind === "refused" ? outcome.rejection.message : "it is not enabled any more";
  record(turn, "event-discarded", { event: kept.eventId, keptAtSeq: kept.seq, code, message });
}

function offer(turn: Turn, kept: Exclude<KeptCommand, { kind: "timer" }>): RaisedOutcome {
  switch (kept.kind) {
    case "event":
      return takeEvent(turn, kept);
    case "signal":
      return takeSignal(turn, kept.eventId, kept.data, kept.actor ?? "system");
    case "raised":
      return offerRaised(turn, kept);
  }
}

type RaisedOutcome = EventOutcome | { readonly kind: "over-limit" };

/**
 * Offers an event from inside. Nobody is told when it cannot be taken, so an incident says it; what an instance does to
 * itself is bounded like its other automatic steps.
 */
function offerRaised(turn: Turn, { eventId, data }: RaisedEvent): RaisedOutcome {
  const selected = selectAllFor(turn, { kind: "event", name: eventId, eventData: data });
  const first = "kind" in selected ? undefined : selected.enabled[0];
  if (first !== undefined && !countAutomaticStep(turn, first.token, first.transition)) {
    const message = "more automatic steps than one command may cause";
    record(turn, "event-discarded", { event: eventId, code: "AUTOMATIC_LIMIT", message });
    return { kind: "over-limit" };
  }
  const outcome = takeRaisedEvent(turn, eventId, data);
  if (outcome.kind === "refused") reportRefused(turn, { eventId, data }, outcome);
  else closeRefused(turn, { eventId, data });
  return outcome;
}

function reportRefused(
  turn: Turn,
  { eventId, data }: RaisedEvent,
  { rejection, at }: Extract<EventOutcome, { kind: "refused" }>,
): void {
  openIncident(turn, at.token, {
    code: rejection.code,
    message: rejection.message,
    transitionId: at.transition.transitionId,
    eventId,
    raisedData: data,
    ...(rejection.violations === undefined ? {} : { violations: rejection.violations }),
    suspends: true,
  });
}

/** It was raised again, and now it was taken, or nothing waits for it any more. */
function closeRefused(turn: Turn, { eventId, data }: RaisedEvent): void {
  for (const incident of turn.draft.incidents) {
    if (incident.eventId !== eventId || incident.raisedData === undefined) continue;
    if (canonicalJson(incident.raisedData) === canonicalJson(data))
      closeIncident(turn, incident, "it was raised again");
  }
}

/**
 * Takes the first event from inside whose time has come; false when there is none. One that nothing is enabled for is
 * dropped, unless a token is busy that may still come to wait for it.
 */
export function takeRaised(turn: Turn): boolean {
  const { draft } = turn;
  if (draft.raised === undefined || hasEnded(draft)) return false;
  const isBusy = draft.tokens.some((token) => token.agenda !== undefined);
  for (const event of draft.raised) {
    const selected = selectAllFor(turn, { kind: "event", name: event.eventId, eventData: event.data });
    const isEnabled = !("kind" in selected) && selected.enabled.length > 0;
    if (isBusy && !isEnabled) continue;
    removeRaised(turn, event);
    const outcome = offerRaised(turn, event);
    if (outcome.kind === "refused") {
      const { code, message } = outcome.rejection;
      record(turn, "event-discarded", { event: event.eventId, code, message });
    }
    return true;
  }
  return false;
}

function removeRaised({ draft }: Turn, event: RaisedEvent): void {
  const rest = (draft.raised ?? []).filter((other) => other !== event);
  if (rest.length > 0) draft.raised = rest;
  else delete draft.raised;
}
