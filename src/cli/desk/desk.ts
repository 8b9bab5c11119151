/**
 * What the commands need of an engine, as two small interfaces: one to read, one to change. A database of this machine and
 * a server elsewhere both satisfy them, so that a command is written once.
 */
import type { TrailEntry } from "../../core/audit/trail-entry.js";
import type { CanonicalDefinition } from "../../core/definition/definition-document.generated.js";
import type { Answer } from "../../core/message/answer.js";
import type {
  DefinitionRow,
  IncidentFilter,
  IncidentGroup,
  InstanceDocument,
  InstanceFilter,
  InstanceRow,
  ListedIncident,
  OperateAllRequest,
  OperateOutcome,
  PublishOutcome,
  SendRequest,
  SignalOutcome,
  SignalRequest,
  StartRequest,
} from "../../index.js";

export type InstanceSummary = Omit<InstanceRow, "partition" | "snapshot">;
export type DefinitionSummary = Omit<DefinitionRow, "text">;
export type PublishedDefinition = DefinitionSummary & { readonly definition: CanonicalDefinition };

/** Works beside a running engine. */
export interface ReadingDesk {
  /** Throws `INSTANCE_UNKNOWN`, as everything that names an instance. */
  document(instanceId: string): Promise<InstanceDocument>;
  /** Entries from after a seq, at most `limit`. */
  trail(instanceId: string, page: { readonly afterSeq: number; readonly limit: number }): Promise<TrailPart>;
  /** By id, at most `limit`; `onFound` hears how many there are so far. */
  instances(
    filter: InstanceFilter,
    limit: number,
    onFound: (count: number) => void,
  ): Promise<{ readonly rows: readonly InstanceSummary[]; readonly whereFault?: string }>;
  /** By the time of opening, at most `limit`. */
  incidents(filter: IncidentFilter, limit: number): Promise<readonly ListedIncident[]>;
  incidentGroups(filter: IncidentFilter): Promise<readonly IncidentGroup[]>;
  /** By id, then version. */
  definitions(): Promise<readonly DefinitionSummary[]>;
  /** The version, or the newest. Throws `DEFINITION_UNKNOWN`. */
  definition(stateMachineId: string, version?: number): Promise<PublishedDefinition>;
  /** A dry run. */
  foresee(request: OperateAllRequest): Promise<OperateOutcome>;
}

export interface TrailPart {
  readonly entries: readonly TrailEntry[];
  /** The instance has ended, its last actions too, and these entries are the last. */
  readonly isOver: boolean;
}

/** What is answered is committed. */
export interface WorkingDesk {
  publish(text: string, facts: { readonly author: string; readonly note: string }): Promise<PublishOutcome>;
  start(stateMachineId: string, request: StartRequest, timeoutMs: number): Promise<Answered>;
  send(
    instanceId: string,
    eventId: string | undefined,
    request: SendRequest,
    timeoutMs: number,
  ): Promise<Answered>;
  signal(name: string, request: SignalRequest): Promise<SignalOutcome>;
  /** The results say how the instances are when what the act caused is over, or 10 s have gone by. */
  operate(
    request: OperateAllRequest,
    onProgress: (done: number, total: number) => void,
  ): Promise<OperateOutcome>;
}

export interface Answered {
  readonly instanceId: string;
  readonly answer: Answer;
  readonly isRepeated: boolean;
  readonly settled: Settled;
}

export interface Settled {
  /** False when the time was up before; it goes on all the same. */
  readonly isSettled: boolean;
  readonly instance: InstanceDocument;
  /** What was not delivered: callbacks, notices, last actions. */
  readonly open: readonly string[];
  /** By what it goes on, for people. */
  readonly goesOn: string;
}
