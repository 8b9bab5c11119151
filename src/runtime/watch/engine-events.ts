/**
 * What listeners are told of: commits, sorted into events by name.
 *
 * Invariants:
 * 1. A listener is told after the commit is durable; of one instance in the order of its seq, of one commit in the order
 *    in which things happened.
 * 2. Told once, by the process that committed it; what happened while nobody listened is in history and audit trail.
 * 3. A listener that throws, or whose promise rejects, is logged and harms nobody, its own later events included.
 */
import type { StepRecord } from "../../core/message/record.js";
import type { Incident } from "../../core/model/snapshot.js";
import type { Logger } from "../../ports/logger.js";
import type { Committed } from "../watchers.js";

/** What every event says of its instance. */
export interface InstanceFact {
  readonly instanceId: string;
  readonly stateMachineId: string;
  readonly version: number;
  /** Of the commit. */
  readonly seq: number;
  /** When it was committed: RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Who sent the command that caused it: user, service or `system`. */
  readonly actor: string;
}

export interface TransitionFact extends InstanceFact {
  readonly transitionId: string;
  readonly from: string;
  /** Absent for an internal transition. */
  readonly to?: string;
  /** The event that fired it; absent for an automatic one. */
  readonly event?: string;
}

export interface EndFact extends InstanceFact {
  /** The state in which the instance ended. */
  readonly state: string;
}

export interface ErrorFact extends EndFact {
  readonly code?: string;
  readonly message?: string;
}

export interface IncidentFact extends InstanceFact {
  readonly change: "opened" | "closed";
  readonly incident: Incident;
}

/** The events of an engine and what their listeners are given. */
export interface EngineEvents {
  /** A transition was taken. */
  readonly transition: TransitionFact;
  /** An instance ended with status `completed`. */
  readonly completed: EndFact;
  /** An instance ended with status `error`. */
  readonly error: ErrorFact;
  /** An incident opened or closed. */
  readonly incident: IncidentFact;
  /** Every commit, whole. */
  readonly committed: Committed;
}

export type EngineEventName = keyof EngineEvents;

/** Told in the process; a promise is not waited for. */
export type EngineListener<Name extends EngineEventName> = (event: EngineEvents[Name]) => unknown;

/** A watcher that tells one listener of the events of one name. */
export function listenerOf<Name extends EngineEventName>(
  name: Name,
  listener: EngineListener<Name>,
  logger: Logger,
): (committed: Committed) => void {
  const fail = (error: unknown) => logger.error(`A listener of "${name}" failed.`, { error: String(error) });
  const find = FINDERS[name] as (committed: Committed) => readonly EngineEvents[Name][];
  return (committed) => {
    for (const event of find(committed)) {
      try {
        const result = listener(event);
        if (result instanceof Promise) result.catch(fail);
      } catch (error) {
        fail(error);
      }
    }
  };
}

type Finders = {
  readonly [Name in EngineEventName]: (committed: Committed) => readonly EngineEvents[Name][];
};

const FINDERS: Finders = {
  transition: (committed) =>
    recordsOf(committed, "transition-taken").map((record) => ({
      ...factOf(committed),
      transitionId: String(record.transitionId),
      from: String(record.from),
      ...(typeof record.to === "string" ? { to: record.to } : {}),
      ...(typeof record.event === "string" ? { event: record.event } : {}),
    })),
  completed: (committed) => endsOf(committed, "completed"),
  error: (committed) => endsOf(committed, "error").map((end) => ({ ...end, ...lastErrorOf(committed) })),
  incident: (committed) =>
    committed.effects.flatMap((effect) =>
      effect.kind === "incident"
        ? [{ ...factOf(committed), change: changeOf(effect.incident), incident: effect.incident }]
        : [],
    ),
  committed: (committed) => [committed],
};

function factOf({ snapshot, command }: Committed): InstanceFact {
  const { instanceId, stateMachineId, version, seq, updatedAt } = snapshot;
  return { instanceId, stateMachineId, version, seq, at: updatedAt, actor: command.actor };
}

function recordsOf({ records }: Committed, type: StepRecord["type"]): readonly StepRecord[] {
  return records.filter((record) => record.type === type);
}

function endsOf(committed: Committed, status: "completed" | "error"): readonly EndFact[] {
  return recordsOf(committed, "instance-ended")
    .filter((record) => record.status === status)
    .map((record) => ({ ...factOf(committed), state: String(record.state) }));
}

function lastErrorOf({ snapshot }: Committed): Pick<ErrorFact, "code" | "message"> {
  const { lastError } = snapshot.variables;
  const { errorCode, errorMessage } = (lastError ?? {}) as { errorCode?: unknown; errorMessage?: unknown };
  return {
    ...(typeof errorCode === "string" ? { code: errorCode } : {}),
    ...(typeof errorMessage === "string" ? { message: errorMessage } : {}),
  };
}

function changeOf({ closedAt }: Incident): IncidentFact["change"] {
  return closedAt === undefined ? "opened" : "closed";
}
