import type { SchemaCompiler } from "../../core/model/schema-port.js";
import type { Secrets } from "../../ports/secrets.js";
import type { Resolve } from "./address/guarded-connect.js";
import type { BreakerSettings, BreakerState } from "./circuit-breaker.js";

/** What an operator decides about outgoing calls; a definition cannot widen it. */
export interface WebhookSettings {
  /**
   * Prefixes of URLs and what stands in their place, applied before everything else; the longest that fits wins. Each
   * is an origin or an origin with a path, and ends at a slash: `http://example.com` says nothing of `http://example.com.evil`.
   */
  readonly rewrite: readonly { readonly from: string; readonly to: string }[];
  /** Whether loopback and private addresses may be called without being on the allow list. */
  readonly privateAddresses: "allow" | "deny";
  /** Host names (`api.example.com`, `*.example.com`), addresses and CIDRs that may be called although they are private. */
  readonly allow: readonly string[];
  /** The same, never called; beats `allow`. The entry `*` denies all that `allow` does not name. */
  readonly deny: readonly string[];
  /** Checks `expectedResponse.body`. */
  readonly schemas: SchemaCompiler;
  /** Requests under way to one origin; the others wait. 20 where nothing is said. */
  readonly maxInFlightPerHost?: number;
  /** The most that is read of a response; 1 MiB where nothing is said. A request may ask for less, never for more. */
  readonly maxResponseBytes?: number;
  readonly userAgent?: string;
  /** When an origin that fails is spared, and for how long; `false` never. 10 failures and 10 seconds where missing. */
  readonly breaker?: BreakerSettings | false;
  /** Is told of every change of a breaker's state. */
  readonly onBreakerChange?: (origin: string, state: BreakerState) => void;
  /** What `auth` and `sign` name; without it every name is missing. */
  readonly secrets?: Secrets;
  /** Milliseconds since 1970 UTC, for signatures, tokens and breakers; the machine's clock where missing. */
  readonly now?: () => number;
  /** Stands in for the system's name resolution. */
  readonly resolve?: Resolve;
}

export const DEFAULT_MAX_IN_FLIGHT_PER_HOST = 20;
export const DEFAULT_MAX_RESPONSE_BYTES = 1_048_576;
/** Long enough that one bad moment opens nothing, short enough that a retry a few seconds later finds it closed. */
export const DEFAULT_BREAKER: BreakerSettings = { failures: 10, openForMs: 10_000 };
export const DEFAULT_USER_AGENT = "statewright";
