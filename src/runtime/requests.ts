/** What the engine is asked, and what it tells of a published definition. */
import type { Finding } from "../core/definition/finding.js";
import type { JsonObject } from "../core/json/json.js";
import type { InstanceStatus } from "../core/model/snapshot.js";

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
  /** The groups that the actor is a member of, where a task asks for them (`candidateGroups`); 200 at most. */
  readonly groups?: readonly string[];
  readonly source?: string;
  readonly idempotencyKey?: string;
  /** Refused with `SEQ_MISMATCH` when the instance has moved on since. */
  readonly expectedSeq?: number;
  /** Answer when the instance is settled, not when the event is committed. */
  readonly wait?: "settled";
  /** How long to wait then; 30,000 where nothing is said. */
  readonly timeoutMs?: number;
}

export interface SignalRequest {
  readonly data?: JsonObject;
  readonly actor?: string;
  readonly source?: string;
  /** Repeated under the same key it acts once in each instance. */
  readonly idempotencyKey?: string;
}

export interface SignalOutcome {
  /** How many instances took it, or keep it until they are settled; those that took it before under the same key included. */
  readonly taken: number;
  /** Ids of the instances that began with it. */
  readonly started: readonly string[];
}

/** What to wait for: all that is named must hold after one and the same commit. At least one must be named. */
export interface WaitRequest {
  readonly status?: InstanceStatus | readonly InstanceStatus[];
  /** A state that the instance rests in after a commit; one that it only passes through within a commit is not seen. */
  readonly state?: string | readonly string[];
  /** No action is under way and no event is kept (or the instance is suspended). */
  readonly settled?: boolean;
  /** 30,000 where nothing is said; `Infinity` waits without end. */
  readonly timeoutMs?: number;
  /** Show what the definition calls sensitive. */
  readonly reveal?: boolean;
}

export interface ImportRequest {
  readonly actor?: string;
  readonly source?: string;
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

export interface PublishRequest {
  readonly author?: string;
  readonly note?: string;
}

export interface PublishOutcome {
  readonly stateMachineId: string;
  readonly version: number;
  readonly hash: string;
  readonly outcome: "published" | "unchanged";
  readonly warnings: readonly Finding[];
}
