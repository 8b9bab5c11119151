/**
 * One turn of the step: the draft of the next snapshot, and what the turn has decided so far. The given snapshot is
 * never touched: bookkeeping (tokens, kept commands, incidents) is copied, JSON values (data, results) are shared and
 * only ever replaced.
 *
 * Invariants:
 * 1. Every number that the turn gives out (token, visit, incident, ordinal) comes from the draft, so a replay gives the same.
 * 2. Ordinals count the effects that are sent, in the order in which they were decided.
 */
import type { Json, JsonObject } from "../json/json.js";
import type { BlockedTransition } from "../message/answer.js";
import type { Command } from "../message/command.js";
import { type CommandRandom, commandRandom } from "../message/command-random.js";
import type { DeliverEffect, Effect, LinkEffect, LogLevel, TryEffect } from "../message/effect.js";
import type { RecordType, StepRecord } from "../message/record.js";
import type { Machine, StateModel } from "../model/machine.js";
import type { PlannedAction, Snapshot, Token } from "../model/snapshot.js";

export interface Turn {
  readonly machine: Machine;
  readonly command: Command;
  readonly nowMs: number;
  readonly nowText: string;
  readonly random: CommandRandom;
  readonly draft: Snapshot;
  /** The instance had ended before this command: its data changes no more. */
  readonly hadEnded: boolean;
  readonly effects: Effect[];
  readonly records: StepRecord[];
  /** Tokens whose automatic transitions are to be looked at: they settled, or data changed. */
  readonly unsettled: Set<string>;
  /** Automatic transitions that an update would have moved if its data were complete. */
  readonly blocked: BlockedTransition[];
  /** More than one token is somewhere, and something has changed: all that are settled are to be looked at. */
  hasMoved: boolean;
  /** Tokens whose refusals this turn has recorded already: looking again is not worth a record. */
  looked: Set<string> | undefined;
  /** A token has settled, or something was put behind: what is kept may have its turn. */
  mayTakeKept: boolean;
  automaticSteps: number;
  nextOrdinal: number;
  /** A rollback calls work off, and collects what was sent and is not known to be done; else incidents say so at once. */
  doubts: PlannedAction[] | undefined;
}

/** The draft's `updatedAt` is the turn's instant already. */
export function openTurn(machine: Machine, draft: Snapshot, command: Command, nowMs: number): Turn {
  return {
    machine,
    command,
    nowMs,
    nowText: draft.updatedAt,
    random: randomAtNeed(command.random),
    draft,
    hadEnded: hasEnded(draft),
    effects: [],
    records: [],
    unsettled: new Set(),
    blocked: [],
    hasMoved: false,
    looked: undefined,
    mayTakeKept: true,
    automaticSteps: 0,
    nextOrdinal: 0,
    doubts: undefined,
  };
}

/** A command that draws nothing, as most do, does not pay for the generator. */
function randomAtNeed(seedHex: string): CommandRandom {
  let opened: CommandRandom | undefined;
  const open = (): CommandRandom => {
    opened ??= commandRandom(seedHex);
    return opened;
  };
  return { fraction: () => open().fraction(), uuid: () => open().uuid() };
}

type OptionalField<T> = { [F in keyof T]-?: { [G in F]?: T[F] } extends Pick<T, F> ? F : never }[keyof T];

/** Complete by its type: a new optional field of a snapshot that is not copied does not compile. */
const OPTIONAL_FIELDS: { readonly [F in OptionalField<Snapshot>]: true } = {
  reason: true,
  suspension: true,
  parent: true,
  raised: true,
  delayed: true,
  histories: true,
  senders: true,
  compensations: true,
  returns: true,
  undo: true,
};
const OPTIONAL_NAMES = Object.keys(OPTIONAL_FIELDS) as OptionalField<Snapshot>[];

/** A copy whose bookkeeping may be changed. Field by field, because spreading a snapshot takes a sixth of a step. */
export function draftOf(snapshot: Snapshot): Snapshot {
  const draft: Snapshot = {
    instanceId: snapshot.instanceId,
    stateMachineId: snapshot.stateMachineId,
    version: snapshot.version,
    seq: snapshot.seq,
    status: snapshot.status,
    startedAt: snapshot.startedAt,
    updatedAt: snapshot.updatedAt,
    data: snapshot.data,
    variables: snapshot.variables,
    scopes: snapshot.scopes.map((scope) => ({ ...scope })),
    tokens: snapshot.tokens.map(copyToken),
    kept: snapshot.kept.map((kept) => ({ ...kept })),
    incidents: snapshot.incidents.map((incident) => ({ ...incident })),
    actions: { ...snapshot.actions },
    counters: { ...snapshot.counters, entries: { ...snapshot.counters.entries } },
  };
  for (const name of OPTIONAL_NAMES) copyOptional(draft, snapshot, name);
  return draft;
}

function copyOptional<F extends OptionalField<Snapshot>>(to: Snapshot, from: Snapshot, name: F): void {
  if (from[name] !== undefined) to[name] = from[name];
}

function copyToken(token: Token): Token {
  const copy: Token = {
    ...token,
    visit: { ...token.visit, actions: token.visit.actions.map((action) => ({ ...action })) },
    timers: token.timers.map((timer) => ({ ...timer })),
  };
  if (token.agenda !== undefined) {
    copy.agenda = { ...token.agenda, actions: token.agenda.actions.map((action) => ({ ...action })) };
    if (token.agenda.running !== undefined) copy.agenda.running = { ...token.agenda.running };
  }
  return copy;
}

export function record(
  turn: Turn,
  type: RecordType,
  details: { readonly [name: string]: Json | undefined } = {},
): void {
  const entry: { type: RecordType; [name: string]: Json } = { type };
  for (const name of Object.keys(details)) {
    const detail = details[name];
    if (detail !== undefined) entry[name] = detail;
  }
  turn.records.push(entry);
}

export function log(turn: Turn, level: LogLevel, message: string, details: JsonObject = {}): void {
  turn.effects.push({
    kind: "log",
    level,
    message,
    details: { instanceId: turn.draft.instanceId, ...details },
  });
}

/** Emits a try; returns its place, by which its result is known again. */
export function emitTry(
  turn: Turn,
  effect: Omit<TryEffect, "kind" | "ordinal">,
): { seq: number; ordinal: number } {
  const ordinal = turn.nextOrdinal++;
  turn.effects.push({ kind: "try", ordinal, ...effect });
  return { seq: turn.draft.seq, ordinal };
}

/** Emits a delivery under a key of its own. */
export function emitDelivery(
  turn: Turn,
  name: string,
  effect: Omit<DeliverEffect, "kind" | "ordinal" | "key">,
): void {
  const ordinal = turn.nextOrdinal++;
  const key = `${turn.draft.instanceId}/${turn.draft.seq}.${ordinal}/${name}`;
  turn.effects.push({ kind: "deliver", ordinal, key, ...effect });
}

type Unplaced<E> = E extends LinkEffect ? Omit<E, "ordinal" | "key"> : never;

/** Asks something of another instance, under a key of its own; returns the key. */
export function emitLink(turn: Turn, name: string, effect: Unplaced<LinkEffect>): string {
  const ordinal = turn.nextOrdinal++;
  const key = `${turn.draft.instanceId}/${turn.draft.seq}.${ordinal}/${name}`;
  turn.effects.push({ ...effect, ordinal, key } as LinkEffect);
  return key;
}

/** The key under which an action that begins now is sent, all its tries alike. */
export function nextActionKey(turn: Turn, actionId: string): string {
  return `${turn.draft.instanceId}/${turn.draft.seq}.${turn.nextOrdinal}/${actionId}`;
}

export function setTimer(turn: Turn, timerId: string, dueAtMs: number): void {
  turn.effects.push({ kind: "set-timer", timerId, dueAtMs });
}

export function clearTimer(turn: Turn, timerId: string): void {
  turn.effects.push({ kind: "clear-timer", timerId });
}

/** The model of a token's state. The machine a snapshot runs on has all its states; anything else is a broken invariant. */
export function stateOf(turn: Turn, token: Token): StateModel {
  return stateNamed(turn.machine, token.stateId);
}

const NOTHING_AROUND: readonly StateModel[] = [];

/** The compound and parallel states around a token's state, innermost first. */
export function enclosingStates(turn: Turn, token: Token): readonly StateModel[] {
  const { ancestors } = stateOf(turn, token);
  return ancestors.length === 0 ? NOTHING_AROUND : ancestors.map((id) => stateNamed(turn.machine, id));
}

export function stateNamed(machine: Machine, stateId: string): StateModel {
  const state = machine.states.get(stateId);
  if (state === undefined) {
    throw new Error(
      `Broken invariant: ${machine.stateMachineId}@${machine.version} has no state "${stateId}".`,
    );
  }
  return state;
}

export function hasEnded(snapshot: Snapshot): boolean {
  return snapshot.status === "completed" || snapshot.status === "error" || snapshot.status === "cancelled";
}
