import type { Json, JsonObject } from "../core/json/json.js";

/**
 * A channel carries one request to the outside and says what came of it. It never retries by itself, never throws for
 * anything the outside does, and stops at once when `signal` aborts (the caller then knows that the outcome is unknown).
 */
export interface Channel {
  readonly kind: string;
  send(request: ChannelRequest, signal: AbortSignal): Promise<ChannelOutcome>;
  /** Lets what is in flight end, then frees sockets and files. */
  close(): Promise<void>;
}

export interface ChannelRequest {
  /** The same for all tries of one effect: `<instanceId>/<seq>.<ordinal>/<actionId>`. */
  readonly idempotencyKey: string;
  readonly instanceId: string;
  readonly stateMachineId: string;
  /** The action waits until this address is called. Whoever does the work is told of it; it is never logged. */
  readonly callbackUrl?: string;
  /** The channel's own settings, rendered: for a webhook `{ url, method, headers, query, payload, … }`. */
  readonly settings: JsonObject;
}

export type ChannelOutcome =
  | { readonly outcome: "completed"; readonly response: ChannelResponse }
  | {
      readonly outcome: "failed";
      /** From the documented list of codes, for example `ACTION_FAILED`, `RESPONSE_MISMATCH`, `ADDRESS_DENIED`. */
      readonly code: string;
      /** One sentence that names the address and what happened. */
      readonly message: string;
      /** True when another try cannot get better (HTTP 400, 401, 403, 404, 405, 410, 422; a response that fails validation). */
      readonly isFinal: boolean;
      /** From `Retry-After`: do not try again before so many milliseconds have gone by. */
      readonly retryAfterMs?: number;
      readonly response?: ChannelResponse;
      /**
       * False only where it is certain that the request did nothing: it was never sent, or was refused. Whoever does not
       * say may have acted. For what is sent at most once, this is the difference between a failure and an unknown outcome.
       */
      readonly mayHaveActed?: boolean;
    };

/** What came back, as expressions see it under `response`. */
export interface ChannelResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Parsed where it is JSON, else text; null when it was empty. */
  readonly body: Json;
}
