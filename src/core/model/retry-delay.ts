/**
 * How long to wait before the next try: `retryDelay × factor^(n-1)`, capped by `maxDelay`, spread by jitter, and never
 * shorter than what the other side asked for with `Retry-After`.
 */
import type { RetryPolicy } from "./machine.js";

/** Ten years: whatever factor a definition has, the next try is at a time that can be written. */
const LONGEST_WAIT_MS = 3_650 * 86_400_000;

/** The wait in whole milliseconds after the `failedTries`-th failed try of a round (from 1); `fraction` is drawn from [0, 1). */
export function retryDelayMs(
  policy: RetryPolicy,
  failedTries: number,
  fraction: number,
  retryAfterMs = 0,
): number {
  const grown = policy.retryDelayMs * policy.factor ** (failedTries - 1);
  const capped = Math.min(grown, policy.maxDelayMs ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS);
  const spread = capped * (1 + policy.jitter * (2 * fraction - 1));
  return Math.max(Math.round(spread), retryAfterMs, 0);
}
