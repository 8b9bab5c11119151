import type { JsonObject } from "../../src/core/json/json.js";
import type { Channel, ChannelOutcome, ChannelRequest } from "../../src/ports/channel.js";

export interface Sent {
  readonly path: string;
  readonly key: string;
  readonly payload: JsonObject;
}

/**
 * A channel whose answers the test gives, by the path of the address: an outcome, or a function that may wait. What is
 * not scripted is answered with 200 and an empty object. Every request is kept in order.
 */
export class ScriptedChannel implements Channel {
  readonly kind = "webhook";
  readonly sent: Sent[] = [];
  readonly #answers = new Map<string, (attempt: number) => ChannelOutcome | Promise<ChannelOutcome>>();

  on(path: string, answer: (attempt: number) => ChannelOutcome | Promise<ChannelOutcome>): this {
    this.#answers.set(path, answer);
    return this;
  }

  async send(request: ChannelRequest, signal: AbortSignal): Promise<ChannelOutcome> {
    const path = new URL(String(request.settings.url)).pathname;
    const attempt = this.sent.filter((sent) => sent.path === path).length + 1;
    this.sent.push({
      path,
      key: request.idempotencyKey,
      payload: (request.settings.payload ?? {}) as JsonObject,
    });
    const answer = this.#answers.get(path);
    if (answer === undefined) return ok();
    const aborted = new Promise<ChannelOutcome>((resolve) => {
      signal.addEventListener("abort", () => resolve(failed("aborted")), { once: true });
    });
    return Promise.race([Promise.resolve(answer(attempt)), aborted]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  paths(): string[] {
    return this.sent.map((sent) => sent.path);
  }
}

export function ok(body: JsonObject = {}): ChannelOutcome {
  return { outcome: "completed", response: { status: 200, headers: {}, body } };
}

export function failed(message: string, isFinal = false): ChannelOutcome {
  return { outcome: "failed", code: "ACTION_FAILED", message, isFinal };
}

/** An answer that never comes. */
export function never(): Promise<ChannelOutcome> {
  return new Promise(() => {});
}
