/** Commands: everything that can happen to an instance. They are stored whole; replay feeds them to the step again. */
import type { Json, JsonObject } from "../json/json.js";
import type { InstanceStatus, ParentLink, Visit } from "../model/snapshot.js";
import type { Inbound } from "./inbound.js";
import type { TryResult } from "./try-result.js";

export type { TryResult } from "./try-result.js";

export type Command =
  | StartCommand
  | EventCommand
  | UpdateCommand
  | ActionResultCommand
  | CallbackCommand
  | TimerCommand
  | OperatorCommand
  | DeliveryFailedCommand
  | ImportCommand
  | ChildDoneCommand
  | CompensateCommand
  | ChildCompensatedCommand
  | SignalCommand;

interface CommandEnvelope {
  /** User, service or `system`. */
  readonly actor: string;
  /** By which door it came: `cli`, `library`, `engine`, … */
  readonly source: string;
  /** 32 hexadecimal digits: all randomness that the step may use (jitter, `uuid()`). */
  readonly random: string;
}

export interface StartCommand extends CommandEnvelope {
  readonly type: "start";
  readonly instanceId: string;
  readonly data: JsonObject;
  readonly variables: JsonObject;
  /** Who waits for this instance to end. */
  readonly parent?: ParentLink;
  /** The initial state that a signal or message starts it in; the machine's own where missing. */
  readonly at?: string;
}

/** What somebody sends, who may belong to groups. */
interface SentEnvelope extends CommandEnvelope {
  /** The groups that the actor is a member of, as the door has found out; none where missing. */
  readonly groups?: readonly string[];
}

export interface EventCommand extends SentEnvelope {
  readonly type: "event";
  readonly eventId: string;
  readonly data: JsonObject;
  readonly variables: JsonObject;
  readonly expectedSeq?: number;
  /** Of a message from outside: it is for what waits with the value. */
  readonly inbound?: Inbound;
}

/** An event without an id: adds data to the current state. */
export interface UpdateCommand extends SentEnvelope {
  readonly type: "update";
  readonly data: JsonObject;
  readonly variables: JsonObject;
  readonly expectedSeq?: number;
}

export interface ActionResultCommand extends CommandEnvelope {
  readonly type: "actionResult";
  /** The outbox row whose try ended. */
  readonly effect: { readonly seq: number; readonly ordinal: number };
  readonly key: string;
  readonly result: TryResult;
}

/** The address that a try has given out was called. */
export interface CallbackCommand extends CommandEnvelope {
  readonly type: "callback";
  /** The key of the action, and which of its tries gave the address out. */
  readonly key: string;
  readonly tryNumber: number;
  /** What was posted. An object with an `error` that is not null fails the action, anything else completes it. */
  readonly body: Json;
}

export interface TimerCommand extends CommandEnvelope {
  readonly type: "timer";
  readonly timerId: string;
}

export type OperatorCommand = ActCommand | SetCommand | MigrateCommand;

interface OperatorEnvelope extends CommandEnvelope {
  readonly type: "operator";
  /** Why, for the trail. */
  readonly reason: string;
}

export interface ActCommand extends OperatorEnvelope {
  readonly act: OperatorAct;
  /** Of `retry` and `skip`: the incident that is meant; without one all that hold the instance. */
  readonly incidentId?: string;
}

/**
 * - `cancel` ends the instance; what is under way is called off, nothing is undone
 * - `suspend` holds it: what is under way may end, nothing new begins, events are refused, timers wait
 * - `resume` lets a held instance go on
 * - `retry` does again what an incident is about
 * - `skip` goes on as if the failed action had been done
 */
export type OperatorAct = "cancel" | "suspend" | "resume" | "retry" | "skip";

/** Corrects data and variables; what waited for data is looked at again. */
export interface SetCommand extends OperatorEnvelope {
  readonly act: "set";
  readonly data: JsonObject;
  readonly variables: JsonObject;
  /** Properties of data that are taken out. */
  readonly unset: readonly string[];
}

/** Moves the instance to another version of its state machine; the step runs on that version. */
export interface MigrateCommand extends OperatorEnvelope {
  readonly act: "migrate";
  /** The version it must be on. */
  readonly from: number;
  readonly to: number;
  /** Old state → new state; what is not named keeps its name. */
  readonly states: { readonly [stateId: string]: string };
  /** Templates over the instance as it was: what the properties become. */
  readonly data: JsonObject;
  /** The same for variables. */
  readonly variables: JsonObject;
  /** Properties of data that are taken out. */
  readonly unset: readonly string[];
}

/** A callback or notification was given up. */
export interface DeliveryFailedCommand extends CommandEnvelope {
  readonly type: "deliveryFailed";
  readonly effect: { readonly seq: number; readonly ordinal: number };
  readonly message: string;
}

/**
 * An instance that was somewhere else before: begins here with the whole state that its document told. The times in it
 * are RFC 3339 in UTC with milliseconds.
 */
export interface ImportCommand extends CommandEnvelope {
  readonly type: "import";
  readonly instanceId: string;
  /** As the document says; where it does not, the kind of the state decides. */
  readonly status?: InstanceStatus;
  readonly reason?: string;
  readonly startedAt: string;
  readonly data: JsonObject;
  readonly variables: JsonObject;
  /** Ordinals from 0; the last one is open: there the instance is. At least one. */
  readonly visits: readonly Visit[];
  /** What was wrong with the document itself. */
  readonly faults: readonly { readonly path: string; readonly message: string }[];
}

/** Children of this instance have ended. */
export interface ChildDoneCommand extends CommandEnvelope {
  readonly type: "childDone";
  /** In the order in which they were told; at least one. One that is not waited for any more is recorded as late. */
  readonly children: readonly { readonly key: string; readonly outcome: ChildOutcome }[];
}

/** The parent rolls back: what this instance did is to be undone. One that is not over is cancelled first. */
export interface CompensateCommand extends CommandEnvelope {
  readonly type: "compensate";
  /** Of the link that asks; a second one under the same key changes nothing. */
  readonly key: string;
}

/** A child has undone what it did. */
export interface ChildCompensatedCommand extends CommandEnvelope {
  readonly type: "childCompensated";
  readonly key: string;
  /** How much of it is not undone: each has an incident in the child, or further down. */
  readonly notUndone: number;
}

/** How a child ended. `isUndoable`: there is something that its parent could have undone. */
export type ChildOutcome =
  | {
      readonly outcome: "completed";
      readonly data: JsonObject;
      readonly state: string;
      readonly isUndoable?: true;
    }
  /** It ended in error, was cancelled, or could not be started at all. */
  | {
      readonly outcome: "failed";
      readonly code: string;
      readonly message: string;
      readonly data: JsonObject;
      readonly isUndoable?: true;
    };

/** A signal that was broadcast; an instance that does not wait for it refuses it with `NOT_ENABLED`. */
export interface SignalCommand extends CommandEnvelope {
  readonly type: "signal";
  readonly signal: string;
  readonly data: JsonObject;
}
