/** How many requests one sender may make in a time. Counted in this process. */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { StatewrightError } from "../../core/errors.js";

export interface RateLimit {
  /** Requests in each window. */
  readonly max: number;
  readonly windowMs: number;
}

/** Counts one request of a sender. Throws `RATE_LIMITED`, with the seconds to wait. */
export type Counter = (request: FastifyRequest) => Promise<void>;

export class RateLimitedError extends StatewrightError {
  constructor(readonly retryAfterSeconds: number) {
    super("RATE_LIMITED", "There are too many requests in too short a time.", {
      hint: `Go on after ${retryAfterSeconds} s.`,
    });
  }
}

/** `keyOf`: whose allowance a request uses up. */
export async function rateCounter(
  server: FastifyInstance,
  { max, windowMs }: RateLimit,
  keyOf: (request: FastifyRequest) => string,
): Promise<Counter> {
  await server.register(rateLimit, { global: false });
  const count = server.createRateLimit({ max, timeWindow: windowMs, keyGenerator: keyOf });
  return async (request) => {
    const result = await count(request);
    if (!result.isAllowed && result.isExceeded) throw new RateLimitedError(Math.max(1, result.ttlInSeconds));
  };
}
