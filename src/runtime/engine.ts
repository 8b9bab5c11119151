/**
 * The engine: everything that a door (command line, HTTP, library) can ask for. Operational errors and refusals are thrown
 * (`StatewrightError`, `RefusedError`), each with a stable code.
 */
import type { TrailVerdict } from "../core/audit/verify-audit.js";
import type { ImportedInstance } from "../core/import/read-instance-document.js";
import type { InstanceDocument } from "../core/instance-document.js";
import type { Json, JsonObject } from "../core/json/json.js";
import type { Answer } from "../core/message/answer.js";
import type { Snapshot, Visit } from "../core/model/snapshot.js";
import type {
  AuditRow,
  DefinitionRow,
  IncidentQuery,
  IncidentRow,
  InstanceQuery,
  InstanceRow,
} from "../ports/store.js";
import { type CallbackOutcome, type CallbackRequest, takeCallback } from "./callbacks/take-callback.js";
import { idempotencyOf } from "./commit/idempotency.js";
import { newInstanceId } from "./derived-id.js";
import { admit, admitSignal, admitStart } from "./door.js";
import type { HookOutcome, HookRequest } from "./inbound/hook-outcome.js";
import { accepted, type CommandDraft } from "./instances.js";
import { beganWithImport } from "./operate/began-with-import.js";
import { checkMigration } from "./operate/check-migration.js";
import type { IncidentFilter, IncidentGroup, ListedIncident } from "./operate/find-incidents.js";
import type { OperateAllRequest, OperateOutcome } from "./operate/operate-all.js";
import {
  type DataChange,
  type Migration,
  type OperatorDraft,
  type OperatorRequest,
  operatorDraft,
} from "./operate/operator-acts.js";
import { Operators } from "./operate/operators.js";
import { publishDefinition } from "./publish-definition.js";
import { type Pending, Reader, type ReplayVerdict } from "./reader.js";
import type {
  ImportRequest,
  IncidentRequest,
  OperateRequest,
  PublishOutcome,
  PublishRequest,
  SendRequest,
  SignalOutcome,
  SignalRequest,
  StartRequest,
  WaitRequest,
} from "./requests.js";
import type { RuntimePorts } from "./runtime-ports.js";
import type { Service } from "./service.js";
import { answerOfTurn } from "./watch/answer-of-turn.js";
import { type EngineEventName, type EngineListener, listenerOf } from "./watch/engine-events.js";
import { DEFAULT_WAIT_MS, Waits } from "./watch/waits.js";
import type { Committed } from "./watchers.js";

export class Engine {
  /** Reads documents, trails, lists and definitions. */
  readonly reader: Reader;
  /** Finds instances and incidents. */
  readonly operators: Operators;
  readonly #waits: Waits;
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(
    private readonly ports: RuntimePorts,
    private readonly service: Service,
  ) {
    this.reader = new Reader(ports, service.machines);
    this.operators = new Operators(ports, service.machines);
    this.#waits = new Waits({
      clock: ports.clock,
      watch: (watcher) => this.watch(watcher),
      snapshot: (instanceId) => this.snapshot(instanceId),
    });
  }

  /** Publishes a version. Throws `DEFINITION_INVALID` with all findings, or `VERSION_EXISTS`. */
  publish(definition: string | JsonObject, request: PublishRequest = {}): Promise<PublishOutcome> {
    return publishDefinition(this.ports, definition, request);
  }

  definitions(): Promise<readonly DefinitionRow[]> {
    return this.ports.store.listDefinitions();
  }

  async start(
    stateMachineId: string,
    request: StartRequest = {},
  ): Promise<{ readonly instanceId: string; readonly answer: Answer; readonly isRepeated: boolean }> {
    admitStart(stateMachineId, request.version, request.idempotencyKey);
    const instanceId =
      request.instanceId ?? newInstanceId(this.ports, stateMachineId, request.idempotencyKey);
    const draft: CommandDraft = {
      type: "start",
      instanceId,
      data: request.data ?? {},
      variables: request.variables ?? {},
      actor: request.actor ?? "anonymous",
      source: request.source ?? "library",
    };
    const command = admit(instanceId, draft, request.idempotencyKey);
    this.service.requireRunning();
    const machine = await this.service.machines.load(stateMachineId, request.version);
    const taken = accepted(
      await this.service.submit({
        instanceId,
        command,
        machine,
        ...idempotencyOf(
          this.ports.sha256,
          { ...command, stateMachineId, version: request.version ?? null },
          request.idempotencyKey,
        ),
      }),
    );
    return { instanceId, ...taken };
  }

  /**
   * Sends an event; without an event id it is an update of the current state's data. With `wait: "settled"` it answers
   * when the instance is settled: an event that was kept has had its turn then (the answer is `taken`), and one that was
   * discarded is refused. Throws `RefusedError`, `IDEMPOTENCY_MISMATCH`, `INSTANCE_UNKNOWN`; while waiting `WAIT_TIMEOUT`
   * (the event stays sent).
   */
  async send(
    instanceId: string,
    eventId: string | undefined,
    request: SendRequest = {},
  ): Promise<{ readonly answer: Answer; readonly isRepeated: boolean }> {
    const shared = {
      data: request.data ?? {},
      variables: request.variables ?? {},
      actor: request.actor ?? "anonymous",
      source: request.source ?? "library",
      ...(request.groups === undefined || request.groups.length === 0 ? {} : { groups: request.groups }),
      ...(request.expectedSeq === undefined ? {} : { expectedSeq: request.expectedSeq }),
    };
    const draft: CommandDraft =
      eventId === undefined ? { type: "update", ...shared } : { type: "event", eventId, ...shared };
    const command = admit(instanceId, draft, request.idempotencyKey);
    const taken = accepted(
      await this.service.submit({
        instanceId,
        command,
        ...idempotencyOf(this.ports.sha256, command, request.idempotencyKey),
      }),
    );
    if (request.wait === undefined) return taken;
    await this.#waits.for(instanceId, { settled: true, timeoutMs: request.timeoutMs ?? DEFAULT_WAIT_MS });
    return { ...taken, answer: await answerOfTurn(this.reader, instanceId, taken.answer) };
  }

  /**
   * Broadcasts a signal: every instance that waits for it now takes it, and machines that start on it start. It is no one
   * commit: when it fails on the way some have taken it and others have not, so repeat it under the same idempotency key.
   * Throws `RefusedError`, `IDEMPOTENCY_MISMATCH` for other data under the same key, and what the store says.
   */
  async signal(name: string, request: SignalRequest = {}): Promise<SignalOutcome> {
    const signal = admitSignal({
      signal: name,
      data: request.data ?? {},
      actor: request.actor ?? "anonymous",
      source: request.source ?? "library",
      key: request.idempotencyKey ?? this.ports.ids.uuid(),
    });
    const { taken, started } = await this.service.signal(signal);
    return { taken, started };
  }

  /**
   * What was posted to a callback address: the action that waits for it is done, or has failed. A refusal is an outcome; only
   * the store's trouble and `ENGINE_STOPPED` are thrown.
   */
  callback(token: string, body: Json, request: CallbackRequest = {}): Promise<CallbackOutcome> {
    return takeCallback(this.service, this.ports.sha256, token, body, request);
  }

  /**
   * Takes a message that came by webhook: it goes to the one instance that waits for it, or starts what begins with it, once.
   * Throws `ENGINE_STOPPED` and what the store says; everything else is an outcome, and a refusal leaves no trace.
   */
  hook(request: HookRequest): Promise<HookOutcome> {
    return this.service.hook(request);
  }

  /**
   * Takes an instance over from its document (`readInstanceDocument`). Its definition must be published. What is wrong in
   * it opens an incident that lists everything. The same document again is `unchanged`; another one under the same id
   * throws `INSTANCE_EXISTS`.
   */
  async importInstance(
    imported: ImportedInstance,
    request: ImportRequest = {},
  ): Promise<"imported" | "unchanged"> {
    const { stateMachineId, version, ...instance } = imported;
    const { instanceId } = instance;
    const { actor = "anonymous", source = "library" } = request;
    admitStart(stateMachineId, version, undefined);
    const command = admit(instanceId, { type: "import", ...instance, actor, source }, undefined);
    const machine = await this.service.machines.load(stateMachineId, version);
    const present = await this.service.instances.snapshot(instanceId);
    if (
      present?.stateMachineId === stateMachineId &&
      (await beganWithImport(this.ports.store, instanceId, command))
    ) {
      return "unchanged";
    }
    accepted(await this.service.submit({ instanceId, command, machine }));
    return "imported";
  }

  /** Ends an instance: what is under way is called off, nothing is undone. */
  cancel(instanceId: string, request: OperateRequest): Promise<Answer> {
    return this.#operate(instanceId, { act: "cancel" }, request);
  }

  /** Holds an instance: what is under way may end, nothing new begins, events are refused, timers wait. */
  suspend(instanceId: string, request: OperateRequest): Promise<Answer> {
    return this.#operate(instanceId, { act: "suspend" }, request);
  }

  /** Lets a held instance go on. */
  resume(instanceId: string, request: OperateRequest = {}): Promise<Answer> {
    return this.#operate(instanceId, { act: "resume" }, request);
  }

  /** Does again what an open incident is about; all incidents of the instance where none is named. */
  retry(instanceId: string, request: IncidentRequest = {}): Promise<Answer> {
    return this.#settle(instanceId, "retry", request);
  }

  /** Goes on as if the action that an open incident is about had been done. */
  skip(instanceId: string, request: IncidentRequest = {}): Promise<Answer> {
    return this.#settle(instanceId, "skip", request);
  }

  /**
   * Corrects data and variables, wherever the instance is; what waited for data is looked at again. Refused with
   * `VALIDATION_FAILED`, `IMMUTABLE`, `LIMIT_EXCEEDED`, `INSTANCE_ENDED`.
   */
  setData(instanceId: string, change: DataChange, request: OperateRequest = {}): Promise<Answer> {
    return this.#operate(instanceId, { act: "set", ...change }, request);
  }

  /**
   * Moves an instance to another version of its state machine. Refused with `MIGRATION_BLOCKED` and every reason; throws
   * `DEFINITION_UNKNOWN`, and `USAGE` for a plan that does not fit the versions.
   */
  async migrate(instanceId: string, migration: Migration, request: OperateRequest = {}): Promise<Answer> {
    await checkMigration(this.service.machines, migration);
    return this.#operate(instanceId, { act: "migrate", ...migration }, request);
  }

  /**
   * One act on many instances, by id or by filter: 1,000 at a time, each a commit of its own, with a result for each.
   * Throws `USAGE`, `DEFINITION_UNKNOWN` and what the store says; then some may have been done.
   */
  operateAll(request: OperateAllRequest): Promise<OperateOutcome> {
    const { idempotencyKey } = request;
    return this.operators.operate(request, (instanceId, draft) =>
      this.#submitAct(instanceId, draft, idempotencyKey),
    );
  }

  /** Open incidents with their machines, by opening time; at most `limit` (100). */
  findIncidents(filter: IncidentFilter = {}, limit = 100): Promise<readonly ListedIncident[]> {
    return this.operators.incidents(filter, limit);
  }

  /** How many there are of each code in each place, the most frequent first. */
  incidentGroups(filter: IncidentFilter = {}): Promise<readonly IncidentGroup[]> {
    return this.operators.incidentGroups(filter);
  }

  /** Open incidents, or all; of one instance, or of any; by opening time. */
  incidents(query: IncidentQuery): Promise<readonly IncidentRow[]> {
    return this.ports.store.listIncidents(query);
  }

  /** The instance as a document; sensitive values are masked unless they are asked for. Throws `INSTANCE_UNKNOWN`. */
  get(instanceId: string, options: { readonly reveal?: boolean } = {}): Promise<InstanceDocument> {
    return this.reader.document(instanceId, options);
  }

  /** The last committed snapshot; `undefined` when there is no such instance. */
  snapshot(instanceId: string): Promise<Snapshot | undefined> {
    return this.service.instances.snapshot(instanceId);
  }

  /** By instance id, at most `limit` (100 where nothing is said), from after `afterInstanceId`. */
  list(query: Partial<InstanceQuery> = {}): Promise<readonly InstanceRow[]> {
    return this.ports.store.listInstances({ limit: 100, ...query });
  }

  /** The visits of the instance, in order, the open one last; masked as in the document. Throws `INSTANCE_UNKNOWN`. */
  async history(instanceId: string, options: { readonly reveal?: boolean } = {}): Promise<readonly Visit[]> {
    return (await this.get(instanceId, options)).history;
  }

  audit(instanceId: string): Promise<readonly AuditRow[]> {
    return this.reader.audit(instanceId);
  }

  verifyAudit(instanceId: string): Promise<TrailVerdict> {
    return this.reader.verify(instanceId);
  }

  /** Whether the stored commands, fed to the step again, give the stored snapshot, byte for byte. */
  replay(instanceId: string): Promise<ReplayVerdict> {
    return this.reader.replay(instanceId);
  }

  /** What the instance still has to send, and the timers it has. */
  pending(instanceId: string): Promise<Pending> {
    return this.reader.pending(instanceId);
  }

  /** Calls the watcher after every commit; returns what ends it. */
  watch(watcher: (committed: Committed) => void): () => void {
    return this.service.watch(watcher);
  }

  /** Tells the listener of every event of this name, after its commit; returns what ends it. */
  on<Name extends EngineEventName>(name: Name, listener: EngineListener<Name>): () => void {
    return this.watch(listenerOf(name, listener, this.ports.logger));
  }

  /**
   * Resolves with the instance as it was when it first had what is wanted; all that is named must hold at once. Throws
   * `WAIT_TIMEOUT` when the time is up, `INSTANCE_ENDED` when the instance ended otherwise, `INSTANCE_UNKNOWN`,
   * `ENGINE_STOPPED`.
   */
  async waitFor(instanceId: string, wanted: WaitRequest): Promise<InstanceDocument> {
    return this.reader.documentAt(await this.#waits.for(instanceId, wanted), wanted);
  }

  /** Resolves with the first committed snapshot (the present one included) that satisfies the condition; `undefined` when the time is up. */
  async waitUntil(
    instanceId: string,
    condition: (snapshot: Snapshot) => boolean,
    timeoutMs: number,
  ): Promise<Snapshot | undefined> {
    const outcome = await this.#waits.until(instanceId, condition, timeoutMs);
    return typeof outcome === "string" ? undefined : outcome;
  }

  /**
   * Resolves when no action of the instance is under way, nothing is kept, and the same is true of all children that it
   * runs; or with the first snapshot that is seen to be enough. `undefined` when the time is up.
   */
  async waitSettled(
    instanceId: string,
    timeoutMs: number,
    isEnough: (snapshot: Snapshot) => boolean = () => false,
  ): Promise<Snapshot | undefined> {
    const outcome = await this.#waits.untilAtRest(instanceId, () => true, isEnough, timeoutMs);
    return typeof outcome === "string" ? undefined : outcome;
  }

  /** Calls the closer when the engine closes, after the last commit. */
  onClose(closer: () => Promise<void>): void {
    this.#closers.push(closer);
  }

  /** Drains and closes: takes no new work, lets what is under way end within the grace period (10 s), closes the store. */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    await this.service.stop(options.graceMs ?? 10_000);
    this.#waits.stop();
    for (const closer of this.#closers) await closer();
    for (const channel of this.ports.channels.values()) await channel.close();
    await this.ports.store.close();
  }

  /** The same engine; see `TypedEngine`. */
  get untyped(): this {
    return this;
  }

  /** For `await using`: closes with the usual grace period. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #settle(instanceId: string, act: "retry" | "skip", { incidentId, ...facts }: IncidentRequest) {
    return this.#operate(instanceId, { act, ...(incidentId === undefined ? {} : { incidentId }) }, facts);
  }

  #operate(instanceId: string, act: OperatorRequest, request: OperateRequest): Promise<Answer> {
    const { idempotencyKey, ...facts } = request;
    return this.#submitAct(instanceId, operatorDraft(act, facts), idempotencyKey);
  }

  async #submitAct(instanceId: string, draft: OperatorDraft, idempotencyKey?: string): Promise<Answer> {
    const command = admit(instanceId, draft, idempotencyKey);
    const submission = { instanceId, command, ...idempotencyOf(this.ports.sha256, command, idempotencyKey) };
    return accepted(await this.service.submit(submission)).answer;
  }
}
