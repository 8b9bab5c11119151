/**
 * When the time-based transitions of a token's state are due: so long after entry (`after`), at an instant that the data
 * names (`at`), again and again (`every`).
 *
 * Invariants:
 * 1. A timer is an absolute time: whatever happens in between, it is due then, and fires once.
 * 2. An `at` follows its data: when the instant that it names changes, the timer does; one that has fired stays spent
 *    until another instant is named.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { formatInstant, parseInstant } from "../../instant.js";
import type { StateModel, TransitionModel, TriggerModel } from "../../model/machine.js";
import type { Token, TokenTimer } from "../../model/snapshot.js";
import { expressionScope } from "../expression-scope.js";
import { closeIncident, openIncident } from "../failure/incidents.js";
import { clearTimer, hasEnded, record, setTimer, stateOf, type Turn } from "../turn.js";
import { setStateTimeout } from "./state-timer.js";

type Timed = Pick<TokenTimer, "transitionId" | "eventId">;

/** Begins the waits of the state's time-based transitions, from now. */
export function setTimers(turn: Turn, token: Token, state: StateModel): void {
  setStateTimeout(turn, token, state);
  for (const transition of state.transitions) {
    for (const [index, trigger] of transition.triggers.entries()) {
      const name = timerName(transition, index);
      if (trigger.kind === "at") followDueTime(turn, token, transition, trigger, name);
      const dueAtMs = firstDueMs(turn, trigger);
      if (dueAtMs === undefined || !("eventId" in trigger)) continue;
      setTokenTimer(
        turn,
        token,
        name,
        { transitionId: transition.transitionId, eventId: trigger.eventId },
        dueAtMs,
      );
    }
  }
}

/** Looks again at the instants that data names, wherever a token waits for one. */
export function followDueTimes(turn: Turn): void {
  if (!turn.machine.hasDueTimes || hasEnded(turn.draft)) return;
  for (const token of turn.draft.tokens) {
    if (token.phase === "leaving" || token.phase === "exiting" || token.phase === "ended") continue;
    for (const transition of stateOf(turn, token).transitions) {
      for (const [index, trigger] of transition.triggers.entries()) {
        if (trigger.kind !== "at") continue;
        followDueTime(turn, token, transition, trigger, timerName(transition, index));
      }
    }
  }
}

/** Sets the next time of one that comes again; what was missed while nothing ran is made up for as its `catchUp` says. */
export function setAgain(
  turn: Turn,
  token: Token,
  { transitionId, eventId, dueAt, timerId }: TokenTimer,
): void {
  const trigger = stateOf(turn, token)
    .transitions.find((transition) => transition.transitionId === transitionId)
    ?.triggers.find((candidate) => candidate.kind === "every" && candidate.eventId === eventId);
  if (trigger?.kind !== "every" || hasEnded(turn.draft)) return;
  const dueAtMs = nextDueMs(turn, trigger, parseInstant(dueAt) ?? turn.nowMs);
  if (dueAtMs === undefined) return;
  setTokenTimer(turn, token, timerId.split(".").slice(2).join("."), { transitionId, eventId }, dueAtMs);
}

/** Whether a time that has come late still counts: with `skip`, only while the next one is not due yet. */
export function isSkipped(turn: Turn, token: Token, { transitionId, eventId, dueAt }: TokenTimer): boolean {
  const trigger = stateOf(turn, token)
    .transitions.find((transition) => transition.transitionId === transitionId)
    ?.triggers.find((candidate) => candidate.kind === "every" && candidate.eventId === eventId);
  if (trigger?.kind !== "every" || trigger.catchUp !== "skip") return false;
  const nextMs = trigger.every.nextAfter(parseInstant(dueAt) ?? turn.nowMs);
  return nextMs !== undefined && nextMs <= turn.nowMs;
}

function firstDueMs(turn: Turn, trigger: TriggerModel): number | undefined {
  if (trigger.kind === "after") return trigger.after.addTo(turn.nowMs);
  return trigger.kind === "every" ? trigger.every.nextAfter(turn.nowMs) : undefined;
}

/** How many beats are counted one by one before a long absence is jumped over. */
const MAX_BEATS = 10_000;

function nextDueMs(
  turn: Turn,
  { every, catchUp }: Extract<TriggerModel, { kind: "every" }>,
  dueMs: number,
): number | undefined {
  let nextMs = every.nextAfter(dueMs);
  if (catchUp === "all") return nextMs;
  // The beat is kept: what comes next is a time that would have come anyway.
  for (let beat = 0; nextMs !== undefined && nextMs <= turn.nowMs; beat += 1) {
    nextMs = beat < MAX_BEATS ? every.nextAfter(nextMs) : every.nextAfter(turn.nowMs);
  }
  return nextMs;
}

function followDueTime(
  turn: Turn,
  token: Token,
  { transitionId }: TransitionModel,
  { at, eventId }: Extract<TriggerModel, { kind: "at" }>,
  name: string,
): void {
  const named = renderDueTime(turn, token, at);
  const known =
    token.dueTimes !== undefined && Object.hasOwn(token.dueTimes, name) ? token.dueTimes[name] : undefined;
  if (named === known) return;
  forget(turn, token, name, transitionId);
  if (named === undefined) return;
  token.dueTimes = { ...token.dueTimes, [name]: named };
  const dueAtMs = parseInstant(named);
  if (dueAtMs === undefined) reportUnfit(turn, token, transitionId, named);
  else setTokenTimer(turn, token, name, { transitionId, eventId }, dueAtMs);
}

/** Nothing stands still because of it but this one timer; data that names an instant closes it. */
function reportUnfit(turn: Turn, token: Token, transitionId: string, named: string): void {
  openIncident(turn, token, {
    code: UNFIT,
    message: `Transition "${transitionId}": "${named.slice(0, 60)}" is no timestamp; write it as in 2026-01-31T09:30:00Z.`,
    transitionId,
    suspends: false,
  });
}

const UNFIT = "TEMPLATE_ERROR";

/** What is absent is not there yet: it names no instant. */
function renderDueTime(
  turn: Turn,
  token: Token,
  at: Extract<TriggerModel, { kind: "at" }>["at"],
): string | undefined {
  try {
    const value = at.render(expressionScope(turn, { stateId: token.stateId }));
    return value === null || value === "" ? undefined : String(value);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return undefined;
  }
}

function forget(turn: Turn, token: Token, name: string, transitionId: string): void {
  for (const incident of turn.draft.incidents) {
    const isAboutIt = incident.code === UNFIT && incident.transitionId === transitionId && !incident.suspends;
    if (isAboutIt && incident.tokenId === token.tokenId)
      closeIncident(turn, incident, "its data has changed");
  }
  const timerId = timerIdOf(token, name);
  if (token.timers.some((timer) => timer.timerId === timerId)) {
    clearTimer(turn, timerId);
    record(turn, "timer-cleared", { timerId });
    token.timers = token.timers.filter((timer) => timer.timerId !== timerId);
  }
  if (token.dueTimes === undefined) return;
  const rest = Object.entries(token.dueTimes).filter(([other]) => other !== name);
  if (rest.length > 0) token.dueTimes = Object.fromEntries(rest);
  else delete token.dueTimes;
}

function setTokenTimer(
  turn: Turn,
  token: Token,
  name: string,
  { transitionId, eventId }: Timed,
  dueAtMs: number,
): void {
  const timerId = timerIdOf(token, name);
  const dueAt = formatInstant(dueAtMs);
  token.timers.push({ timerId, transitionId, eventId, dueAt });
  setTimer(turn, timerId, dueAtMs);
  record(turn, "timer-set", { timerId, dueAt });
}

function timerName({ transitionId }: TransitionModel, index: number): string {
  return index === 0 ? transitionId : `${transitionId}.${index + 1}`;
}

function timerIdOf(token: Token, name: string): string {
  return `${token.tokenId}.${token.visit.ordinal}.${name}`;
}
