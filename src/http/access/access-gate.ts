/**
 * The gate of a server that knows who sends what: API keys, and tokens of an identity provider.
 *
 * 1. Both come as `Authorization: Bearer …`. There are no cookies and no sessions, so a web page can do nothing in
 *    somebody's name (CSRF).
 * 2. The actor is the authenticated one. A header `Statewright-Actor` that names another one is refused, not passed over:
 *    who sends it believes that it counts.
 * 3. A principal's requests reach the engine of its tenant, and no other.
 */
import { StatewrightError } from "../../core/errors.js";
import { ACTOR_HEADER, type Gate, type GateRequest, type Principal } from "../gate.js";
import { looksLikeKey } from "./api-key.js";
import { authorize } from "./authorize.js";
import type { KeyRing } from "./key-ring.js";
import { DEFAULT_TENANT } from "./principal-name.js";
import type { Tenants } from "./tenants.js";
import type { TokenVerifier } from "./token-verifier.js";

export interface AccessOptions {
  readonly keys?: KeyRing;
  readonly tokens?: TokenVerifier;
  /** Without them only the tenant `default` is let in. */
  readonly tenants?: Tenants;
}

const REALM = 'Bearer realm="statewright"';

export function accessGate({ keys, tokens, tenants }: AccessOptions): Gate {
  const authenticate = async (request: GateRequest): Promise<Principal> => {
    const credential = bearerOf(request);
    const by = looksLikeKey(credential) ? keys : tokens;
    if (by === undefined) throw unknownCredential();
    const principal = await by.authenticate(credential);
    checkActorHeader(request, principal);
    if (tenants === undefined && principal.tenant !== DEFAULT_TENANT) throw unknownTenant();
    return principal;
  };
  return {
    authenticate,
    authorize,
    challenge: challengeOf,
    ...(tenants === undefined ? {} : { engineOf: ({ tenant }: Principal) => tenants.engineOf(tenant) }),
  };
}

function bearerOf({ headers }: GateRequest): string {
  const { authorization } = headers;
  const [, credential] =
    typeof authorization === "string" ? (/^Bearer +(\S+) *$/i.exec(authorization) ?? []) : [];
  if (credential !== undefined) return credential;
  throw new StatewrightError("UNAUTHENTICATED", "The request does not say who sends it.", {
    hint: "Send Authorization: Bearer with a key (`statewright keys create`) or a token.",
  });
}

function unknownCredential(): StatewrightError {
  return new StatewrightError(
    "UNAUTHENTICATED",
    "The credential is of a kind that this server does not take.",
    {
      hint: "Send a key of this server (swk_…), or a token if the server names an identity provider.",
    },
  );
}

function unknownTenant(): StatewrightError {
  return new StatewrightError("FORBIDDEN", "This server serves no tenants beside its own.", {
    hint: 'Use a key of the tenant "default".',
  });
}

function checkActorHeader({ headers }: GateRequest, { actor }: Principal): void {
  const named = headers[ACTOR_HEADER];
  if (named === undefined || named === actor) return;
  throw new StatewrightError(
    "FORBIDDEN",
    `The header Statewright-Actor names another actor than the credential ("${actor}").`,
    {
      hint: "Leave the header out: the actor is who the key or token belongs to.",
    },
  );
}

function challengeOf(error: unknown): { readonly [name: string]: string } {
  if (!(error instanceof StatewrightError) || error.code !== "UNAUTHENTICATED") return {};
  return { "www-authenticate": REALM };
}
