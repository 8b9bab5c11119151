/** Rows and commits with everything filled in, so that a test names only what it is about. */
import type {
  AnswerRow,
  AwaitedRow,
  CommitItem,
  CommitOutcome,
  DefinitionRow,
  EffectRow,
  IncidentRow,
  InstanceCommit,
  InstanceRow,
  Lease,
  Store,
  TimerRow,
} from "../../src/ports/store.js";

export const AT = "2026-03-01T10:00:00.000Z";
export const AT_MS = Date.parse(AT);

/** One partition for all: which one it is makes no difference to an embedded store. */
const PARTITION = 7;

export function instanceRow(instanceId: string, seq: number, change: Partial<InstanceRow> = {}): InstanceRow {
  return {
    instanceId,
    partition: PARTITION,
    stateMachineId: "order",
    version: 1,
    seq,
    status: "active",
    currentState: "open",
    startedAt: AT,
    updatedAt: AT,
    snapshot: `{"seq":${seq}}`,
    ...change,
  };
}

/** The commit that takes the instance from `seq - 1` to `seq`. */
export function instanceCommit(
  instanceId: string,
  seq: number,
  change: Partial<Omit<InstanceCommit, "kind" | "instance">> & {
    readonly instance?: Partial<InstanceRow>;
  } = {},
): InstanceCommit {
  const { instance, ...rest } = change;
  return {
    kind: "instance",
    expectedSeq: seq - 1,
    instance: instanceRow(instanceId, seq, instance),
    audit: {
      instanceId,
      seq,
      at: AT,
      type: "event",
      previousHash: "0".repeat(64),
      hash: "1".repeat(64),
      entry: `{"seq":${seq}}`,
      disclosed: "{}",
    },
    history: [],
    effectsAdded: [],
    effectsEnded: [],
    timersSet: [],
    timersCleared: [],
    incidents: [],
    awaits: undefined,
    answer: undefined,
    ...rest,
  };
}

export function effectRow(
  instanceId: string,
  seq: number,
  ordinal: number,
  change: Partial<EffectRow> = {},
): EffectRow {
  return {
    instanceId,
    seq,
    ordinal,
    partition: PARTITION,
    purpose: "action",
    isOrdered: false,
    dueAtMs: AT_MS,
    attempts: 0,
    isBegun: false,
    text: `{"ordinal":${ordinal}}`,
    ...change,
  };
}

export function timerRow(instanceId: string, timerId: string, dueAtMs: number): TimerRow {
  return { instanceId, partition: PARTITION, timerId, dueAtMs };
}

export function answerRow(
  instanceId: string,
  key: string,
  seq: number,
  change: Partial<AnswerRow> = {},
): AnswerRow {
  return {
    instanceId,
    key,
    fingerprint: "f".repeat(64),
    seq,
    text: `{"seq":${seq}}`,
    expiresAtMs: AT_MS,
    ...change,
  };
}

/** That an instance waits for the signal. */
export function signal(name: string): AwaitedRow {
  return { kind: "signal", name, value: "" };
}

export function incidentRow(
  instanceId: string,
  incidentId: string,
  change: Partial<IncidentRow> = {},
): IncidentRow {
  return {
    instanceId,
    incidentId,
    isOpen: true,
    openedAt: AT,
    code: "ACTION_FAILED",
    text: `{"incidentId":"${incidentId}"}`,
    ...change,
  };
}

export function definitionRow(
  stateMachineId: string,
  version: number,
  change: Partial<DefinitionRow> = {},
): DefinitionRow {
  return {
    stateMachineId,
    version,
    hash: "a".repeat(64),
    text: "{}",
    publishedAt: AT,
    author: "ada",
    note: "first",
    ...change,
  };
}

/** Commits and gives only the words. */
export async function outcomes(
  store: Store,
  lease: Lease,
  items: readonly CommitItem[],
): Promise<readonly CommitOutcome["outcome"][]> {
  return (await store.commit(lease, items)).map(({ outcome }) => outcome);
}

/** Everything that a store gives back, so that two can be compared. */
export async function contents(store: Store, lease: Lease, instanceIds: readonly string[]): Promise<unknown> {
  const everything = { limit: 100_000 };
  const instances = [];
  for (const instanceId of instanceIds) {
    instances.push({
      history: await store.loadHistory(instanceId, { afterOrdinal: -1, ...everything }),
      audit: await store.loadAudit(instanceId, { afterSeq: 0, ...everything }),
      effects: await store.loadEffects(instanceId),
      timers: await store.loadTimers(instanceId),
    });
  }
  return {
    rows: await store.loadInstances(instanceIds),
    listed: await store.listInstances(everything),
    definitions: await store.listDefinitions(),
    incidents: await store.listIncidents(everything),
    dueTimers: await store.dueTimers(lease, { dueBeforeMs: Number.MAX_SAFE_INTEGER, ...everything }),
    dueTries: await store.dueEffects(lease, {
      purpose: "action",
      dueBeforeMs: Number.MAX_SAFE_INTEGER,
      ...everything,
    }),
    dueLinks: await store.dueEffects(lease, {
      purpose: "link",
      dueBeforeMs: Number.MAX_SAFE_INTEGER,
      ...everything,
    }),
    dueDeliveries: await store.dueEffects(lease, {
      purpose: "delivery",
      dueBeforeMs: Number.MAX_SAFE_INTEGER,
      ...everything,
    }),
    nextTimerAt: await store.nextTimerAt(lease),
    nextEffectAt: await store.nextEffectAt(lease, { afterMs: 0, purposes: ["action", "delivery", "link"] }),
    waiters: {
      go: await store.listWaiters({ ...signal("go"), ...everything }),
      stop: await store.listWaiters({ ...signal("stop"), ...everything }),
    },
    instances,
  };
}
