/**
 * Adds to a request what proves its sender.
 *
 * 1. Secrets are looked up for each try, and only here; the request that holds them lives as long as the try.
 * 2. A header that the definition sets too is a failure: one of the two would be lost silently.
 */

import type { WebRequest } from "../request/read-request.js";
import { appendHeader } from "../request/request-headers.js";
import { unusableRequest } from "../send-failure.js";
import { basicCredentials, type ClientCredentials, type OauthTokens } from "./oauth-tokens.js";
import type { Auth } from "./read-auth.js";
import type { SecretReference, SecretValues } from "./secret-values.js";
import { SIGNING_HEADERS, signingHeaders } from "./sign-request.js";

export interface Proof {
  readonly auth: Auth | undefined;
  readonly sign: readonly SecretReference[] | undefined;
}

export interface Sealed {
  readonly request: WebRequest;
  /** Says that the access token was refused, so that the next seal fetches another; `undefined` where there is none. */
  readonly refuseToken: (() => void) | undefined;
}

export class Credentials {
  constructor(
    private readonly tokens: OauthTokens,
    private readonly readUrl: (text: string) => URL,
    private readonly now: () => number,
  ) {}

  /** Rejects with `SendFailure`. */
  async seal(request: WebRequest, { auth, sign }: Proof, values: SecretValues): Promise<Sealed> {
    const headers = new Map(request.headers);
    const refuseToken = auth === undefined ? undefined : await this.#authorise(headers, auth, values);
    if (sign !== undefined) {
      for (const name of SIGNING_HEADERS) refuseTwice(headers, name, "sign");
      const message = {
        key: headers.get("idempotency-key") ?? "",
        body: request.body ?? "",
        atMs: this.now(),
      };
      for (const [name, value] of await signingHeaders(message, sign, values)) headers.set(name, value);
    }
    return { request: { ...request, headers }, refuseToken };
  }

  async #authorise(
    headers: Map<string, string>,
    auth: Auth,
    values: SecretValues,
  ): Promise<(() => void) | undefined> {
    const name = auth.kind === "header" ? auth.name.toLowerCase() : "authorization";
    refuseTwice(headers, name, `auth.${auth.kind}`);
    if (auth.kind === "oauth2") {
      const credentials: ClientCredentials = {
        tokenUrl: this.readUrl(auth.tokenUrl),
        clientId: values.valueOf(auth.clientId),
        clientSecret: values.valueOf(auth.clientSecret),
        scope: auth.scope,
      };
      const token = values.withhold(await this.tokens.token(credentials));
      appendHeader(headers, name, `Bearer ${token}`);
      return () => this.tokens.forget(credentials, token);
    }
    appendHeader(headers, auth.kind === "header" ? auth.name : name, headerValue(auth, values));
    return undefined;
  }
}

function headerValue(auth: Exclude<Auth, { readonly kind: "oauth2" }>, values: SecretValues): string {
  if (auth.kind === "bearer") return `Bearer ${values.valueOf(auth.token)}`;
  if (auth.kind === "header") return values.valueOf(auth.value);
  const username = values.valueOf(auth.username);
  if (username.includes(":")) throw unusableRequest("A user name of basic authentication holds a colon.");
  const credentials = basicCredentials(username, values.valueOf(auth.password));
  values.withhold(credentials.slice("Basic ".length));
  return credentials;
}

function refuseTwice(headers: ReadonlyMap<string, string>, name: string, by: string): void {
  if (headers.has(name)) {
    throw unusableRequest(`The header "${name}" is set by "headers" and by "${by}"; remove one of them.`);
  }
}
