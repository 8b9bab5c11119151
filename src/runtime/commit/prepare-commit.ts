/** Turns what a step gave into rows: the one transaction that makes it durable. */

import { sealEntry } from "../../core/audit/audit-entry.js";
import { currentStates } from "../../core/current-states.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { Json } from "../../core/json/json.js";
import type { Answer } from "../../core/message/answer.js";
import type { Command } from "../../core/message/command.js";
import type { DeliverEffect, Effect, LinkEffect, TryEffect } from "../../core/message/effect.js";
import type { StepRecord } from "../../core/message/record.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import type {
  AnswerRow,
  AuditRow,
  AwaitedRow,
  EffectPurpose,
  EffectRow,
  HistoryRow,
  IncidentRow,
  InstanceCommit,
  InstanceRow,
  TimerRow,
} from "../../ports/store.js";
import type { RuntimePorts } from "../runtime-ports.js";
import { partitionOf } from "./partition.js";

/** How long a stored answer is given again: 7 days. */
export const ANSWER_RETENTION_MS = 7 * 24 * 3_600_000;

export interface Stepped {
  readonly command: Command;
  /** The instance's time, which never runs backwards. */
  readonly nowMs: number;
  /** The clock's time: what is to be sent at once is due by the clock, not by an instance's time that is ahead of it. */
  readonly clockMs: number;
  readonly snapshot: Snapshot;
  readonly effects: readonly Effect[];
  readonly records: readonly StepRecord[];
  readonly answer: Answer;
  readonly previousHash: string;
  /** What it waits for from now on; undefined where that did not change. */
  readonly awaits: readonly AwaitedRow[] | undefined;
  readonly idempotency: { readonly key: string; readonly fingerprint: string } | undefined;
}

/** What an outbox row holds, as canonical JSON. */
export type StoredEffect = (TryEffect | DeliverEffect) & {
  readonly stateMachineId: string;
  readonly createdAtMs: number;
};

/** The same of what is asked of other instances; a machine that it names is the other's. */
export type StoredLink = LinkEffect & { readonly createdAtMs: number };

export function prepareCommit(stepped: Stepped, ports: RuntimePorts): InstanceCommit {
  const { snapshot, effects } = stepped;
  return {
    kind: "instance",
    expectedSeq: snapshot.seq - 1,
    instance: instanceRow(snapshot),
    audit: auditRow(stepped, ports),
    history: effects.flatMap((effect) =>
      effect.kind === "visit" ? [historyRow(snapshot, effect.visit)] : [],
    ),
    effectsAdded: effects.flatMap((effect) => {
      const sort = outboxSort(effect);
      return sort === undefined ? [] : [effectRow(stepped, sort)];
    }),
    effectsEnded: effects.flatMap((effect) =>
      effect.kind === "end-effect"
        ? [{ instanceId: snapshot.instanceId, seq: effect.seq, ordinal: effect.ordinal }]
        : [],
    ),
    ...timerChanges(snapshot, effects),
    incidents: effects.flatMap((effect) =>
      effect.kind === "incident" ? [incidentRow(snapshot, effect.incident)] : [],
    ),
    awaits: stepped.awaits,
    answer: answerRow(stepped),
  };
}

function instanceRow(snapshot: Snapshot): InstanceRow {
  return {
    instanceId: snapshot.instanceId,
    partition: partitionOf(snapshot.instanceId),
    stateMachineId: snapshot.stateMachineId,
    version: snapshot.version,
    seq: snapshot.seq,
    status: snapshot.status,
    ...(snapshot.parent === undefined ? {} : { parentId: snapshot.parent.instanceId }),
    currentState: currentStates(snapshot)[0] ?? "",
    startedAt: snapshot.startedAt,
    updatedAt: snapshot.updatedAt,
    snapshot: canonicalJson(snapshot as unknown as Json),
  };
}

function auditRow(stepped: Stepped, ports: RuntimePorts): AuditRow {
  const { snapshot, command } = stepped;
  const at = snapshot.updatedAt;
  const sealed = sealEntry(
    {
      instanceId: snapshot.instanceId,
      seq: snapshot.seq,
      at,
      stateMachineId: snapshot.stateMachineId,
      version: snapshot.version,
      command,
      records: stepped.records,
    },
    stepped.previousHash,
    ports.sha256,
    () => ports.random.hex(16),
  );
  return { instanceId: snapshot.instanceId, seq: snapshot.seq, at, type: command.type, ...sealed };
}

function historyRow(snapshot: Snapshot, visit: Extract<Effect, { kind: "visit" }>["visit"]): HistoryRow {
  return {
    instanceId: snapshot.instanceId,
    ordinal: visit.ordinal,
    text: canonicalJson(visit as unknown as Json),
  };
}

interface OutboxSort {
  readonly effect: TryEffect | DeliverEffect | LinkEffect;
  readonly purpose: EffectPurpose;
  readonly isOrdered: boolean;
}

/** Undefined for what is not sent. */
function outboxSort(effect: Effect): OutboxSort | undefined {
  switch (effect.kind) {
    case "try":
      return { effect, purpose: "action", isOrdered: false };
    case "deliver":
      return { effect, purpose: "delivery", isOrdered: effect.purpose === "global" };
    case "start-child":
    case "cancel-child":
    case "tell-parent":
    case "compensate-child":
    case "tell-compensated":
    case "broadcast":
    case "send-message":
      return { effect, purpose: "link", isOrdered: true };
    default:
      return undefined;
  }
}

function effectRow(stepped: Stepped, { effect, purpose, isOrdered }: OutboxSort): EffectRow {
  const { snapshot, nowMs, clockMs } = stepped;
  const stored: StoredEffect | StoredLink =
    effect.kind === "try" || effect.kind === "deliver"
      ? { ...effect, stateMachineId: snapshot.stateMachineId, createdAtMs: nowMs }
      : { ...effect, createdAtMs: nowMs };
  return {
    instanceId: snapshot.instanceId,
    seq: snapshot.seq,
    ordinal: effect.ordinal,
    partition: partitionOf(snapshot.instanceId),
    purpose,
    isOrdered,
    dueAtMs: Math.min(nowMs, clockMs),
    attempts: 0,
    isBegun: false,
    text: canonicalJson(stored as unknown as Json),
  };
}

/** The last word on a timer counts: one that is set and cleared in the same step never was. */
function timerChanges(
  snapshot: Snapshot,
  effects: readonly Effect[],
): { timersSet: TimerRow[]; timersCleared: string[] } {
  const last = new Map<string, number | undefined>();
  for (const effect of effects) {
    if (effect.kind === "set-timer") last.set(effect.timerId, effect.dueAtMs);
    if (effect.kind === "clear-timer") last.set(effect.timerId, undefined);
  }
  const timersSet: TimerRow[] = [];
  const timersCleared: string[] = [];
  for (const [timerId, dueAtMs] of last) {
    if (dueAtMs === undefined) timersCleared.push(timerId);
    else
      timersSet.push({
        instanceId: snapshot.instanceId,
        partition: partitionOf(snapshot.instanceId),
        timerId,
        dueAtMs,
      });
  }
  return { timersSet, timersCleared };
}

function incidentRow(
  snapshot: Snapshot,
  incident: Extract<Effect, { kind: "incident" }>["incident"],
): IncidentRow {
  return {
    instanceId: snapshot.instanceId,
    incidentId: incident.incidentId,
    isOpen: incident.closedAt === undefined,
    openedAt: incident.openedAt,
    code: incident.code,
    text: canonicalJson(incident as unknown as Json),
  };
}

function answerRow(stepped: Stepped): AnswerRow | undefined {
  const { idempotency, snapshot } = stepped;
  if (idempotency === undefined) return undefined;
  return {
    instanceId: snapshot.instanceId,
    key: idempotency.key,
    fingerprint: idempotency.fingerprint,
    seq: snapshot.seq,
    text: canonicalJson(stepped.answer as unknown as Json),
    expiresAtMs: stepped.nowMs + ANSWER_RETENTION_MS,
  };
}
