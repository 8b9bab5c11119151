/**
 * The machine's clock.
 *
 * 1. A wake-up never comes before its instant by this clock, and never inside the call that asked for it.
 * 2. No wait is longer than a minute at a stretch: a platform timer fires at once beyond 2^31 ms, and it does not notice
 *    when the clock is set or the machine sleeps. So a wake-up is at most a minute late after either.
 * 3. Pending wake-ups keep the process alive: an instance that waits for its next try must not end with the process's
 *    last socket. Whoever asked for a wake-up takes it back when it is not needed any more.
 */
import type { Clock } from "../ports/clock.js";

const LONGEST_WAIT_MS = 60_000;

export function systemClock(): Clock {
  return { now: () => Date.now(), wakeAt, turn };
}

function wakeAt(instantMs: number, wake: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const leftMs = Math.max(0, instantMs - Date.now());
    timer = setTimeout(look, Math.min(leftMs, LONGEST_WAIT_MS));
  };
  const look = (): void => {
    // A platform timer may fire a little early, hence the second look.
    if (Date.now() < instantMs) wait();
    else wake();
  };
  wait();
  return () => clearTimeout(timer);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
