/**
 * JSON Web Tokens of an identity provider: who sent the request, and what they may do.
 *
 * 1. Only asymmetric signatures: a secret could be the published key itself, and `none` is no signature.
 * 2. The key comes from the configured address alone; whatever a token says about keys but its `kid` is not looked at.
 * 3. Issuer, audience and expiry are required.
 */
import { errors, type JWTPayload, jwtVerify } from "jose";
import { StatewrightError } from "../../core/errors.js";
import type { Principal } from "../gate.js";
import { ROLES } from "./authorize.js";
import { isLoopback } from "./exposure.js";
import { isGrant } from "./grants.js";
import { DEFAULT_TENANT, isActorName, isTenantName } from "./principal-name.js";
import { RemoteKeys } from "./remote-keys.js";

export interface TokenSettings {
  /** Where the provider publishes its keys; https, or an address of the loopback. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Names of claims, or dotted paths to them. */
  readonly claims?: {
    /** `sub` where nothing is said. */
    readonly actor?: string;
    readonly roles?: string;
    readonly grants?: string;
    readonly groups?: string;
    /** Where it is named a token without it is refused; else such a token is of the tenant `default`. */
    readonly tenant?: string;
  };
}

const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const CLOCK_SKEW_SECONDS = 30;
const MAX_CHARS = 8_192;
const MAX_ENTRIES = 200;

export class TokenVerifier {
  readonly #keys: RemoteKeys;

  /** Throws `USAGE` for an address that keys may not come from. */
  constructor(
    private readonly settings: TokenSettings,
    private readonly now: () => number = Date.now,
  ) {
    checkAddress(settings.jwksUrl);
    this.#keys = new RemoteKeys(settings.jwksUrl, now);
  }

  /** Throws `UNAUTHENTICATED`, `IDENTITY_UNAVAILABLE`. */
  async authenticate(token: string): Promise<Principal> {
    const payload = await this.#verify(token);
    const { claims = {} } = this.settings;
    const actor = claimAt(payload, claims.actor ?? "sub");
    if (!isActorName(actor)) throw refused("it names nobody that could be an actor");
    const tenant =
      claimAt(payload, claims.tenant ?? "tenant") ??
      (claims.tenant === undefined ? DEFAULT_TENANT : undefined);
    if (typeof tenant !== "string" || !isTenantName(tenant)) throw refused("it names no tenant");
    return {
      actor,
      tenant,
      roles: ROLES.filter((role) => textsAt(payload, claims.roles ?? "roles").includes(role)),
      grants: textsAt(payload, claims.grants ?? "grants").filter(isGrant),
      groups: textsAt(payload, claims.groups ?? "groups"),
      rateKey: `token ${tenant} ${actor}`,
      source: "http (token)",
    };
  }

  async #verify(token: string): Promise<JWTPayload> {
    if (token.length > MAX_CHARS) throw refused(`it is longer than ${MAX_CHARS} characters`);
    const { issuer, audience } = this.settings;
    try {
      const { payload } = await jwtVerify(token, this.#keys.find, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SKEW_SECONDS,
        requiredClaims: ["exp"],
        currentDate: new Date(this.now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof StatewrightError) throw error;
      throw refused(reasonOf(error));
    }
  }
}

/** What its owner may know; nothing of the keys. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "it has expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return `its claim "${error.claim}" is not what this server asks for`;
  if (error instanceof errors.JOSEAlgNotAllowed) return "it is signed in a way that is not taken";
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'it does not say by "kid" which key has signed it';
  return "it is not signed by a key of the provider";
}

function refused(why: string): StatewrightError {
  return new StatewrightError("UNAUTHENTICATED", `The token is refused: ${why}.`, {
    hint: "Get a new token for this server from the identity provider.",
  });
}

/** A claim of exactly this name wins over a path. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name.split(".").reduce<unknown>((at, part) => {
    return typeof at === "object" && at !== null && Object.hasOwn(at, part)
      ? (at as { readonly [name: string]: unknown })[part]
      : undefined;
  }, payload);
}

/** A list of texts, or one text with spaces between, as OAuth's `scope` is. */
function textsAt(payload: JWTPayload, name: string): readonly string[] {
  const claim = claimAt(payload, name);
  const list: readonly unknown[] =
    typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return list
    .filter((each): each is string => typeof each === "string" && each !== "" && each.length <= 600)
    .slice(0, MAX_ENTRIES);
}

function checkAddress(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname))) return;
  throw new StatewrightError("USAGE", `Keys for tokens cannot be taken from "${text.slice(0, 300)}".`, {
    hint: "Give the https address of the provider's JWKS.",
  });
}
