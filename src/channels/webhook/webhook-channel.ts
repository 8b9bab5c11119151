/**
 * The webhook channel: one HTTP request out, and what came of it.
 *
 * 1. `send` never throws for anything that the outside does, and never tries again by itself.
 * 2. It settles at once when the signal aborts, with `ACTION_TIMEOUT`; whether the request arrived is unknown then.
 * 3. Where a request may go is the operator's decision alone (`WebhookSettings`); a definition cannot widen it.
 * 4. Messages name method, origin and path; never the query, a header's value or a body.
 * 5. Secrets are looked up for each try and leave it with the request alone (`auth/`): no outcome holds one, not even
 *    when the server sends it back.
 * 6. An access token that is refused (401) is fetched anew and the request repeated, once, within the same try.
 */
import type { Channel, ChannelOutcome, ChannelRequest } from "../../ports/channel.js";
import { outboundPolicy } from "./address/outbound-policy.js";
import { Credentials, type Proof } from "./auth/credentials.js";
import { OauthTokens } from "./auth/oauth-tokens.js";
import { readAuth, readSign } from "./auth/read-auth.js";
import { SecretValues } from "./auth/secret-values.js";
import { CircuitBreaker } from "./circuit-breaker.js";
import { HttpExchange } from "./http-exchange.js";
import {
  type RequestDefaults,
  readRequest,
  readUrl,
  requestLabel,
  type WebRequest,
} from "./request/read-request.js";
import { urlRewriter } from "./request/rewrite-url.js";
import { judgeResponse } from "./response/judge-response.js";
import type { Answer } from "./response/read-response.js";
import { actedBefore, SendFailure } from "./send-failure.js";
import {
  DEFAULT_BREAKER,
  DEFAULT_MAX_IN_FLIGHT_PER_HOST,
  DEFAULT_MAX_RESPONSE_BYTES,
  DEFAULT_USER_AGENT,
  type WebhookSettings,
} from "./webhook-settings.js";

export type { WebhookSettings } from "./webhook-settings.js";

/**
 * Request settings, rendered: `{ url, method?, headers?, query?, payload?, expectedResponse?, followRedirects?,
 * maxResponseBytes?, auth?, sign? }`; others are passed over.
 *
 * @throws StatewrightError `USAGE` for settings that mean nothing (a list entry, a rewrite rule).
 */
export function webhookChannel(settings: WebhookSettings): Channel {
  return new WebhookChannel(settings);
}

/** How long a token server may take; the try that waits for it has its own time too. */
const TOKEN_TIMEOUT_MS = 30_000;

class WebhookChannel implements Channel {
  readonly kind = "webhook";
  readonly #defaults: RequestDefaults;
  readonly #exchange: HttpExchange;
  readonly #credentials: Credentials;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(private readonly settings: WebhookSettings) {
    this.#defaults = {
      rewrite: urlRewriter(settings.rewrite),
      userAgent: settings.userAgent ?? DEFAULT_USER_AGENT,
      maxResponseBytes: settings.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    };
    const now = settings.now ?? Date.now;
    this.#exchange = new HttpExchange({
      policy: outboundPolicy(settings),
      rewrite: this.#defaults.rewrite,
      maxInFlightPerHost: settings.maxInFlightPerHost ?? DEFAULT_MAX_IN_FLIGHT_PER_HOST,
      resolve: settings.resolve,
      breaker:
        settings.breaker === false
          ? undefined
          : new CircuitBreaker(settings.breaker ?? DEFAULT_BREAKER, now, settings.onBreakerChange),
    });
    const tokens = new OauthTokens(
      async (request) =>
        (await this.#exchange.perform(request, AbortSignal.timeout(TOKEN_TIMEOUT_MS))).answer,
      now,
      this.#defaults.userAgent,
    );
    this.#credentials = new Credentials(tokens, (text) => readUrl(text, this.#defaults.rewrite), now);
  }

  async send(channelRequest: ChannelRequest, signal: AbortSignal): Promise<ChannelOutcome> {
    try {
      if (this.#isClosed) {
        throw new SendFailure("ACTION_FAILED", "The webhook channel is closed", {
          isFinal: false,
          mayHaveActed: false,
        });
      }
      const request = readRequest(channelRequest, this.#defaults);
      const { auth, sign } = channelRequest.settings;
      const proof: Proof = { auth: readAuth(auth), sign: readSign(sign) };
      const settled = settleWithSignal(this.#perform(request, proof, signal), signal, request);
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

  async #perform(asked: WebRequest, proof: Proof, signal: AbortSignal): Promise<ChannelOutcome> {
    const values = new SecretValues(this.settings.secrets);
    try {
      const { request, answer } = await this.#exchangeSealed(asked, proof, values, signal);
      return values.cleaned(this.#judge(asked, request, answer));
    } catch (error) {
      if (error instanceof SendFailure) return values.cleaned(error.outcome);
      throw error;
    }
  }

  #judge(asked: WebRequest, request: WebRequest, answer: Answer): ChannelOutcome {
    try {
      return judgeResponse(request, answer, this.settings.schemas);
    } catch (error) {
      throw request.method === asked.method ? error : actedBefore(error);
    }
  }

  async #exchangeSealed(
    asked: WebRequest,
    proof: Proof,
    values: SecretValues,
    signal: AbortSignal,
  ): ReturnType<HttpExchange["perform"]> {
    const sealed = await this.#credentials.seal(asked, proof, values);
    const exchanged = await this.#exchange.perform(sealed.request, signal);
    const isRefused = exchanged.answer.status === 401 && !asked.expectation.takesStatus(401);
    if (sealed.refuseToken === undefined || !isRefused) return exchanged;
    sealed.refuseToken();
    const { request } = await this.#credentials.seal(asked, proof, values);
    return this.#exchange.perform(request, signal);
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
