/** Lets requests in: host, origin, sender, allowance, in this order, before anything of the body is read. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { StatewrightError } from "../../core/errors.js";
import type { Engine } from "../../engine.js";
import type { CallMaker } from "../add-route.js";
import type { Gate, Principal } from "../gate.js";
import type { Call } from "../route.js";
import { type AdmissionRules, checkAdmission } from "./admission.js";
import { type Counter, type RateLimit, rateCounter } from "./rate-limits.js";

export interface Admission {
  readonly gate: Gate;
  readonly engine: Engine;
  readonly rules: AdmissionRules;
  readonly rateLimit: RateLimit | undefined;
  /** Fires when the server closes. */
  readonly closing: AbortSignal;
}

const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
};

/** Returns what makes a route's call of a request that was let in. */
export async function addAdmission(server: FastifyInstance, admission: Admission): Promise<CallMaker> {
  const { gate, engine, rules, rateLimit, closing } = admission;
  const principals = new WeakMap<FastifyRequest, Principal>();
  const count: Counter =
    rateLimit === undefined
      ? async () => {}
      : await rateCounter(server, rateLimit, (request) => principals.get(request)?.rateKey ?? request.ip);
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    checkAdmission(request.method, request.headers, rules);
    // A path that is not there needs nothing.
    const { needs = "anyone", isCounted = false } = request.routeOptions.config;
    if (needs === "anyone" && !isCounted) return;
    if (closing.aborted) throw stopping();
    if (needs === "anyone") {
      await count(request);
      return;
    }
    principals.set(request, await authenticate(gate, request, count));
    await count(request);
    gate.authorize(principalOf(request), { act: needs });
  });
  server.addHook("preValidation", async (request) => {
    if (request.routeOptions.config.bodyIsOptional === true) request.body ??= {};
  });
  const principalOf = (request: FastifyRequest): Principal =>
    principals.get(request) ?? { actor: "anonymous" };
  return async (request, reply) => {
    const principal = principalOf(request);
    return {
      engine: (await gate.engineOf?.(principal)) ?? engine,
      principal,
      url: request.raw.url ?? request.url,
      params: request.params as Call["params"],
      query: request.query as Call["query"],
      headers: request.headers,
      body: request.body,
      allow: (need) => gate.authorize(principal, need),
      signal: AbortSignal.any([closing, goneSignal(reply)]),
    };
  };
}

/** Those who try keys out use up the allowance of their address. */
async function authenticate(gate: Gate, request: FastifyRequest, count: Counter): Promise<Principal> {
  const { method, url, headers, ip } = request;
  try {
    return await gate.authenticate({ method, url, headers, remoteAddress: ip });
  } catch (error) {
    await count(request);
    throw error;
  }
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}

function stopping(): StatewrightError {
  return new StatewrightError("ENGINE_STOPPED", "The server is shutting down and takes no new work.", {
    hint: "Send it again when the server is back.",
  });
}
