/** Timers that fire: the wait before a further try, and time-based transitions. */

import { checkTransition } from "../data/data-rules.js";
import { parseInstant } from "../instant.js";
import type { ActionRun, Token } from "../model/snapshot.js";
import { actionNamed } from "./actions/agenda.js";
import { sendTry } from "./actions/tries.js";
import { closeIncident, openIncident } from "./failure/incidents.js";
import { isFree, selectForTimer } from "./select.js";
import { takeTransition } from "./take.js";
import { clearTimer, hasEnded, record, stateNamed, stateOf, type Turn } from "./turn.js";

/** Handles a timer by its id. One that no token waits for is recorded as stale: it fires once and changes nothing. */
export function handleTimer(turn: Turn, timerId: string): void {
  clearTimer(turn, timerId);
  for (const token of turn.draft.tokens) {
    const run = token.agenda?.running;
    if (run?.retryTimerId === timerId) {
      record(turn, "timer-fired", { timerId });
      if (turn.draft.suspension === undefined) sendTry(turn, token, actionNamed(turn, run.actionId), run);
      else holdRetry(run);
      return;
    }
    const timer = token.timers.find((candidate) => candidate.timerId === timerId);
    if (timer !== undefined) {
      token.timers = token.timers.filter((candidate) => candidate !== timer);
      const lateMs = turn.nowMs - (parseInstant(timer.dueAt) ?? turn.nowMs);
      record(turn, "timer-fired", { timerId, lateMs });
      const mayActNow =
        turn.draft.status === "active" &&
        (isFree(turn, token) || interrupts(turn, token, timer.transitionId));
      if (mayActNow) fireTimer(turn, token, timer.transitionId, timer.eventId);
      else keepTimer(turn, token, timer.transitionId, timer.eventId);
      return;
    }
  }
  record(turn, "timer-fired", { timerId, isStale: true });
}

function holdRetry(run: ActionRun): void {
  delete run.retryTimerId;
  run.isRetryDue = true;
}

/** Takes a time-based transition whose time has come, if its condition holds. */
export function fireTimer(
  turn: Turn,
  token: Token,
  transitionId: string,
  eventId: string,
): "taken" | "spent" | "blocked" {
  if (hasEnded(turn.draft)) return "spent";
  const selection = selectForTimer(turn, token, transitionId, eventId);
  if (selection.kind === "faulty") {
    openIncident(turn, token, {
      code: "EXPRESSION_ERROR",
      message: selection.message,
      transitionId,
      eventId,
      suspends: true,
    });
    return "blocked";
  }
  if (selection.kind === "none") return "spent";
  const { transition } = selection;
  const target =
    transition.targetId === undefined ? undefined : stateNamed(turn.machine, transition.targetId);
  const errorData = target?.isError === true ? timedError(turn, token, transition.name ?? transitionId) : {};
  const problem = checkTransition(turn, {
    source: stateOf(turn, token),
    target,
    transition,
    origin: "inside",
    eventId,
    eventData: {},
    errorData,
  });
  if (problem !== undefined) {
    openIncident(turn, token, {
      code: problem.code,
      message: `Time-based transition "${transitionId}" cannot be taken: ${problem.violations.map((violation) => violation.message).join("; ")}`,
      transitionId,
      eventId,
      violations: problem.violations,
      suspends: true,
    });
    return "blocked";
  }
  if (target?.isError === true) turn.draft.variables = { ...turn.draft.variables, lastError: errorData };
  takeTransition(turn, token, transition, {
    origin: "inside",
    eventId,
    actor: "system",
    eventData: {},
    variables: {},
    errorData,
  });
  return "taken";
}

/** Tries again what incidents of time-based transitions are about; what does not hold any more is spent. */
export function retryTimed(turn: Turn, token: Token): void {
  const timed = turn.draft.incidents.filter(
    (incident) => incident.tokenId === token.tokenId && incident.suspends && incident.eventId !== undefined,
  );
  for (const { incidentId, transitionId, eventId } of timed) {
    if (transitionId === undefined || eventId === undefined) continue;
    const wasTaken = fireTimer(turn, token, transitionId, eventId);
    if (wasTaken !== "spent") return;
    const spent = turn.draft.incidents.find((incident) => incident.incidentId === incidentId);
    if (spent !== undefined) closeIncident(turn, spent, "its condition does not hold any more");
  }
}

function timedError(turn: Turn, token: Token, message: string) {
  return {
    errorCode: "ROUTED",
    errorMessage: message,
    errorTimestamp: turn.nowText,
    failedState: token.stateId,
  };
}

function interrupts(turn: Turn, token: Token, transitionId: string): boolean {
  return stateOf(turn, token).transitions.some(
    (transition) => transition.transitionId === transitionId && transition.interrupts,
  );
}

function keepTimer(turn: Turn, token: Token, transitionId: string, eventId: string): void {
  turn.draft.kept.push({
    kind: "timer",
    seq: turn.draft.seq,
    tokenId: token.tokenId,
    visit: token.visit.ordinal,
    transitionId,
    eventId,
  });
  record(turn, "event-kept", { event: eventId });
}
