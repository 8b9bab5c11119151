/** Effects: what the world must do or remember after a step. They are data; the runtime commits them, then acts. */
import type { JsonObject } from "../json/json.js";
import type { Incident, Visit } from "../model/snapshot.js";
import type { ChildOutcome } from "./command.js";

export type Effect =
  | TryEffect
  | DeliverEffect
  | LinkEffect
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
  /** The action waits for a callback: the try gives out an address of its own. */
  readonly awaitsCallback?: true;
  /** Sent once, or not at all; at least once where missing. */
  readonly delivery?: "atMostOnce";
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

/**
 * What one instance asks of others. Each is done at least once under its key and acts once; those of one instance are done
 * in the order in which they were decided.
 */
export type LinkEffect =
  | StartChildEffect
  | CancelChildEffect
  | TellParentEffect
  | CompensateChildEffect
  | TellCompensatedEffect
  | BroadcastEffect
  | SendMessageEffect;

/** Start a child instance. It tells its parent how it ended under the same key. */
export interface StartChildEffect {
  readonly kind: "start-child";
  readonly ordinal: number;
  readonly key: string;
  readonly childId: string;
  readonly stateMachineId: string;
  /** The newest that is published when the child starts, where missing. */
  readonly version?: number;
  readonly data: JsonObject;
  /** The parent may ask later for what the child did to be undone. */
  readonly mayUndo?: true;
}

/** Cancel a child that nobody waits for any more; one that has ended, or never began, is left alone. */
export interface CancelChildEffect {
  readonly kind: "cancel-child";
  readonly ordinal: number;
  readonly key: string;
  readonly childId: string;
  readonly reason: string;
}

/** Tell the parent how this instance ended. */
export interface TellParentEffect {
  readonly kind: "tell-parent";
  readonly ordinal: number;
  readonly key: string;
  readonly parentId: string;
  /** The key of the `start-child` that made this instance. */
  readonly childKey: string;
  readonly outcome: ChildOutcome;
}

/** Have a child undo what it did: one that has ended, or was cancelled right before. */
export interface CompensateChildEffect {
  readonly kind: "compensate-child";
  readonly ordinal: number;
  readonly key: string;
  readonly childId: string;
}

/** Tell the parent that what it asked to be undone is. */
export interface TellCompensatedEffect {
  readonly kind: "tell-compensated";
  readonly ordinal: number;
  readonly key: string;
  readonly parentId: string;
  /** The key of the `compensate-child` that asked. */
  readonly askedKey: string;
  readonly notUndone: number;
}

/** A signal: every instance that waits for it takes it, and machines that start on it start. */
export interface BroadcastEffect {
  readonly kind: "broadcast";
  readonly ordinal: number;
  readonly key: string;
  readonly signal: string;
  readonly data: JsonObject;
}

/** A message: an event of one instance, or the start of one where no instance is named. */
export interface SendMessageEffect {
  readonly kind: "send-message";
  readonly ordinal: number;
  readonly key: string;
  readonly message: string;
  /** The instance it is for; without one, machines that start on the message start. */
  readonly to?: string;
  readonly data: JsonObject;
}
