/**
 * Whether an instance and what it waits for belong together, judged by the snapshot and the rows alone: no row that
 * nobody waits for, nobody who waits for a row that is not there, nobody who waits for nothing.
 */
import { parseInstant } from "../../../src/core/instant.js";
import type { Snapshot, Token } from "../../../src/core/model/snapshot.js";
import type { EffectRow, TimerRow } from "../../../src/ports/store.js";

/** One sentence about the first thing that does not fit. */
export function waitFault(
  snapshot: Snapshot,
  effects: readonly EffectRow[],
  timers: readonly TimerRow[],
): string | undefined {
  return (
    rowFault(
      "outbox row",
      expectedTries(snapshot),
      effects.filter((row) => row.purpose === "action").map(place),
    ) ??
    rowFault(
      "timer",
      expectedTimers(snapshot),
      timers.map((row) => row.timerId),
    ) ??
    dueFault(snapshot, timers) ??
    standstillFault(snapshot)
  );
}

function rowFault(what: string, expected: readonly string[], there: readonly string[]): string | undefined {
  const missing = expected.find((name) => !there.includes(name));
  if (missing !== undefined) return `it waits for ${what} ${missing}, which is not there.`;
  const idle = there.find((name) => !expected.includes(name));
  return idle === undefined ? undefined : `${what} ${idle} is there, and nothing waits for it.`;
}

function expectedTries(snapshot: Snapshot): string[] {
  return snapshot.tokens.flatMap(({ agenda }) => {
    const run = agenda?.running;
    return run?.progress === "in-progress" && run.effect !== undefined ? [place(run.effect)] : [];
  });
}

function expectedTimers(snapshot: Snapshot): string[] {
  const delayed = (snapshot.delayed ?? []).map(({ timerId }) => timerId);
  return delayed.concat(snapshot.tokens.flatMap(timersOf));
}

function timersOf(token: Token): string[] {
  const run = token.agenda?.running;
  const retry = run?.progress === "backoff" && run.retryTimerId !== undefined ? [run.retryTimerId] : [];
  const callback = run?.callback === undefined ? [] : [run.callback.timerId];
  return [...token.timers.map((timer) => timer.timerId), ...retry, ...callback];
}

function dueFault(snapshot: Snapshot, timers: readonly TimerRow[]): string | undefined {
  const callbacks = snapshot.tokens.flatMap(({ agenda }) => agenda?.running?.callback ?? []);
  const timed = snapshot.tokens.flatMap((token) => token.timers);
  const waiting = [...(snapshot.delayed ?? []), ...timed, ...callbacks];
  const dueAts = new Map(waiting.map(({ timerId, dueAt }) => [timerId, parseInstant(dueAt)] as const));
  const wrong = timers.find((row) => dueAts.has(row.timerId) && dueAts.get(row.timerId) !== row.dueAtMs);
  return wrong === undefined
    ? undefined
    : `timer ${wrong.timerId} has another due time than the instance says.`;
}

function standstillFault(snapshot: Snapshot): string | undefined {
  const isHeld =
    snapshot.suspension !== undefined || snapshot.incidents.some((incident) => incident.suspends);
  if (snapshot.status === "suspended" && !isHeld) return "it is suspended, and no incident says why.";
  if (isHeld) return undefined;
  const idle = snapshot.tokens.find(standsStill);
  if (idle !== undefined)
    return `token ${idle.tokenId} in "${idle.stateId}" stands still, and no incident says why.`;
  const isWaiting = snapshot.tokens.every((token) => token.phase === "settled");
  return isWaiting && snapshot.status === "active" && snapshot.kept.length > 0
    ? "it is settled, and yet something is kept."
    : undefined;
}

function standsStill({ agenda }: Token): boolean {
  if (agenda === undefined) return false;
  const { running } = agenda;
  // A child that undoes what it did: in the end `drain` asks whether it has answered.
  if (running === undefined) return agenda.awaits === undefined;
  if (running.progress === "awaiting") return running.callback === undefined;
  if (running.progress === "in-progress") return running.effect === undefined;
  return running.progress !== "backoff" || running.retryTimerId === undefined;
}

function place({ seq, ordinal }: { readonly seq: number; readonly ordinal: number }): string {
  return `${seq}.${ordinal}`;
}
