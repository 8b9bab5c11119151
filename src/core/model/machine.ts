/**
 * The compiled machine: what the step runs on. It is made once from a canonical definition (`compile-machine.ts`) and never
 * changes; every default of the language is filled in, every expression, template and schema is compiled.
 */

import type { Condition, Template } from "../expression/compiled-texts.js";
import type { InboundEventModel, Receiver } from "../inbound/inbound-model.js";
import type { Json, JsonObject } from "../json/json.js";
import type { Violation } from "./schema-port.js";

export type { Condition, Template };

export interface Machine {
  readonly stateMachineId: string;
  readonly version: number;
  readonly name: string | undefined;
  /** In document order, an outer state before those inside it. */
  readonly states: ReadonlyMap<string, StateModel>;
  /** The root scope is the machine itself; the inner ones are those of compound states and of regions. */
  readonly scopes: ReadonlyMap<string, ScopeModel>;
  /** By state: where a token that is sent there can come to rest (itself, but for a routing state). */
  readonly landings: ReadonlyMap<string, readonly StateModel[]>;
  readonly initialStateId: string;
  /** Where `abort` goes; without one the instance ends in status `error` where it is. */
  readonly errorStateId: string | undefined;
  readonly onError: readonly Strategy[];
  readonly onTimeout: readonly Strategy[];
  readonly callbackHandler: CallbackHandlerModel | undefined;
  /** Properties of data that may be set once. */
  readonly immutable: ReadonlySet<string>;
  /** RFC 6901 pointers into data that are masked wherever data leaves the engine. */
  readonly sensitive: readonly string[];
  readonly transitionsById: ReadonlyMap<string, TransitionModel>;
  readonly actionsById: ReadonlyMap<string, ActionModel>;
  /** Every event id that some transition names. */
  readonly eventIds: ReadonlySet<string>;
  /** Every signal that some transition or event sub-process waits for. */
  readonly signals: ReadonlySet<string>;
  /** Some transition or event sub-process waits for something from outside that finds its instances itself. */
  readonly awaits: boolean;
  /** Events and transitions that some `distinctFrom` names: who sends them is kept. */
  readonly witnessed: ReadonlySet<string>;
  /** Scopes that some transition re-enters where they were left. */
  readonly remembered: ReadonlySet<string>;
  readonly hasJoins: boolean;
  /** Some strategy is `rollback`: what it would need is kept. */
  readonly canRollBack: boolean;
  /** It has something to undo: an action with `compensate`, or children, which may. */
  readonly canBeUndone: boolean;
  /** What some `rollbackTo` names: states, and `start`. */
  readonly rollbackTargets: ReadonlySet<string>;
  readonly hasStateTimeouts: boolean;
  /** Some transition waits for an instant that the data names. */
  readonly hasDueTimes: boolean;
  /** What messages from outside reach, in document order of the transitions, then of the states. */
  readonly receives: readonly Receiver[];
  /** Initial states that a signal or message starts an instance in. */
  readonly startsOn: readonly StartTrigger[];
}

export interface StartTrigger {
  readonly stateId: string;
  readonly kind: "signal" | "message";
  readonly name: string;
}

export type StateKind =
  | "initial"
  | "intermediate"
  | "task"
  | "userTask"
  | "wait"
  | "decision"
  | "fork"
  | "join"
  | "compound"
  | "parallel"
  | "final"
  | "error";

export interface StateModel {
  readonly stateId: string;
  readonly name: string | undefined;
  readonly kind: StateKind;
  readonly stateType: string | undefined;
  /** The scope it belongs to; `ROOT_SCOPE` in a plain machine. */
  readonly scopeId: string;
  /** Its place in the document order of all states. */
  readonly order: number;
  /** The compound and parallel states around it, innermost first. */
  readonly ancestors: readonly string[];
  /** The scopes inside it: one of a compound state, one for each region of a parallel one, else none. */
  readonly innerScopeIds: readonly string[];
  readonly isFinal: boolean;
  /** A final state that ends the instance with status `error`. */
  readonly isError: boolean;
  /** Left at once, without data or actions. */
  readonly isRouting: boolean;
  readonly schema: DataSchema | undefined;
  /** When the full check is due, where the definition says so; else the rule of the state's kind. */
  readonly validate: "entry" | "exit" | undefined;
  readonly entryActions: readonly ActionModel[];
  readonly exitActions: readonly ActionModel[];
  /** Those that leave or stay in this state, in document order; `"*"` and lists are expanded. */
  readonly transitions: readonly TransitionModel[];
  /** Of a join: what it waits for. */
  readonly join: JoinModel | undefined;
  /** Of a final state: it ends its whole scope. */
  readonly terminates: boolean;
  /** Of the whole stay. */
  readonly timeout: { readonly after: Duration; readonly onTimeout: readonly Strategy[] } | undefined;
  readonly throws: Thrown | undefined;
  readonly emits: EmissionModel | undefined;
  /** The child instance, or one for each item, that it runs. */
  readonly child: ChildModel | undefined;
  /** Of a `userTask`: who may send its events. */
  readonly assignee: Template | undefined;
  readonly candidateGroups: readonly Template[];
  /** An event sub-process: no transition leads to it, and its token ends when it is done. */
  readonly isTriggered: boolean;
}

export interface ScopeModel {
  readonly scopeId: string;
  /** The compound or parallel state it is inside of; absent for the root. */
  readonly ownerId: string | undefined;
  readonly isRegion: boolean;
  /** Where it is entered by default; at any depth inside. */
  readonly initialStateId: string;
  /** Its event sub-processes, as transitions that start them. */
  readonly triggered: readonly TransitionModel[];
}

export interface JoinModel {
  readonly wait: "all" | "active";
  /** The ways that lead to it, in document order: a transition by its id, one of several sources as `id/source`. */
  readonly incoming: readonly string[];
  /** States of its scope from which a token can come to it. */
  readonly reachableFrom: ReadonlySet<string>;
}

export type Thrown =
  | { readonly kind: "error"; readonly code: string }
  | { readonly kind: "escalation"; readonly code: string };

export interface EmissionModel {
  readonly kind: "message" | "signal";
  readonly name: string;
  readonly payload: Template;
  /** Of a message: the instance it is for. */
  readonly to: Template | undefined;
}

export interface ChildModel {
  readonly stateMachineId: string;
  readonly version: number | undefined;
  /** The child's data; without one it has none, or the item alone. */
  readonly input: Template | undefined;
  /** Over `response`, the child's data. */
  readonly output: readonly PropertyTemplate[];
  readonly each: EachModel | undefined;
}

export interface EachModel {
  /** Renders to the list. */
  readonly items: Template;
  /** The item's name in the data that `input` sees. */
  readonly as: string;
  readonly concurrency: number;
  /** How many may fail. */
  readonly tolerate: number;
}

export const ROOT_SCOPE = "root";

/** A state's data schema, split into what the data rules ask of it. */
export interface DataSchema {
  /** The properties it names, in document order. */
  readonly properties: readonly string[];
  /** True when it takes the property at all (declared, by pattern, or because additional properties are allowed). */
  readonly declares: (property: string) => boolean;
  /** Every violation of the schema. */
  readonly checkFull: (data: JsonObject) => readonly Violation[];
  /** Every violation but unmet `required` of the top level: what is there must be valid. */
  readonly checkPartial: (data: JsonObject) => readonly Violation[];
}

export interface TransitionModel {
  readonly transitionId: string;
  readonly name: string | undefined;
  /** What diagrams and messages call it: name, else first event's name, else id. */
  readonly label: string;
  /** Absent for an internal transition. */
  readonly targetId: string | undefined;
  /** The scope in whose list it stands. */
  readonly homeScopeId: string;
  readonly triggers: readonly TriggerModel[];
  /** True when it is taken without an event: no trigger at all, or an automatic one. */
  readonly isAutomatic: boolean;
  readonly condition: Condition;
  readonly actions: readonly ActionModel[];
  readonly interrupts: boolean;
  readonly isDefault: boolean;
  /** The source stays as it is, and a new token goes to the target. */
  readonly keepsSource: boolean;
  readonly history: "shallow" | "deep" | undefined;
  /** The event or transition whose senders may not send what takes this one. */
  readonly distinctFrom: string | undefined;
  /** It starts the event sub-process that is its target, in its home scope. */
  readonly isTriggered: boolean;
}

export type TriggerModel =
  | { readonly kind: "event"; readonly eventId: string; readonly name: string | undefined }
  | { readonly kind: "automatic" }
  | { readonly kind: "signal"; readonly eventId: string; readonly signal: string }
  /** A message from outside that carries what the instance waits with. */
  | { readonly kind: "inbound"; readonly eventId: string; readonly inbound: InboundEventModel }
  | { readonly kind: "after"; readonly eventId: string; readonly after: Duration }
  /** At an instant that the data names. */
  | { readonly kind: "at"; readonly eventId: string; readonly at: Template }
  /** Again and again: so long after entry and after that each time, or at the times of a cron expression. */
  | {
      readonly kind: "every";
      readonly eventId: string;
      readonly every: Recurrence;
      readonly catchUp: "once" | "all" | "skip";
    };

export interface Recurrence {
  readonly text: string;
  /** The time after the given one; `undefined` when there is none any more. */
  readonly nextAfter: (instantMs: number) => number | undefined;
}

/** An ISO 8601 duration, ready to be added to an instant. */
export interface Duration {
  readonly text: string;
  readonly addTo: (instantMs: number) => number;
}

export type ActionKind =
  | "webhook"
  | "notification"
  | "function"
  | "audit"
  | "log"
  | "assign"
  | "raise"
  | "cancel";

export interface ActionModel {
  readonly actionId: string;
  readonly name: string | undefined;
  readonly kind: ActionKind;
  readonly condition: Condition | undefined;
  /** The request of a webhook, or the settings of a notification, audit or log action: one template. */
  readonly request: Template;
  readonly assign: readonly PropertyTemplate[];
  readonly output: readonly PropertyTemplate[];
  /** Checks what came back, over `response`; undefined when nothing more than the channel's own check is asked. */
  readonly responseCondition: Condition | undefined;
  readonly callback: CallbackModel | undefined;
  /** It is done when its callback comes. */
  readonly awaits: AwaitModel | undefined;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  readonly onError: readonly Strategy[];
  readonly onTimeout: readonly Strategy[];
  /** Undoes it when a rollback reaches it. */
  readonly compensate: ActionModel | undefined;
  readonly delivery: "atLeastOnce" | "atMostOnce";
  /** Finds out what became of a try of unknown outcome. */
  readonly reconcile: ActionModel | undefined;
}

export interface PropertyTemplate {
  readonly property: string;
  readonly template: Template;
  /** True when the value depends on what an earlier action brings back (`actions`, `response`). */
  readonly needsResults: boolean;
}

export interface RetryPolicy {
  /** Tries after the first. */
  readonly retryCount: number;
  readonly retryDelayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number | undefined;
  /** A share of the delay, 0 to 1: the wait is drawn from delay × [1 - jitter, 1 + jitter]. */
  readonly jitter: number;
  /** Response codes (as text) or error codes that are retried although they count as final. */
  readonly retryOn: readonly string[];
}

export interface Strategy {
  readonly strategy: "retry" | "ignore" | "log" | "notify" | "abort" | "proceed" | "escalate" | "rollback";
  /** Of `retry`: how many further rounds. */
  readonly maxRounds: number;
  /** Of `escalate`: the event it raises. */
  readonly event?: string;
  /** Of `rollback`: the state to go back to, or `start`; the transition under way where missing. */
  readonly rollbackTo?: string;
}

/** A callback that an action waits for. */
export interface AwaitModel {
  /** From the send of a try. */
  readonly timeoutMs: number;
  /** What is wrong with what was posted; it is not asked about an error. */
  readonly check: (body: Json) => readonly Violation[];
  /** Must hold over `response`. */
  readonly condition: Condition | undefined;
}

/** A channel that is told something and whose answer never holds the instance up. */
export interface CallbackModel {
  readonly channel: "webhook";
  /** Everything but the body; the body too where the definition has a `payload`. */
  readonly request: Template;
  readonly hasPayload: boolean;
}

export interface CallbackHandlerModel extends CallbackModel {
  /** The kinds it is told of; undefined means all. */
  readonly events: ReadonlySet<string> | undefined;
}
