import type { SchemaCompiler } from "../../core/model/schema-port.js";
import type { Resolve } from "./address/guarded-connect.js";

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
  /** Stands in for the system's name resolution. */
  readonly resolve?: Resolve;
}

export const DEFAULT_MAX_IN_FLIGHT_PER_HOST = 20;
export const DEFAULT_MAX_RESPONSE_BYTES = 1_048_576;
export const DEFAULT_USER_AGENT = "statewright";
