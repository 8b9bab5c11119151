/**
 * The one place where parts are wired together: stores, channels and platform become the ports of an engine.
 */
import { type ActionFunction, functionChannel } from "./channels/function/function-channel.js";
import { notificationChannel } from "./channels/notification/notification-channel.js";
import { senderVerifier } from "./channels/webhook/inbound/sender-verifier.js";
import { type WebhookSettings, webhookChannel } from "./channels/webhook/webhook-channel.js";
import { namedSecrets } from "./core/definition/named-secrets.js";
import { StatewrightError } from "./core/errors.js";
import type { JsonObject } from "./core/json/json.js";
import { compileMachine } from "./core/model/compile-machine.js";
import { DefinitionInvalidError } from "./core/refused.js";
import { cryptoRandom } from "./platform/crypto-random.js";
import { readDefinitionFile } from "./platform/definition-file.js";
import { environmentSecrets } from "./platform/environment-secrets.js";
import { hmacSigner } from "./platform/hmac-signer.js";
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
import type { Secrets } from "./ports/secrets.js";
import type { Store } from "./ports/store.js";
import { NO_TELEMETRY, type Telemetry } from "./ports/telemetry.js";
import { type CallbackSettings, isCallable } from "./runtime/callbacks/callback-settings.js";
import { Engine } from "./runtime/engine.js";
import { Machines } from "./runtime/machines.js";
import { Operators } from "./runtime/operate/operators.js";
import { Reader } from "./runtime/reader.js";
import type { RuntimePorts } from "./runtime/runtime-ports.js";
import { Service } from "./runtime/service.js";
import type { MachineTypes } from "./typed/machine-type.js";
import type { DefinitionInput, EngineFor, MachinesOf } from "./typed/typed-engine.js";
import { readDefinitionSource, sharedSchemaCompiler } from "./validation.js";

export type { Engine } from "./runtime/engine.js";

export interface EngineOptions<Definitions extends readonly DefinitionInput[] = readonly DefinitionInput[]> {
  readonly store: Store;
  /**
   * Published at the start, each in canonical or short form: parsed JSON, a text that begins with `{`, or the path (counted
   * from the working directory) or file address of one.
   */
  readonly definitions?: Definitions;
  /** Where callbacks that actions wait for come in: hand what is posted there to `callback`. */
  readonly callbacks?: CallbackSettings;
  /** Where outgoing calls may go, and how addresses are rewritten. */
  readonly outbound?: Partial<Omit<WebhookSettings, "schemas" | "secrets" | "now">>;
  /** Where `{ "secret": "NAME" }` is looked up; the environment (`STATEWRIGHT_SECRET_NAME`) where nothing is said. */
  readonly secrets?: Secrets;
  /** A directory into which every instance is mirrored as `active|completed|error/<instanceId>.json`. */
  readonly instancesDirectory?: string;
  /** Tries under way at the same time; 64 where nothing is said. */
  readonly maxTries?: number;
  readonly logger?: Logger;
  /** Where the engine counts and times its work, for example `prometheusTelemetry()`; nowhere where nothing is said. */
  readonly telemetry?: Telemetry;
  /** What `function` actions call, by name. */
  readonly functions?: { readonly [name: string]: ActionFunction };
  /** For tests and simulation. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly ids?: Ids;
  readonly faults?: Faults;
  /** Takes the place of the channel of the same name. */
  readonly channels?: ReadonlyMap<string, Channel>;
}

/**
 * Opens the store, publishes the given definitions and starts the loops; whatever an earlier process left goes on. Throws
 * `DEFINITION_INVALID` with all findings, `VERSION_EXISTS`, `USAGE` for a file that cannot be read, and what the store says
 * (`STORE_LOCKED`, `STORE_UNAVAILABLE`, `STORE_NEWER`); nothing is left open then.
 *
 * Definitions that are known literally make the engine a `TypedEngine`; with interfaces that `statewright types` wrote name
 * them: `createEngine<OrderMachine>({ … })`.
 */
export async function createEngine<const Definitions extends readonly DefinitionInput[] = readonly []>(
  options: EngineOptions<Definitions>,
): Promise<EngineFor<MachinesOf<Definitions>>>;
export async function createEngine<Machine extends MachineTypes>(
  options: EngineOptions,
): Promise<EngineFor<Machine>>;
export async function createEngine(options: EngineOptions): Promise<Engine> {
  checkCallbacks(options.callbacks);
  const ports = enginePorts(options);
  await options.store.open();
  const engine = new Engine(ports, await startService(options, ports));
  try {
    for (const definition of options.definitions ?? []) await publish(engine, definition);
    if (options.instancesDirectory !== undefined) await mirror(engine, options.instancesDirectory, ports);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

function checkCallbacks(settings: CallbackSettings | undefined): void {
  const { baseUrl, secret } = settings ?? {};
  if (typeof baseUrl === "string" && !isCallable(baseUrl)) {
    throw new StatewrightError("USAGE", `"${baseUrl}" is no address at which callbacks can come in.`, {
      hint: "Give callbacks.baseUrl as in https://flows.example.com, without a query and a password.",
    });
  }
  if (secret !== undefined && secret.length < 32) {
    throw new StatewrightError("USAGE", "The secret of callbacks has less than 32 characters.", {
      hint: "Give a longer random one, or none: then one is made and kept in the database.",
    });
  }
}

async function publish(engine: Engine, definition: DefinitionInput): Promise<void> {
  const isText = typeof definition === "string" && definition.trimStart().startsWith("{");
  if (isText || !(typeof definition === "string" || definition instanceof URL)) {
    await engine.publish(definition);
    return;
  }
  try {
    await engine.publish(await readDefinitionFile(definition));
  } catch (error) {
    throw error instanceof DefinitionInvalidError ? error.in(String(definition)) : error;
  }
}

/** A store that somebody else owns is not left open. */
async function startService(options: EngineOptions, ports: RuntimePorts): Promise<Service> {
  try {
    return await Service.start(ports, { maxTries: options.maxTries ?? 64, maxDeliveries: 32, maxLinks: 64 });
  } catch (error) {
    await options.store.close();
    throw error;
  }
}

/** Keeps a directory of instance documents up to date for as long as the engine lives. */
async function mirror(engine: Engine, directory: string, ports: RuntimePorts): Promise<void> {
  const read = (instanceId: string) => engine.get(instanceId);
  const list = (afterInstanceId: string | undefined) =>
    engine.list({ limit: 500, ...(afterInstanceId === undefined ? {} : { afterInstanceId }) });
  const instances = await instanceMirror({ directory, read, list, logger: ports.logger });
  const endWatch = engine.watch(({ snapshot }) => instances.refresh(snapshot.instanceId));
  engine.onClose(async () => {
    endWatch();
    await instances.flush();
  });
}

/** Opens a store for reading alone: works beside the process that owns it. */
export async function openReader(
  store: Store,
): Promise<{ readonly reader: Reader; readonly operators: Operators; readonly close: () => Promise<void> }> {
  await store.open();
  const ports = enginePorts({ store });
  const machines = new Machines(ports);
  return {
    reader: new Reader(ports, machines),
    operators: new Operators(ports, machines),
    close: () => store.close(),
  };
}

function enginePorts(options: EngineOptions): RuntimePorts {
  const schemas = sharedSchemaCompiler();
  const logger = options.logger ?? silentLogger();
  const clock = options.clock ?? systemClock();
  const secrets = options.secrets ?? environmentSecrets();
  const telemetry = options.telemetry ?? NO_TELEMETRY;
  const webhook = webhookChannel({
    rewrite: [],
    privateAddresses: "allow",
    allow: [],
    deny: [],
    ...options.outbound,
    onBreakerChange: (origin, state) => {
      telemetry.breaker(origin, state);
      options.outbound?.onBreakerChange?.(origin, state);
    },
    schemas,
    secrets,
    now: () => clock.now(),
  });
  const notification = notificationChannel({ channels: {}, logger });
  return {
    store: options.store,
    clock,
    random: options.random ?? cryptoRandom(),
    ids: options.ids ?? uuidIds(),
    faults: options.faults ?? NO_FAULTS,
    logger,
    telemetry,
    channels: new Map<string, Channel>([
      ["webhook", webhook],
      ["notification", notification],
      ["function", functionChannel({ functions: options.functions ?? {} })],
      ...(options.channels ?? []),
    ]),
    senders: senderVerifier(secrets),
    sha256,
    signer: hmacSigner(),
    callbacks: options.callbacks,
    read: readDefinitionSource,
    compile(definition) {
      warnOfMissingSecrets(definition, secrets, logger);
      return compileMachine(definition as never, schemas);
    },
  };
}

/** Once for each version that is taken up: its calls will fail, and it is better to know it before they do. */
function warnOfMissingSecrets(definition: JsonObject, secrets: Secrets, logger: Logger): void {
  const names = new Set(namedSecrets(definition).map(({ name }) => name));
  for (const name of names) {
    if (secrets.read(name) !== undefined) continue;
    const machine = `${String(definition.stateMachineId)} v${String(definition.version)}`;
    const message = `The secret "${name}" that ${machine} names is not there; calls that need it will fail: ${secrets.remedy(name)}.`;
    logger.warn(message, { secret: name });
  }
}
