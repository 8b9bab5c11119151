/**
 * Requests to a server, in the name of the token or else of a named actor.
 *
 * 1. A request that may have arrived and was not answered is sent again, a few times, within about ten seconds: what changes
 *    something has an idempotency key, so a server that dies amid it loses nothing and does nothing twice.
 * 2. A server to which no connection comes about at all is told at once: nothing was sent.
 * 3. Redirects are not followed: a token is for the server that was named.
 */
import { setTimeout as delay } from "node:timers/promises";
import { StatewrightError } from "../../core/errors.js";
import type { ServerAddress } from "../input/server-address.js";
import { usageError } from "../usage-error.js";
import { problemIn, ServerProblem } from "./server-problem.js";

export interface Query {
  readonly [name: string]: string | number | boolean | undefined;
}

export interface Posting {
  /** JSON, or a text that is sent as it is. */
  readonly body: unknown;
  readonly query?: Query;
  readonly key?: string;
  readonly actor?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** Before each further try. */
const PAUSES_MS = [100, 400, 1_000, 2_000, 3_000, 3_000];
const MAX_PAUSE_MS = 5_000;
/** Longer than a server waits for an instance to settle. */
const ANSWER_LIMIT_MS = 60_000;
const BUSY: ReadonlySet<number> = new Set([429, 502, 503]);

interface Heard {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

export class HttpClient {
  constructor(private readonly server: ServerAddress) {}

  async get<Body>(path: string, query: Query = {}): Promise<Body> {
    return this.#ask<Body>(`${path}${searchOf(query)}`, { method: "GET", headers: this.#who(undefined) });
  }

  /** Throws what the server says as `ServerProblem`, and `SERVER_UNREACHABLE`. */
  async post<Body>(path: string, { body, query = {}, key, actor, headers = {} }: Posting): Promise<Body> {
    return this.#ask<Body>(`${path}${searchOf(query)}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: {
        ...this.#who(actor),
        ...headers,
        "content-type": "application/json",
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
    });
  }

  #who(actor: string | undefined): { readonly [name: string]: string } {
    const { token, url } = this.server;
    if (token !== undefined) return { authorization: `Bearer ${token}` };
    if (actor === undefined) return {};
    if (/^[\x20-\x7e\xa0-\xff]+$/.test(actor)) return { "statewright-actor": actor };
    throw usageError(
      `The actor "${actor}" cannot be named to ${url}.`,
      "Give another name with --actor: letters of Latin-1.",
    );
  }

  async #ask<Body>(path: string, init: RequestInit): Promise<Body> {
    let mayHaveArrived = false;
    for (let attempt = 0; ; attempt += 1) {
      const heard = await this.#try(path, init);
      const pauseMs = PAUSES_MS[attempt];
      if (heard instanceof Error) {
        mayHaveArrived ||= !isUnconnected(heard);
        if (!mayHaveArrived || pauseMs === undefined) throw this.#unreachable(reasonOf(heard), heard);
        await delay(pauseMs);
        continue;
      }
      if (!BUSY.has(heard.status) || pauseMs === undefined) return this.#read<Body>(heard);
      await delay(Math.min(heard.retryAfterMs ?? pauseMs, MAX_PAUSE_MS));
    }
  }

  async #try(path: string, init: RequestInit): Promise<Heard | Error> {
    try {
      const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
      const response = await fetch(`${this.server.url}${path}`, { ...init, signal, redirect: "manual" });
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
      return { status: response.status, text: await response.text(), retryAfterMs };
    } catch (error) {
      return error as Error;
    }
  }

  #read<Body>({ status, text }: Heard): Body {
    if (status >= 200 && status < 300) {
      try {
        return JSON.parse(text) as Body;
      } catch {
        throw this.#unreachable(`what answers with ${status} there is no Statewright server`);
      }
    }
    const problem = problemIn(text);
    if (problem === undefined) {
      throw this.#unreachable(`what answers with ${status} there is no Statewright server`);
    }
    throw new ServerProblem(problem, status, this.#hintOf(problem.hint, status));
  }

  #hintOf(hint: unknown, status: number): string | undefined {
    if (status === 401 && this.server.token === undefined) {
      return "Set STATEWRIGHT_TOKEN, or give --token: a key of the server (statewright keys create NAME, on its machine).";
    }
    return typeof hint === "string" ? hint : undefined;
  }

  #unreachable(why: string, cause?: Error): StatewrightError {
    const message = `The server ${this.server.url} cannot be reached: ${why}.`;
    const hint =
      "Check the address (--url, STATEWRIGHT_URL) and that `statewright serve` runs there; --db works without a server.";
    return new StatewrightError("SERVER_UNREACHABLE", message, { hint, cause });
  }
}

function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

/** Of the sockets that were tried; the error of `fetch` itself says nothing. */
function causesOf(error: Error): readonly { readonly code?: string; readonly message: string }[] {
  const { cause } = error;
  if (cause instanceof AggregateError) return cause.errors as Error[];
  return [cause instanceof Error ? cause : error];
}

function isUnconnected(error: Error): boolean {
  const unconnected = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];
  return causesOf(error).every(({ code }) => code !== undefined && unconnected.includes(code));
}

function reasonOf(error: Error): string {
  const [first] = causesOf(error);
  return first === undefined || first.message === "" ? error.message : first.message;
}
