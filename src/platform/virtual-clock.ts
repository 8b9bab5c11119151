/**
 * A clock for tests and simulation: time stands still until it is moved, and then jumps from one wake-up to the next.
 *
 * 1. Wake-ups fire in order of due time, then of registration; one that is overdue when it is asked for fires with the
 *    next move, at the time it is then.
 * 2. While a wake-up runs, `now()` is its due time. After each, the work that it made ready is let run, so that what it
 *    registers takes part in the same move.
 * 3. Time never goes back, and only one move is under way at a time.
 */
import type { Clock } from "../ports/clock.js";

export interface VirtualClock extends Clock {
  /** Moves to the instant, firing all that is due on the way. @throws RangeError for an instant in the past. */
  advanceTo(instantMs: number): Promise<void>;
  advanceBy(durationMs: number): Promise<void>;
  /** The due time of the next wake-up. */
  nextWakeAt(): number | undefined;
  /** How many wake-ups are registered. */
  pending(): number;
}

interface WakeUp {
  readonly dueAtMs: number;
  readonly wake: () => void;
}

/** Chains of promises settle in one turn; each real turn within them (a file, a further `turn()`) takes another. */
const SETTLING_TURNS = 8;

export function virtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  let isMoving = false;
  // Sets keep the order of registration.
  const wakeUps = new Set<WakeUp>();

  function next(): WakeUp | undefined {
    let first: WakeUp | undefined;
    for (const wakeUp of wakeUps) {
      if (first === undefined || wakeUp.dueAtMs < first.dueAtMs) first = wakeUp;
    }
    return first;
  }

  async function move(instantMs: number): Promise<void> {
    await settle();
    for (let due = next(); due !== undefined && due.dueAtMs <= instantMs; due = next()) {
      wakeUps.delete(due);
      nowMs = Math.max(nowMs, due.dueAtMs);
      due.wake();
      await settle();
    }
    nowMs = instantMs;
  }

  async function advanceTo(instantMs: number): Promise<void> {
    if (!(instantMs >= nowMs)) {
      throw new RangeError(`The clock is at ${nowMs} and cannot go back to ${instantMs}.`);
    }
    if (isMoving) throw new RangeError("The clock is being moved already; await that move first.");
    isMoving = true;
    try {
      await move(instantMs);
    } finally {
      isMoving = false;
    }
  }

  return {
    now: () => nowMs,
    wakeAt(instantMs, wake) {
      const wakeUp = { dueAtMs: instantMs, wake };
      wakeUps.add(wakeUp);
      return () => wakeUps.delete(wakeUp);
    },
    turn,
    advanceTo,
    advanceBy: (durationMs) => advanceTo(nowMs + durationMs),
    nextWakeAt: () => next()?.dueAtMs,
    pending: () => wakeUps.size,
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function settle(): Promise<void> {
  for (let count = 0; count < SETTLING_TURNS; count += 1) await turn();
}
