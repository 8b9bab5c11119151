/**
 * The snapshot: everything that an instance is between two commands, as plain JSON. It is the fold of the step over the
 * instance's commands. Closed visits are not in it (history is written once, beside it), so its size does not grow
 * with the length of a history.
 *
 * The configuration is a set of tokens, each in a state, in a tree of scopes; a plain state machine has one token in
 * the root scope.
 */
import type { Json, JsonObject } from "../json/json.js";
import type { Failure } from "../message/failure.js";
import type { Incident } from "../message/incident.js";
import type { TryResult } from "../message/try-result.js";
import type { AskedUndo, Before, Compensation } from "./compensation.js";
import type { DelayedEvent, KeptCommand, RaisedEvent } from "./kept-command.js";
import type { ActionOutcome, ActionPhase, Visit } from "./visit.js";

export type { Incident } from "../message/incident.js";
export type { DelayedEvent, KeptCommand, RaisedEvent } from "./kept-command.js";
export type {
  ActionError,
  ActionOutcome,
  ActionPhase,
  ActionRecord,
  ActionStatus,
  Visit,
} from "./visit.js";

export type InstanceStatus = "active" | "suspended" | "completed" | "error" | "cancelled";

export interface Snapshot {
  instanceId: string;
  stateMachineId: string;
  version: number;
  /** Number of the last command; 1 after `start`. */
  seq: number;
  status: InstanceStatus;
  /** Why it was cancelled, or ended in error where it was. */
  reason?: string;
  /** An operator holds it. */
  suspension?: Suspension;
  /** Who waits for it to end. */
  parent?: ParentLink;
  startedAt: string;
  updatedAt: string;
  data: JsonObject;
  variables: JsonObject;
  scopes: ScopeRecord[];
  tokens: Token[];
  /** What arrived while tokens were busy, in order of arrival. */
  kept: KeptCommand[];
  /** Events from inside that have not had their turn, in order. */
  raised?: RaisedEvent[];
  /** Events from inside that wait for their time. */
  delayed?: DelayedEvent[];
  /** By scope of the definition: where it was left, as its innermost states in document order. */
  histories?: { [scopeId: string]: string[] };
  /** The open ones. */
  incidents: Incident[];
  /** The last outcome of each action, as expressions see it under `actions`. */
  actions: { [actionId: string]: ActionOutcome };
  counters: Counters;
  /** By event or transition that a `distinctFrom` names: who has sent it in this instance, in order. */
  senders?: { [name: string]: string[] };
  /** What would undo the actions that were completed, in the order in which they were; where something can roll back. */
  compensations?: Compensation[];
  /** By state that a `rollbackTo` names: what a rollback to it brings back. */
  returns?: { [stateId: string]: Mark };
  /** Its parent has asked for what it did to be undone. */
  undo?: AskedUndo;
}

/** What a rollback brings back: where a token was, and what has been written since. */
export interface Mark {
  scopeId: string;
  tokenId: string;
  stateId: string;
  phase: TokenPhase;
  visit: number;
  /** Numbers given out before it. */
  tokens: number;
  visits: number;
  compensations: number;
  /** Properties that were changed since, as they were; those in `absent` were not there. */
  data: Before;
  variables: Before;
  /** Where the scopes inside of the state were. */
  inside?: string[];
  /** Of an internal transition: nothing is left. */
  isInternal?: boolean;
  /** Its source stayed as it was: the token came to be with the transition, and goes with it. */
  isNew?: boolean;
}

/** The instance that waits for this one to end. */
export interface ParentLink {
  readonly instanceId: string;
  /** The key of its `start-child` effect. */
  readonly key: string;
  /** It may ask for what this one did to be undone, also when this one is over. */
  readonly mayUndo?: boolean;
}

export interface Suspension {
  actor: string;
  reason: string;
  at: string;
}

/** A scope that is active. The same scope of the definition may be so several times, once for each token that owns one. */
export interface ScopeRecord {
  /** `root`, or its number. */
  scopeId: string;
  /** The scope that its owner is in; absent for the root. */
  parentId?: string;
  /** The token in the compound or parallel state; absent for the root. */
  ownerId?: string;
  /** The scope of the definition; absent for the root. */
  modelId?: string;
  /** An event sub-process has ended the rest of it: no other one starts. */
  isInterrupted?: boolean;
}

/** Numbers given out so far. */
export interface Counters {
  tokens: number;
  /** Of scopes and delayed events; absent where there were none. */
  scopes?: number;
  delayed?: number;
  /** Of completed actions that can be undone; absent where there were none. */
  compensations?: number;
  visits: number;
  incidents: number;
  /** How often each state was entered. */
  entries: { [stateId: string]: number };
}

/**
 * - `entering`: its state's entry actions are under way
 * - `settled`: they are done; it waits
 * - `acting`: an internal transition's actions are under way
 * - `leaving`: a transition was taken; exit and transition actions are under way, `stateId` is still the source
 * - `inside`: entry actions are done; the scopes that it owns, or its child instances, are at work
 * - `compensating`: a rollback is under way; it ends where the rollback says
 * - `exiting`: a scope around it is being left; its exit actions are under way, then it is gone
 * - `ended`: nothing can move it any more
 */
export type TokenPhase =
  | "entering"
  | "settled"
  | "acting"
  | "leaving"
  | "inside"
  | "compensating"
  | "exiting"
  | "ended";

/** The token that an instance begins with. */
export const FIRST_TOKEN = "t1";

export interface Token {
  tokenId: string;
  scopeId: string;
  stateId: string;
  phase: TokenPhase;
  /** The open history entry. */
  visit: Visit;
  /** Pending time-based transitions of the state. */
  timers: TokenTimer[];
  /** Its state's time is up; what becomes of it is decided when nobody holds the instance. */
  isTimedOut?: boolean;
  /** How often its state's time has begun anew. */
  timeoutRounds?: number;
  /** By timer: the instant that data named for it last, as it stood there. */
  dueTimes?: { [name: string]: string };
  /** The last state that others were told of: a routing state is passed without a word. */
  toldState?: string;
  /** What a rollback of the last transition brings back. */
  cameFrom?: Mark;
  /** The tokens that it came from by forks, the nearest first. */
  from?: string[];
  /** It was rolled back: its automatic transitions wait for data or an event. */
  waitsForNews?: boolean;
  /** The actions under way, while the token is `entering`, `acting`, `leaving`, `compensating` or `exiting`. */
  agenda?: Agenda;
  /** On its way into a compound or parallel state: the states inside to enter instead of the initial ones. */
  inward?: string[];
  /** In a join: the way by which it came, where the join counts each source of the transition. */
  way?: string;
  /** In a join: it has been joined with the others, and goes on for all of them. */
  hasJoined?: boolean;
  /** What is inside of its state is over, and the instance has been told: told once for each time it comes to its end. */
  isDone?: boolean;
  /** It was made by a transition whose source stays or is gone already: it leaves no state of its own. */
  isNew?: boolean;
  /** Whose data its state has got, where four eyes ask for it; of the visit with this ordinal. */
  answered?: { visit: number; by: string[] };
  /** The child instance that it waits for. */
  child?: ChildRun;
  /** The child instances that it runs, one for each item. */
  each?: EachRun;
  /** Of a last state: what was sent there, and nobody knows whether it was done; their incidents decide. */
  unsure?: ActionRun[];
  /** Its child failed while an operator held the instance: what to do is decided when the instance goes on. */
  heldFailure?: Failure;
}

export interface ChildRun {
  childId: string;
  /** The key of its `start-child`, or of what else it was asked. */
  key: string;
}

export interface EachRun {
  /** How many items there were. The list itself stays in the data: a copy of it would be written with every command. */
  count: number;
  /** Index of the next that begins. */
  next: number;
  running: (ChildRun & { index: number })[];
  failed: number;
  /** What `output` made of each, by index; null for what failed or is not over. */
  results: Json[];
  /** How large the data would be with these results. */
  bytes: number;
}

export interface TokenTimer {
  timerId: string;
  transitionId: string;
  eventId: string;
  dueAt: string;
  /** The state's own timeout, of no transition. */
  isTimeout?: boolean;
}

/** A list of actions that run one after the other, and what comes when they are done. */
export interface Agenda {
  actions: PlannedAction[];
  /** Index of the one that runs or comes next. */
  next: number;
  running?: ActionRun;
  /** The transition that the actions belong to; absent for entry actions. */
  transition?: TransitionUnderWay;
  /** The event that led to the state, for the expressions of its entry actions. */
  event?: EventSeen;
  /** All actions are over, but the target's data is not valid: an incident holds the token until data changes. */
  isHeld?: boolean;
  /** Actions of an internal transition that cut entry actions short: what follows an entry is still to come. */
  cutsEntry?: boolean;
  /** A last action of an ended instance, once more: what follows an entry has been done. */
  isRepeated?: boolean;
  /** What the state emits has gone out; what it threw holds the token, and may be thrown again. */
  hasEmitted?: boolean;
  /** The actions are compensations. */
  rollback?: RollbackUnderWay;
  /** The child that is undoing what it did, and the key of the link that asked it to. */
  awaits?: ChildRun;
}

/**
 * - `mark`: back to it; `start`: everything, then the end
 * - `again`: compensations that had failed, then as before
 * - `asked`: everything, on the word of the parent; the instance is over, and stays as it ended
 */
export type RollbackUnderWay =
  | { kind: "mark"; mark: Mark; failure: Failure }
  | { kind: "start"; failure: Failure }
  | { kind: "again" | "asked"; phase: TokenPhase };

export interface PlannedAction {
  /** Of a child that is to undo what it did: its instance's id. */
  actionId: string;
  phase: ActionPhase;
  /** Of a compensation: what it undoes. */
  undo?: Compensation;
  /**
   * An action that was sent before, and whose outcome is found out now: by a rollback, before what it did is undone, or
   * once more after the instance has ended.
   */
  settles?: ActionRun;
  /** What came of it before it had its turn. */
  result?: TryResult;
}

export interface TransitionUnderWay {
  transitionId: string;
  /** Its place among those that were taken with it: its actions have their turn in this order. */
  place?: number;
  /** Absent for an internal transition. */
  targetId?: string;
  /** Where it came from decides how the target's data is checked. */
  origin: Origin;
  trigger: TriggerInfo;
  /** The event with its data, for the expressions of exit and transition actions. */
  event?: EventSeen;
  /** Of an internal transition: what a rollback brings back. */
  before?: Mark;
}

/** An event as expressions see it. The data of one from inside may be any JSON. */
export interface EventSeen {
  id: string;
  data: Json;
}

/** `outside`: an event with its data; `inside`: automatic or time-based; `failure`: an error route or `abort`. */
export type Origin = "outside" | "inside" | "failure";

/** What made a state be entered, for the history. */
export interface TriggerInfo {
  transitionId?: string;
  event?: string;
  actor: string;
}

/** One action that waits for its channel or for its next try. */
export interface ActionRun {
  actionId: string;
  /** `<instanceId>/<seq>.<ordinal>/<actionId>`; the same for all tries. */
  key: string;
  /** Rendered once: every try sends the same. */
  request: JsonObject;
  /** When it was rendered, and what its `uuid()` drew on. */
  renderedAt: string;
  seed: string;
  /** Its callback has been told of the failure already. */
  hasTold?: boolean;
  /** It failed while an operator held the instance: what to do is decided when the instance goes on. */
  heldFailure?: Failure;
  /**
   * `awaiting`: the try has ended well, the callback has not come. `failed`: given up; an incident holds the token here.
   * `held`: it failed while an operator held the instance. `unknown`: it may have been done; its reconcile action is next,
   * or an incident holds the token here.
   */
  progress: "in-progress" | "awaiting" | "backoff" | "failed" | "held" | "unknown";
  /** It is sent at most once. */
  isOnce?: boolean;
  /** Of `unknown`: why nobody knows. */
  doubt?: Failure;
  /** Its reconcile action could not find out. */
  isAsked?: boolean;
  /** It reconciles this one, which goes on when it is over. */
  asksAbout?: ActionRun;
  /** The outbox row of the try under way. */
  effect?: { seq: number; ordinal: number };
  /** The callback that the try under way is waited for, from its send on: the timer that ends the wait. */
  callback?: { timerId: string; dueAt: string };
  /** The timer that ends the wait before the next try. */
  retryTimerId?: string;
  /** The wait is over, but an operator holds the instance: the try is made when it goes on. */
  isRetryDue?: boolean;
  /** Tries of this round that were begun; rounds gone before. */
  triesInRound: number;
  round: number;
  /** Tries begun in all. */
  tries: number;
}
