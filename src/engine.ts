/**
 * The engine: the one place where parts are wired together, and everything that a door (command line, HTTP, library)
 * can ask for. Operational errors and refusals are thrown (`StatewrightError`, `RefusedError`), each with a stable code.
 */
import { notificationChannel } from "./channels/notification/notification-channel.js";
import { type WebhookSettings, webhookChannel } from "./channels/webhook/webhook-channel.js";
import type { TrailVerdict } from "./core/audit/verify-audit.js";
import type { Finding } from "./core/definition/finding.js";
import { StatewrightError } from "./core/errors.js";
import type { InstanceDocument } from "./core/instance-document.js";
import { formatInstant } from "./core/instant.js";
import { canonicalJson } from "./core/json/canonical-json.js";
import type { Json, JsonObject } from "./core/json/json.js";
import type { Answer } from "./core/message/answer.js";
import { compileMachine } from "./core/model/compile-machine.js";
import type { Snapshot } from "./core/model/snapshot.js";
import { DefinitionInvalidError, RefusedError } from "./core/refused.js";
import { isSettled } from "./core/settled.js";
import { cryptoRandom } from "./platform/crypto-random.js";
import { instanceMirror } from "./platform/instance-mirror.js";
import { sha256 } from "./platform/sha256.js";
import { silentLogger } from "./platform/silent-logger.js";
import { systemClock } from "./platform/system-clock.js";
import { uuidIds } from "./platform/uuid-ids.js";
import type { Channel } from "./ports/channel.js";
import type { Clock } from "./ports/clock.js";
import { type Faults, NO_FAULTS } from "./ports/faults.js";
import type { Ids } from "./ports/ids.js";
import type { Logger } from "./ports/logger.js";
import type { Random } from "./ports/random.js";
import type { AuditRow, DefinitionRow, InstanceQuery, InstanceRow, Store } from "./ports/store.js";
import type { CommandDraft, SubmissionOutcome } from "./runtime/instances.js";
import { Machines } from "./runtime/machines.js";
import { type Pending, Reader, type ReplayVerdict } from "./runtime/reader.js";
import type { RuntimePorts } from "./runtime/runtime-ports.js";
import { Service } from "./runtime/service.js";
import type { Committed } from "./runtime/watchers.js";
import { readDefinitionSource, sharedSchemaCompiler } from "./validation.js";

export interface EngineOptions {
  readonly store: Store;
  /** Canonical or short form, as text or as parsed JSON; published at the start. */
  readonly definitions?: readonly (string | JsonObject)[];
  /** Where outgoing calls may go, and how addresses are rewritten. */
  readonly outbound?: Partial<Omit<WebhookSettings, "schemas">>;
  /** A directory into which every instance is mirrored as `active|completed|error/<instanceId>.json`. */
  readonly instancesDirectory?: string;
  /** Tries under way at the same time; 64 where nothing is said. */
  readonly maxTries?: number;
  readonly logger?: Logger;
  /** For tests and simulation. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly ids?: Ids;
  readonly faults?: Faults;
  /** Takes the place of the channel of the same name. */
  readonly channels?: ReadonlyMap<string, Channel>;
}

export interface StartRequest {
  readonly version?: number;
  /** Chosen by the caller, or given: from the idempotency key where there is one, else at random. */
  readonly instanceId?: string;
  readonly data?: JsonObject;
  readonly variables?: JsonObject;
  readonly actor?: string;
  readonly source?: string;
  readonly idempotencyKey?: string;
}

export interface SendRequest {
  readonly data?: JsonObject;
  readonly variables?: JsonObject;
  readonly actor?: string;
  readonly source?: string;
  readonly idempotencyKey?: string;
  readonly expectedSeq?: number;
}

export interface PublishOutcome {
  readonly stateMachineId: string;
  readonly version: number;
  readonly hash: string;
  readonly outcome: "published" | "unchanged";
  readonly warnings: readonly Finding[];
}

/** Opens the store, publishes the given definitions and starts the loops; whatever an earlier process left goes on. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const ports = enginePorts(options);
  await options.store.open();
  const service = await Service.start(ports, { maxTries: options.maxTries ?? 64, maxDeliveries: 32 });
  const engine = new Engine(ports, service);
  try {
    for (const definition of options.definitions ?? []) await engine.publish(definition);
    if (options.instancesDirectory !== undefined) {
      await engine.mirrorTo(options.instancesDirectory);
    }
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

export class Engine {
  readonly #reader: Reader;
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(
    private readonly ports: RuntimePorts,
    private readonly service: Service,
  ) {
    this.#reader = new Reader(ports, service.machines);
  }

  /** Publishes a version. Throws `DEFINITION_INVALID` with all findings, or `VERSION_EXISTS`. */
  async publish(
    definition: string | JsonObject,
    request: { readonly author?: string; readonly note?: string } = {},
  ): Promise<PublishOutcome> {
    const source = typeof definition === "string" ? { text: definition } : { document: definition };
    const read = readDefinitionSource(source);
    if (read.definition === undefined) throw new DefinitionInvalidError(read.findings);
    const text = canonicalJson(read.definition as unknown as Json);
    const { stateMachineId, version = 1 } = read.definition;
    const row: DefinitionRow = {
      stateMachineId,
      version,
      hash: this.ports.sha256(text),
      text,
      publishedAt: formatInstant(this.ports.clock.now()),
      author: request.author ?? "unknown",
      note: request.note ?? "",
    };
    const outcome = await this.ports.store.saveDefinition(row);
    if (outcome === "different") {
      throw new StatewrightError(
        "VERSION_EXISTS",
        `"${stateMachineId}" version ${version} is published already with other content.`,
        {
          hint: `Raise "version" to ${version + 1}; instances that run stay on the version they began with.`,
        },
      );
    }
    return {
      stateMachineId,
      version,
      hash: row.hash,
      outcome: outcome === "same" ? "unchanged" : "published",
      warnings: read.findings,
    };
  }

  definitions(): Promise<readonly DefinitionRow[]> {
    return this.ports.store.listDefinitions();
  }

  async start(
    stateMachineId: string,
    request: StartRequest = {},
  ): Promise<{ readonly instanceId: string; readonly answer: Answer; readonly isRepeated: boolean }> {
    const machine = await this.service.machines.load(stateMachineId, request.version);
    const instanceId = request.instanceId ?? this.#newInstanceId(stateMachineId, request.idempotencyKey);
    const command: CommandDraft = {
      type: "start",
      instanceId,
      data: request.data ?? {},
      variables: request.variables ?? {},
      actor: request.actor ?? "anonymous",
      source: request.source ?? "library",
    };
    const accepted = this.#accept(
      await this.service.submit({
        instanceId,
        command,
        machine,
        ...this.#idempotency(command, request.idempotencyKey),
      }),
    );
    return { instanceId, ...accepted };
  }

  /** Sends an event; without an event id it is an update of the current state's data. */
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
      ...(request.expectedSeq === undefined ? {} : { expectedSeq: request.expectedSeq }),
    };
    const command: CommandDraft =
      eventId === undefined ? { type: "update", ...shared } : { type: "event", eventId, ...shared };
    return this.#accept(
      await this.service.submit({
        instanceId,
        command,
        ...this.#idempotency(command, request.idempotencyKey),
      }),
    );
  }

  /** Ends an instance: what is under way is called off, nothing is undone. */
  async cancel(
    instanceId: string,
    request: { readonly reason: string; readonly actor?: string; readonly source?: string },
  ): Promise<void> {
    const { reason, actor = "anonymous", source = "library" } = request;
    this.#accept(
      await this.service.submit({
        instanceId,
        command: { type: "operator", act: "cancel", reason, actor, source },
      }),
    );
  }

  /** The instance as a document; sensitive values are masked unless they are asked for. Throws `INSTANCE_UNKNOWN`. */
  get(instanceId: string, options: { readonly reveal?: boolean } = {}): Promise<InstanceDocument> {
    return this.#reader.document(instanceId, options);
  }

  /** The last committed snapshot; `undefined` when there is no such instance. */
  snapshot(instanceId: string): Promise<Snapshot | undefined> {
    return this.service.instances.snapshot(instanceId);
  }

  list(query: InstanceQuery): Promise<readonly InstanceRow[]> {
    return this.ports.store.listInstances(query);
  }

  audit(instanceId: string): Promise<readonly AuditRow[]> {
    return this.#reader.audit(instanceId);
  }

  verifyAudit(instanceId: string): Promise<TrailVerdict> {
    return this.#reader.verify(instanceId);
  }

  /** Whether the stored commands, fed to the step again, give the stored snapshot, byte for byte. */
  replay(instanceId: string): Promise<ReplayVerdict> {
    return this.#reader.replay(instanceId);
  }

  /** What the instance still has to send, and the timers it has. */
  pending(instanceId: string): Promise<Pending> {
    return this.#reader.pending(instanceId);
  }

  /** Calls the watcher after every commit; returns what ends it. */
  watch(watcher: (committed: Committed) => void): () => void {
    return this.service.watch(watcher);
  }

  /** Resolves with the first committed snapshot (the present one included) that satisfies the condition; `undefined` when the time is up. */
  async waitUntil(
    instanceId: string,
    condition: (snapshot: Snapshot) => boolean,
    timeoutMs: number,
  ): Promise<Snapshot | undefined> {
    let resolveWith: (snapshot: Snapshot | undefined) => void = () => {};
    const waiting = new Promise<Snapshot | undefined>((resolve) => {
      resolveWith = resolve;
    });
    const endWatch = this.watch(({ snapshot }) => {
      if (snapshot.instanceId === instanceId && condition(snapshot)) resolveWith(snapshot);
    });
    const cancelTimer = this.ports.clock.wakeAt(this.ports.clock.now() + timeoutMs, () =>
      resolveWith(undefined),
    );
    try {
      const present = await this.snapshot(instanceId);
      if (present !== undefined && condition(present)) return present;
      return await waiting;
    } finally {
      endWatch();
      cancelTimer();
    }
  }

  /** Resolves when no action of the instance is under way and nothing is kept; `undefined` when the time is up. */
  waitSettled(instanceId: string, timeoutMs: number): Promise<Snapshot | undefined> {
    return this.waitUntil(instanceId, isSettled, timeoutMs);
  }

  /** Keeps a directory of instance documents up to date; called by `createEngine`. */
  async mirrorTo(directory: string): Promise<void> {
    const mirror = await instanceMirror({
      directory,
      read: (instanceId) => this.get(instanceId),
      logger: this.ports.logger,
    });
    const endWatch = this.watch(({ snapshot }) => mirror.refresh(snapshot.instanceId));
    this.#closers.push(async () => {
      endWatch();
      await mirror.flush();
    });
  }

  /** Drains and closes: takes no new work, lets what is under way end within the grace period (10 s), closes the store. */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    await this.service.stop(options.graceMs ?? 10_000);
    for (const closer of this.#closers) await closer();
    for (const channel of this.ports.channels.values()) await channel.close();
    await this.ports.store.close();
  }

  #accept(outcome: SubmissionOutcome): { readonly answer: Answer; readonly isRepeated: boolean } {
    if (outcome.outcome === "rejected") throw new RefusedError(outcome.rejection);
    return { answer: outcome.answer, isRepeated: outcome.isRepeated };
  }

  #idempotency(
    command: CommandDraft,
    key: string | undefined,
  ): { readonly idempotency?: { readonly key: string; readonly fingerprint: string } } {
    if (key === undefined) return {};
    // Who sent it, and by which door, does not make it another request.
    const { actor: _actor, source: _source, ...asked } = command;
    return { idempotency: { key, fingerprint: this.ports.sha256(canonicalJson(asked as unknown as Json)) } };
  }

  /** The same key leads to the same instance, so that a repeated start finds its first answer. */
  #newInstanceId(stateMachineId: string, key: string | undefined): string {
    if (key === undefined) return this.ports.ids.uuid();
    const digest = this.ports.sha256(`start\n${stateMachineId}\n${key}`);
    return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  }
}

/** Opens a store for reading alone: works beside the process that owns it. */
export async function openReader(
  store: Store,
): Promise<{ readonly reader: Reader; readonly close: () => Promise<void> }> {
  await store.open();
  const ports = enginePorts({ store });
  return { reader: new Reader(ports, new Machines(ports)), close: () => store.close() };
}

function enginePorts(options: EngineOptions): RuntimePorts {
  const schemas = sharedSchemaCompiler();
  const logger = options.logger ?? silentLogger();
  const webhook = webhookChannel({
    rewrite: [],
    privateAddresses: "allow",
    allow: [],
    deny: [],
    ...options.outbound,
    schemas,
  });
  const notification = notificationChannel({ channels: {}, logger });
  return {
    store: options.store,
    clock: options.clock ?? systemClock(),
    random: options.random ?? cryptoRandom(),
    ids: options.ids ?? uuidIds(),
    faults: options.faults ?? NO_FAULTS,
    logger,
    channels: new Map<string, Channel>([
      ["webhook", webhook],
      ["notification", notification],
      ...(options.channels ?? []),
    ]),
    sha256,
    compile: (definition) => compileMachine(definition as never, schemas),
  };
}
