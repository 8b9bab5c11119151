/**
 * The network between the engine and the outside: requests arrive late, twice or not at all, are applied and never
 * answered, or are refused. What is on its way when its sender dies arrives all the same.
 */
import type { JsonObject } from "../../../src/core/json/json.js";
import type { Channel, ChannelOutcome } from "../../../src/ports/channel.js";
import type { OutsideAnswer, OutsideRequest } from "./ledger.js";
import type { LiveProcess, Simulation } from "./simulation.js";

const MOST_DELAY_MS = 20_000;

export function faultyChannel(process: LiveProcess, world: Simulation): Channel {
  const { scheduler, network, travel } = world;

  function delayMs(): number {
    return travel.chance(world.mix.networkIsSlow) ? travel.between(1, MOST_DELAY_MS) : 0;
  }

  function carry(request: OutsideRequest, answer: (outcome: ChannelOutcome) => void): void {
    const name = `${request.path} ${request.key}`;
    if (travel.chance(world.mix.requestDuplicated)) {
      world.work.duplicates += 1;
      scheduler.after(network, delayMs(), `${name} arrives again`, () => void take(request));
    }
    if (travel.chance(world.mix.requestLost)) {
      scheduler.after(network, delayMs(), `${name} is lost`, () => answer(failed("reset before it arrived")));
      return;
    }
    scheduler.after(network, delayMs(), `${name} arrives`, () => {
      const outcome = arrive(request);
      if (outcome !== undefined) answer(outcome);
    });
  }

  /** What the outside says to a request that has come; undefined when it says nothing. */
  function arrive(request: OutsideRequest): ChannelOutcome | undefined {
    const { mix } = world;
    if (travel.chance(mix.breaks)) return failed("503", { status: 503 });
    if (travel.chance(mix.refuses)) return failed("400", { status: 400, isFinal: true });
    if (travel.chance(mix.asksToWait))
      return failed("429", { status: 429, retryAfterMs: travel.between(1, 60) * 1_000 });
    const taken = take(request);
    if (travel.chance(mix.hangs)) return undefined;
    if (travel.chance(mix.resetAfterApplying)) return failed("reset after it was applied");
    return outcomeOf(taken);
  }

  function take(request: OutsideRequest): OutsideAnswer {
    const answer = world.ledger.take(request);
    world.oracles.afterOutside(request);
    if (request.callbackUrl !== undefined) world.toldAddress(request.callbackUrl);
    return answer;
  }

  return {
    kind: "webhook",
    close: () => Promise.resolve(),
    send: (sent, signal) =>
      new Promise((resolve) => {
        if (!process.isAlive) return;
        const request: OutsideRequest = {
          ...(sent.callbackUrl === undefined ? {} : { callbackUrl: sent.callbackUrl }),
          key: sent.idempotencyKey,
          instanceId: sent.instanceId,
          path: new URL(String(sent.settings.url)).pathname,
          payload: (sent.settings.payload ?? {}) as JsonObject,
        };
        world.oracles.sent(request);
        signal.addEventListener("abort", () => resolve(failed("given up")), { once: true });
        carry(request, (outcome) => {
          if (process.isAlive)
            scheduler.after(process, delayMs(), `${request.path} ${request.key} is answered`, () =>
              resolve(outcome),
            );
        });
      }),
  };
}

function outcomeOf({ status, body }: OutsideAnswer): ChannelOutcome {
  if (status < 300) return { outcome: "completed", response: { status, headers: {}, body } };
  return failed(`${status}`, { status, isFinal: true });
}

function failed(
  message: string,
  answer: { readonly status?: number; readonly isFinal?: boolean; readonly retryAfterMs?: number } = {},
): ChannelOutcome {
  const { status, isFinal = false, retryAfterMs } = answer;
  return {
    outcome: "failed",
    code: "ACTION_FAILED",
    message,
    isFinal,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { response: { status, headers: {}, body: null } }),
  };
}
