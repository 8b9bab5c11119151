/**
 * The webhook channel: one HTTP request out, and what came of it.
 *
 * 1. `send` never throws for anything that the outside does, and never tries again by itself.
 * 2. It settles at once when the signal aborts, with `ACTION_TIMEOUT`; whether the request arrived is unknown then.
 * 3. Where a request may go is the operator's decision alone (`WebhookSettings`); a definition cannot widen it.
 * 4. Messages name method, origin and path; never the query, a header's value or a body.
 */
import type { Channel, ChannelOutcome, ChannelRequest } from "../../ports/channel.js";
import { outboundPolicy } from "./address/outbound-policy.js";
import { HttpExchange } from "./http-exchange.js";
import { type RequestDefaults, readRequest, requestLabel, type WebRequest } from "./request/read-request.js";
import { urlRewriter } from "./request/rewrite-url.js";
import { judgeResponse } from "./response/judge-response.js";
import { SendFailure } from "./send-failure.js";
import {
  DEFAULT_MAX_IN_FLIGHT_PER_HOST,
  DEFAULT_MAX_RESPONSE_BYTES,
  DEFAULT_USER_AGENT,
  type WebhookSettings,
} from "./webhook-settings.js";

export type { WebhookSettings } from "./webhook-settings.js";

/**
 * Request settings, rendered: `{ url, method?, headers?, query?, payload?, expectedResponse?, followRedirects?,
 * maxResponseBytes? }`; others are passed over.
 *
 * @throws StatewrightError `USAGE` for settings that mean nothing (a list entry, a rewrite rule).
 */
export function webhookChannel(settings: WebhookSettings): Channel {
  return new WebhookChannel(settings);
}

class WebhookChannel implements Channel {
  readonly kind = "webhook";
  readonly #defaults: RequestDefaults;
  readonly #exchange: HttpExchange;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(private readonly settings: WebhookSettings) {
    this.#defaults = {
      rewrite: urlRewriter(settings.rewrite),
      userAgent: settings.userAgent ?? DEFAULT_USER_AGENT,
      maxResponseBytes: settings.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    };
    this.#exchange = new HttpExchange({
      policy: outboundPolicy(settings),
      rewrite: this.#defaults.rewrite,
      maxInFlightPerHost: settings.maxInFlightPerHost ?? DEFAULT_MAX_IN_FLIGHT_PER_HOST,
      resolve: settings.resolve,
    });
  }

  async send(channelRequest: ChannelRequest, signal: AbortSignal): Promise<ChannelOutcome> {
    try {
      if (this.#isClosed) {
        throw new SendFailure("ACTION_FAILED", "The webhook channel is closed", { isFinal: false });
      }
      const request = readRequest(channelRequest, this.#defaults);
      const settled = settleWithSignal(this.#perform(request, signal), signal, request);
      this.#underWay.add(settled);
      const forget = (): void => void this.#underWay.delete(settled);
      settled.then(forget, forget);
      return await settled;
    } catch (error) {
      if (error instanceof SendFailure) return error.outcome;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#underWay);
    await this.#exchange.close();
  }

  async #perform(asked: WebRequest, signal: AbortSignal): Promise<ChannelOutcome> {
    const { request, answer } = await this.#exchange.perform(asked, signal);
    return judgeResponse(request, answer, this.settings.schemas);
  }
}

/** What the work brings, or a timeout as soon as the signal aborts; what comes of the work after that is nobody's. */
function settleWithSignal(
  work: Promise<ChannelOutcome>,
  signal: AbortSignal,
  request: WebRequest,
): Promise<ChannelOutcome> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      const message = `${requestLabel(request)} did not answer in time; whether it arrived is unknown`;
      resolve({ outcome: "failed", code: "ACTION_TIMEOUT", message, isFinal: false });
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
