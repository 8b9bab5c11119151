/**
 * Access tokens by OAuth 2 client credentials (RFC 6749, section 4.4), in memory alone.
 *
 * 1. A token is used until shortly before it expires, or until somebody says that it was refused.
 * 2. Of one client at one token URL there is one fetch at a time; who comes meanwhile waits for it.
 * 3. The client shows itself by `Authorization: Basic`, which every token server must take (section 2.3.1).
 * 4. Failures name the token URL. What the token server sent stays out of them: it may hold a token.
 */
import { isJsonObject } from "../../../core/json/json.js";
import type { WebRequest } from "../request/read-request.js";
import { requestLabel } from "../request/read-request.js";
import { readExpectation } from "../response/expectation.js";
import { FINAL_STATUSES } from "../response/judge-response.js";
import type { Answer } from "../response/read-response.js";
import { retryAfterMs } from "../response/retry-after.js";
import { SendFailure } from "../send-failure.js";

export interface ClientCredentials {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

interface Token {
  readonly text: string;
  readonly usableUntilMs: number;
}

/** Makes the request; rejects with `SendFailure`. */
export type FetchToken = (request: WebRequest) => Promise<Answer>;

const LIFE_WHERE_NOTHING_IS_SAID_MS = 300_000;
const MARGIN_MS = 30_000;
const MOST_KEPT = 1_000;
const MOST_BYTES = 65_536;
const TOKEN = /^[\x21-\x7e]+$/;

export class OauthTokens {
  readonly #kept = new Map<string, Token>();
  readonly #underWay = new Map<string, Promise<Token>>();

  constructor(
    private readonly fetchToken: FetchToken,
    private readonly now: () => number,
    private readonly userAgent: string,
  ) {}

  /** @throws SendFailure */
  async token(credentials: ClientCredentials): Promise<string> {
    const client = clientOf(credentials);
    const kept = this.#kept.get(client);
    if (kept !== undefined && this.now() < kept.usableUntilMs) return kept.text;
    let fetching = this.#underWay.get(client);
    if (fetching === undefined) {
      fetching = this.#fetch(credentials).finally(() => this.#underWay.delete(client));
      this.#underWay.set(client, fetching);
    }
    return (await fetching).text;
  }

  /** This token was refused; a newer one that has come meanwhile stays. */
  forget(credentials: ClientCredentials, token: string): void {
    const client = clientOf(credentials);
    if (this.#kept.get(client)?.text === token) this.#kept.delete(client);
  }

  async #fetch(credentials: ClientCredentials): Promise<Token> {
    const request = tokenRequest(credentials, this.userAgent);
    const askedAtMs = this.now();
    const answer = await this.fetchToken(request);
    const { text, lifeMs } = readToken(request, answer);
    const token = { text, usableUntilMs: askedAtMs + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
    const client = clientOf(credentials);
    this.#kept.delete(client);
    this.#kept.set(client, token);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return token;
  }
}

function clientOf({ tokenUrl, clientId, clientSecret, scope }: ClientCredentials): string {
  return JSON.stringify([tokenUrl.href, clientId, clientSecret, scope ?? null]);
}

function tokenRequest(credentials: ClientCredentials, userAgent: string): WebRequest {
  const { tokenUrl, clientId, clientSecret, scope } = credentials;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined) form.set("scope", scope);
  return {
    method: "POST",
    url: tokenUrl,
    headers: new Map([
      ["authorization", basicCredentials(formEncoded(clientId), formEncoded(clientSecret))],
      ["content-type", "application/x-www-form-urlencoded"],
      ["accept", "application/json"],
      ["accept-encoding", "identity"],
      ["user-agent", userAgent],
    ]),
    body: form.toString(),
    expectation: readExpectation(undefined),
    followRedirects: false,
    maxResponseBytes: MOST_BYTES,
  };
}

export function basicCredentials(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

/** As in a form, which is what RFC 6749 asks for before the two are joined. */
function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

function readToken(request: WebRequest, answer: Answer): { readonly text: string; readonly lifeMs: number } {
  const { status, headers, body } = answer;
  if (status < 200 || status > 299) {
    const waitMs = retryAfterMs(headers["retry-after"], headers.date);
    throw tokenFailure(request, `answered ${status}`, {
      isFinal: FINAL_STATUSES.has(status),
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }
  if (!isJsonObject(body)) throw tokenFailure(request, "sent no JSON object", { isFinal: true });
  const { access_token: text, token_type: type, expires_in: lifeSeconds } = body;
  if (typeof text !== "string" || !TOKEN.test(text)) {
    throw tokenFailure(request, "sent no usable access_token", { isFinal: true });
  }
  if (typeof type === "string" && type.toLowerCase() !== "bearer") {
    throw tokenFailure(request, "sent a token that is no bearer token", { isFinal: true });
  }
  const seconds = Number(lifeSeconds);
  const lifeMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : LIFE_WHERE_NOTHING_IS_SAID_MS;
  return { text, lifeMs };
}

function tokenFailure(
  request: WebRequest,
  what: string,
  options: { readonly isFinal: boolean; readonly retryAfterMs?: number },
): SendFailure {
  return new SendFailure("ACTION_FAILED", `No access token: ${requestLabel(request)} ${what}`, {
    ...options,
    mayHaveActed: false,
  });
}
