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
  startedAt: string;
  updatedAt: string;
  data: JsonObject;
  variables: JsonObject;
  scopes: ScopeRecord[];
  tokens: Token[];
  /** What arrived while tokens were busy, in order of arrival. */
  kept: KeptCommand[];
  /** The open ones. */
  incidents: Incident[];
  /** The last outcome of each action, as expressions see it under `actions`. */
  actions: { [actionId: string]: ActionOutcome };
  counters: Counters;
}

export interface Suspension {
  actor: string;
  reason: string;
  at: string;
}

export interface ScopeRecord {
  scopeId: string;
  /** Absent for the root. */
  parentId?: string;
}

/** Numbers given out so far. */
export interface Counters {
  tokens: number;
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
 * - `ended`: nothing can move it any more
 */
export type TokenPhase = "entering" | "settled" | "acting" | "leaving" | "ended";

export interface Token {
  tokenId: string;
  scopeId: string;
  stateId: string;
  phase: TokenPhase;
  /** The open history entry. */
  visit: Visit;
  /** Pending time-based transitions of the state. */
  timers: TokenTimer[];
  /** The last state that others were told of: a routing state is passed without a word. */
  toldState?: string;
  /** The actions under way, while the token is `entering`, `acting` or `leaving`. */
  agenda?: Agenda;
}

export interface TokenTimer {
  timerId: string;
  transitionId: string;
  eventId: string;
  dueAt: string;
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
  event?: { id: string; data: JsonObject };
  /** All actions are over, but the target's data is not valid: an incident holds the token until data changes. */
  isHeld?: boolean;
}

export interface PlannedAction {
  actionId: string;
  phase: "entry" | "exit" | "transition";
}

export interface TransitionUnderWay {
  transitionId: string;
  /** Absent for an internal transition. */
  targetId?: string;
  /** Where it came from decides how the target's data is checked. */
  origin: Origin;
  trigger: TriggerInfo;
  /** The event with its data, for the expressions of exit and transition actions. */
  event?: { id: string; data: JsonObject };
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
  /** `failed`: given up; an incident holds the token here. `held`: it failed while an operator held the instance. */
  progress: "in-progress" | "backoff" | "failed" | "held";
  /** The outbox row of the try under way. */
  effect?: { seq: number; ordinal: number };
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

export interface ActionOutcome {
  status: ActionStatus;
  result?: Json;
  error?: ActionError;
}

export type ActionStatus = "pending" | "in-progress" | "completed" | "failed" | "skipped" | "cancelled";

export interface ActionError {
  code: string;
  message: string;
}

/** One stay in a state: the entry of `history`. `data` and `exitedAt` come when it closes. */
export interface Visit {
  ordinal: number;
  state: string;
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
  phase: "entry" | "exit" | "transition";
  status: ActionStatus;
  startedAt: string;
  completedAt?: string;
  tries: number;
  result?: Json;
  error?: ActionError;
  timedOut?: boolean;
}

export type KeptCommand = KeptEvent | KeptTimer;

export interface KeptEvent {
  kind: "event";
  /** The seq of the command that brought it. */
  seq: number;
  eventId: string;
  data: JsonObject;
  variables: JsonObject;
  actor: string;
}

export interface KeptTimer {
  kind: "timer";
  seq: number;
  tokenId: string;
  /** The visit whose timer it is. */
  visit: number;
  transitionId: string;
  eventId: string;
}

export interface Incident {
  incidentId: string;
  tokenId: string;
  state: string;
  actionId?: string;
  transitionId?: string;
  /** Of a time-based transition: its event. It is tried again when the incident is. */
  eventId?: string;
  code: string;
  message: string;
  violations?: { path: string; message: string }[];
  /** Status code of the last response, where there was one. */
  responseStatus?: number;
  tries?: number;
  /** False for one that leaves the instance as it is (a last action of an ended instance, a callback). */
  suspends: boolean;
  openedAt: string;
  closedAt?: string;
  resolution?: string;
}
