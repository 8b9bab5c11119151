/** Timers that fire: the wait before a further try, and time-based transitions. */

import { checkTransition } from "../../data/data-rules.js";
import { parseInstant } from "../../instant.js";
import type { ActionRun, Token, TokenTimer } from "../../model/snapshot.js";
import { actionNamed } from "../actions/agenda.js";
import { sendTry } from "../actions/tries.js";
import { handleActionFailure } from "../failure/handle-failure.js";
import { closeIncident, openIncident } from "../failure/incidents.js";
import { raiseBehind, takeDelayed } from "../raised.js";
import { isHeld, mayBeTaken, selectForTimer } from "../transition/select.js";
import { takeTransition } from "../transition/take.js";
import { clearTimer, enclosingStates, hasEnded, record, stateNamed, stateOf, type Turn } from "../turn.js";
import { isSkipped, setAgain } from "./set-timers.js";

/**
 * Handles a timer by its id. One that nothing waits for is recorded as stale: it fires once and changes nothing. So is one
 * whose time has not come, and it stays: a timer that is set again keeps its id, and who fires it twice means the time
 * before.
 */
export function handleTimer(turn: Turn, timerId: string): void {
  if (isEarly(turn, timerId)) {
    record(turn, "timer-fired", { timerId, isStale: true });
    return;
  }
  clearTimer(turn, timerId);
  const delayed = takeDelayed(turn, timerId);
  if (delayed !== undefined) {
    record(turn, "timer-fired", { timerId, lateMs: latenessMs(turn, delayed.dueAt) });
    raiseBehind(turn, delayed);
    return;
  }
  for (const token of turn.draft.tokens) {
    const run = token.agenda?.running;
    if (run?.retryTimerId === timerId) {
      record(turn, "timer-fired", { timerId });
      if (turn.draft.suspension === undefined) sendTry(turn, token, actionNamed(turn, run.actionId), run);
      else holdRetry(run);
      return;
    }
    if (run?.callback?.timerId === timerId) {
      callbackTimesOut(turn, token, run, run.callback.dueAt);
      return;
    }
    const timer = token.timers.find((candidate) => candidate.timerId === timerId);
    if (timer !== undefined) {
      timeIsUp(turn, token, timer);
      return;
    }
  }
  record(turn, "timer-fired", { timerId, isStale: true });
}

function isEarly({ draft, nowMs }: Turn, timerId: string): boolean {
  const callbacks = draft.tokens.flatMap(({ agenda }) => agenda?.running?.callback ?? []);
  const waiting = [...(draft.delayed ?? []), ...draft.tokens.flatMap(({ timers }) => timers), ...callbacks];
  const dueAt = waiting.find((timer) => timer.timerId === timerId)?.dueAt;
  return dueAt !== undefined && (parseInstant(dueAt) ?? nowMs) > nowMs;
}

/** The try has failed with it, whether it was answered or not. */
function callbackTimesOut(turn: Turn, token: Token, run: ActionRun, dueAt: string): void {
  const lateMs = latenessMs(turn, dueAt);
  record(turn, "timer-fired", { timerId: run.callback?.timerId, lateMs });
  if (run.effect !== undefined) turn.effects.push({ kind: "end-effect", ...run.effect });
  handleActionFailure(turn, token, run, {
    code: "CALLBACK_TIMEOUT",
    message: `Action "${run.actionId}": its callback did not come until ${dueAt}.`,
    isFinal: false,
    timedOut: true,
  });
}

function latenessMs(turn: Turn, dueAt: string): number {
  return turn.nowMs - (parseInstant(dueAt) ?? turn.nowMs);
}

function timeIsUp(turn: Turn, token: Token, timer: TokenTimer): void {
  token.timers = token.timers.filter((candidate) => candidate !== timer);
  record(turn, "timer-fired", { timerId: timer.timerId, lateMs: latenessMs(turn, timer.dueAt) });
  if (timer.isTimeout === true) {
    token.isTimedOut = true;
    return;
  }
  // A time that was missed while nothing ran.
  const isPassedOver = isSkipped(turn, token, timer);
  setAgain(turn, token, timer);
  if (!isPassedOver) fireOrKeep(turn, token, timer.transitionId, timer.eventId);
}

/** Takes the time-based transition, or keeps it until the token and what it would leave are free to take it. */
export function fireOrKeep(turn: Turn, token: Token, transitionId: string, eventId: string): void {
  if (hasEnded(turn.draft)) return;
  if (mayFire(turn, token, transitionId)) fireTimer(turn, token, transitionId, eventId);
  else keepTimer(turn, token, transitionId, eventId);
}

/** Nobody holds the token, and nothing that its transition would leave is under way. */
export function mayFire(turn: Turn, token: Token, transitionId: string): boolean {
  if (turn.draft.suspension !== undefined || isHeld(turn, token)) return false;
  return isFreeFor(turn, token, transitionId);
}

function isFreeFor(turn: Turn, token: Token, transitionId: string): boolean {
  const transition = stateOf(turn, token).transitions.find(
    (candidate) => candidate.transitionId === transitionId,
  );
  return transition === undefined || mayBeTaken(turn, { token, transition });
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
    around: enclosingStates(turn, token),
    isDone: token.phase !== "inside",
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
    (incident) =>
      incident.tokenId === token.tokenId &&
      incident.suspends &&
      incident.eventId !== undefined &&
      incident.raisedData === undefined,
  );
  for (const { incidentId, transitionId, eventId } of timed) {
    if (transitionId === undefined || eventId === undefined || !isFreeFor(turn, token, transitionId))
      continue;
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

/** One that comes again while it is kept is kept once: it has missed its beat, and makes up for that once. */
function keepTimer(turn: Turn, token: Token, transitionId: string, eventId: string): void {
  const isKept = turn.draft.kept.some(
    (kept) =>
      kept.kind === "timer" &&
      kept.tokenId === token.tokenId &&
      kept.transitionId === transitionId &&
      kept.eventId === eventId,
  );
  if (isKept) return;
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
