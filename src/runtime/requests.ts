/** What the engine is asked, and what it tells of a published definition. */
import type { Finding } from "../core/definition/finding.js";
import type { JsonObject } from "../core/json/json.js";

export interface StartRequest {
  readonly version?: number;
  /** Chosen by the caller, or given: from the idempotency key where there is one, else at random. */
  readonly instanceId?: string;
  readonly data?: JsonObject;
  readonly variables?: JsonObject;
  readonly actor?: string;
  readonly source?: string;
  readonly idempotencyKey?: string;
}

export interface SendRequest {
  readonly data?: JsonObject;
  readonly variables?: JsonObject;
  readonly actor?: string;
  readonly source?: string;
  readonly idempotencyKey?: string;
  readonly expectedSeq?: number;
}

export interface OperateRequest {
  /** Why, for the trail. */
  readonly reason?: string;
  readonly actor?: string;
  readonly source?: string;
  readonly idempotencyKey?: string;
}

export interface IncidentRequest extends OperateRequest {
  readonly incidentId?: string;
}

export interface PublishOutcome {
  readonly stateMachineId: string;
  readonly version: number;
  readonly hash: string;
  readonly outcome: "published" | "unchanged";
  readonly warnings: readonly Finding[];
}
