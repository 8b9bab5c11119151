/** Visits, with what was done in them: the entries of an instance's history. */
import type { Json, JsonObject } from "../json/json.js";

export type ActionPhase = "entry" | "exit" | "transition" | "compensation" | "reconciliation";

export interface ActionOutcome {
  status: ActionStatus;
  result?: Json;
  error?: ActionError;
  /** Of one of unknown outcome: the idempotency key under which it was sent. */
  key?: string;
}

export type ActionStatus =
  | "pending"
  | "in-progress"
  | "completed"
  | "failed"
  /** Sent at most once, and nobody knows whether it was done. */
  | "unknown"
  | "skipped"
  | "cancelled"
  | "compensated";

export interface ActionError {
  code: string;
  message: string;
}

/** One stay in a state: the entry of `history`. `data` and `exitedAt` come when it closes. */
export interface Visit {
  ordinal: number;
  state: string;
  /** The token that made it; absent for the first token of an instance. */
  token?: string;
  enteredAt: string;
  exitedAt?: string;
  data?: JsonObject;
  transitionId?: string;
  event?: string;
  actor: string;
  actions: ActionRecord[];
}

export interface ActionRecord {
  actionId: string;
  phase: ActionPhase;
  status: ActionStatus;
  startedAt: string;
  completedAt?: string;
  tries: number;
  result?: Json;
  error?: ActionError;
  timedOut?: boolean;
}
