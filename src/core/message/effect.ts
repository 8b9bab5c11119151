/** Effects: what the world must do or remember after a step. They are data; the runtime commits them, then acts. */
import type { JsonObject } from "../json/json.js";
import type { Incident, Visit } from "../model/snapshot.js";

export type Effect =
  | TryEffect
  | DeliverEffect
  | { readonly kind: "end-effect"; readonly seq: number; readonly ordinal: number }
  | { readonly kind: "set-timer"; readonly timerId: string; readonly dueAtMs: number }
  | { readonly kind: "clear-timer"; readonly timerId: string }
  /** A visit that closed; it is never written again. */
  | { readonly kind: "visit"; readonly visit: Visit }
  /** An incident that opened or closed. */
  | { readonly kind: "incident"; readonly incident: Incident }
  /** A line for the operator, written after the commit, once at most. */
  | {
      readonly kind: "log";
      readonly level: LogLevel;
      readonly message: string;
      readonly details: JsonObject;
    };

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Make one try of an action; its result comes back as a command. */
export interface TryEffect {
  readonly kind: "try";
  /** Its place among the effects of its commit that are sent. */
  readonly ordinal: number;
  readonly key: string;
  readonly actionId: string;
  readonly channel: "webhook" | "notification" | "function";
  readonly request: JsonObject;
  readonly timeoutMs: number;
  /** 1 for the first. */
  readonly tryNumber: number;
}

/** Tell somebody something; nobody waits for it. */
export interface DeliverEffect {
  readonly kind: "deliver";
  readonly ordinal: number;
  readonly key: string;
  /** `global`: the machine's callback handler, in order; `callback`: an action's own. */
  readonly purpose: "global" | "callback";
  readonly request: JsonObject;
}
