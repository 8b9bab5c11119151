/**
 * One exchange over HTTP, redirects included. Owns the sockets.
 *
 * 1. Every hop passes the address guard, by its host before a socket exists and by its addresses when one is opened.
 * 2. Sockets are kept and used again; what goes over one was checked for the very origin that is called.
 * 3. Proxies named in the environment are not used, certificates are verified, and nothing is retried.
 * 4. An origin that fails again and again is spared for a while (`circuit-breaker.ts`); a denied address says nothing of it.
 * 5. undici is loaded with the first request (120 ms on a slow machine).
 */
import type { Dispatcher } from "undici";
import { AddressDenied, guardedConnector, type Resolve } from "./address/guarded-connect.js";
import type { OutboundPolicy } from "./address/outbound-policy.js";
import { type CircuitBreaker, CircuitOpen, type Verdict } from "./circuit-breaker.js";
import { HostGate } from "./host-gate.js";
import { requestLabel, type WebRequest } from "./request/read-request.js";
import { deniedFailure, networkFailure } from "./response/network-failure.js";
import { type Answer, discard, readResponse } from "./response/read-response.js";
import { MOST_REDIRECTS, redirectOf } from "./response/redirect.js";
import { actedBefore, SendFailure } from "./send-failure.js";

export interface ExchangeSettings {
  readonly policy: OutboundPolicy;
  readonly rewrite: (url: URL) => URL;
  readonly maxInFlightPerHost: number;
  readonly resolve: Resolve | undefined;
  /** `undefined`: none. */
  readonly breaker: CircuitBreaker | undefined;
}

export class HttpExchange {
  readonly #gate: HostGate;
  #agent: Promise<Dispatcher> | undefined;
  #closing: Promise<void> | undefined;

  constructor(private readonly settings: ExchangeSettings) {
    this.#gate = new HostGate(settings.maxInFlightPerHost);
  }

  /** Rejects with `SendFailure`, or with the signal's reason. The request of the last hop comes with its answer. */
  async perform(asked: WebRequest, signal: AbortSignal): Promise<{ request: WebRequest; answer: Answer }> {
    let request = asked;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const hop = await this.#hop(request, signal).catch((error: unknown) => {
        throw request.method === asked.method ? error : actedBefore(error);
      });
      if ("answer" in hop) return { request, answer: hop.answer };
      request = hop.next;
    }
    throw new SendFailure(
      "ACTION_FAILED",
      `${requestLabel(asked)} redirects more than ${MOST_REDIRECTS} times`,
      {
        isFinal: true,
        mayHaveActed: true,
      },
    );
  }

  /**
   * Ends every connection; call it when nothing is under way any more. What was given up, and still waits for a host
   * that does not answer, is not waited for.
   */
  close(): Promise<void> {
    this.#closing ??= Promise.resolve(this.#agent).then((agent) => agent?.destroy());
    return this.#closing;
  }

  async #hop(request: WebRequest, signal: AbortSignal): Promise<{ answer: Answer } | { next: WebRequest }> {
    const verdict = this.settings.policy.checkHost(request.url.hostname);
    if (!verdict.allowed) throw deniedFailure(request, request.url.hostname, verdict.reason);
    const leave = await this.#gate.enter(request.url.origin, signal);
    try {
      return await this.#spared(request, signal);
    } finally {
      leave();
    }
  }

  async #spared(
    request: WebRequest,
    signal: AbortSignal,
  ): Promise<{ answer: Answer } | { next: WebRequest }> {
    const tell = await this.#admit(request, signal);
    let phase: "before-answer" | "in-answer" = "before-answer";
    let verdict: Verdict = "given-up";
    try {
      const data = await this.#dispatch(request, signal);
      phase = "in-answer";
      verdict = data.statusCode < 500 ? "worked" : "failed";
      const next = this.#nextOf(request, data);
      if (next === undefined) return { answer: await readResponse(data, request.maxResponseBytes) };
      discard(data.body);
      return { next };
    } catch (error) {
      verdict = verdictOn(error, signal) ?? verdict;
      throw networkFailure(request, error, phase);
    } finally {
      tell(verdict);
    }
  }

  async #admit(request: WebRequest, signal: AbortSignal): Promise<(verdict: Verdict) => void> {
    const { breaker } = this.settings;
    if (breaker === undefined) return () => {};
    try {
      return await breaker.enter(request.url.origin, signal);
    } catch (error) {
      if (!(error instanceof CircuitOpen)) throw error;
      const { retryAfterMs } = error;
      throw new SendFailure(
        "CIRCUIT_OPEN",
        `${requestLabel(request)} was not sent: ${request.url.origin} has failed again and again, and is spared for another ${Math.ceil(retryAfterMs / 1_000)} s`,
        { isFinal: false, mayHaveActed: false, retryAfterMs },
      );
    }
  }

  #nextOf(request: WebRequest, data: Dispatcher.ResponseData): WebRequest | undefined {
    const { location } = data.headers;
    const headers = typeof location === "string" ? { location } : {};
    try {
      return redirectOf(request, { status: data.statusCode, headers }, this.settings.rewrite);
    } catch (error) {
      discard(data.body);
      throw error;
    }
  }

  async #dispatch(request: WebRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    this.#agent ??= this.#openAgent();
    const agent = await this.#agent;
    return await agent.request({
      origin: request.url.origin,
      path: request.url.pathname + request.url.search,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: request.body ?? null,
      signal,
    });
  }

  async #openAgent(): Promise<Dispatcher> {
    const { Agent, buildConnector } = await import("undici");
    return new Agent({
      connect: guardedConnector(buildConnector, this.settings.policy, this.settings.resolve),
      connections: this.settings.maxInFlightPerHost,
      pipelining: 1,
      // How long a try may take is the caller's to say, through its signal.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}

/** What a failed exchange says of its origin; nothing where it is this side that ended it. */
function verdictOn(error: unknown, signal: AbortSignal): Verdict | undefined {
  if (error instanceof SendFailure) return undefined;
  if (error instanceof AddressDenied || signal.reason === "stopping") return "given-up";
  return (error as { readonly code?: unknown } | undefined)?.code === "UND_ERR_INVALID_ARG"
    ? "given-up"
    : "failed";
}
