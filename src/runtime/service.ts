/**
 * The running engine: takes ownership of the store, recovers by simply starting its loops, and stops without losing
 * anything. The same code runs after a clean stop and after SIGKILL.
 */
import { StatewrightError } from "../core/errors.js";
import type { Lease } from "../ports/store.js";
import { MOST_COUNTED, NO_TELEMETRY } from "../ports/telemetry.js";
import { Callbacks } from "./callbacks/callbacks.js";
import { Committer } from "./commit/commit.js";
import { Executor, type ExecutorSettings } from "./effects/executor.js";
import { Outbox } from "./effects/outbox.js";
import type { HookOutcome, HookRequest } from "./inbound/hook-outcome.js";
import { Hooks } from "./inbound/hooks.js";
import { Instances, type Submission, type SubmissionOutcome } from "./instances.js";
import { type BroadcastResult, broadcast, type Signal } from "./links/broadcast.js";
import type { LinkWorld } from "./links/link.js";
import { Links } from "./links/links.js";
import { Starters } from "./links/starters.js";
import { Machines } from "./machines.js";
import { Retention } from "./retention.js";
import type { RuntimePorts } from "./runtime-ports.js";
import { Scheduler } from "./scheduler.js";
import { type Committed, Watchers } from "./watchers.js";

export interface ServiceSettings extends ExecutorSettings {
  /** What instances ask of each other: so much of it under way at the same time. */
  readonly maxLinks: number;
}

export class Service {
  readonly machines: Machines;
  readonly instances: Instances;
  readonly callbacks: Callbacks;
  readonly #watchers: Watchers;
  readonly #committer: Committer;
  readonly #executor: Executor;
  readonly #world: LinkWorld;
  readonly #links: Links;
  readonly #hooks: Hooks;
  readonly #scheduler: Scheduler;
  readonly #retention: Retention;
  #isStopping = false;

  private constructor(
    private readonly ports: RuntimePorts,
    lease: Lease,
    settings: ServiceSettings,
  ) {
    const currentLease = () => lease;
    this.machines = new Machines(ports);
    this.#watchers = new Watchers(ports.logger);
    this.#committer = new Committer(
      ports,
      currentLease,
      () => this.#loseOwnership(),
      () => this.#wakeAll(),
    );
    this.instances = new Instances(ports, this.machines, this.#committer, this.#watchers);
    const outbox = new Outbox(ports, this.#committer);
    this.callbacks = new Callbacks(ports);
    this.#executor = new Executor(ports, this.instances, outbox, this.callbacks, currentLease, settings);
    this.#world = {
      ports,
      instances: this.instances,
      machines: this.machines,
      starters: new Starters(ports.store, this.machines),
      isStopping: () => this.#isStopping,
    };
    this.#links = new Links(ports, this.#world, outbox, currentLease, settings.maxLinks);
    this.#hooks = new Hooks({
      ports,
      machines: this.machines,
      submit: (submission) => this.submit(submission),
      snapshot: (instanceId) => this.instances.snapshot(instanceId),
    });
    this.#scheduler = new Scheduler(ports, this.instances, currentLease);
    this.#retention = new Retention(ports);
    this.#watchers.add((committed) => this.#follow(committed));
    if (ports.telemetry !== NO_TELEMETRY) this.#watchers.add((committed) => countIncidents(ports, committed));
  }

  /** The store must be open. Whatever an earlier owner left is taken up at once. */
  static async start(ports: RuntimePorts, settings: ServiceSettings): Promise<Service> {
    ports.faults.reach("boot.before-recovery");
    const lease = await ports.store.acquireLease({ workerId: ports.ids.uuid(), nowMs: ports.clock.now() });
    ports.faults.reach("boot.after-claim");
    const service = new Service(ports, lease, settings);
    if (ports.telemetry !== NO_TELEMETRY) ports.telemetry.incidentsAtStart(await openIncidents(ports));
    service.#executor.start();
    service.#links.start();
    service.#scheduler.start();
    service.#retention.start();
    ports.faults.reach("boot.after-recovery");
    return service;
  }

  /** Commands from outside; refused with `ENGINE_STOPPED` once the stop has begun. */
  async submit(submission: Submission): Promise<SubmissionOutcome> {
    this.requireRunning();
    return this.instances.submit(submission);
  }

  /** Broadcasts a signal from outside. Throws `ENGINE_STOPPED`, also when the stop begins on the way. */
  async signal(signal: Signal): Promise<BroadcastResult> {
    this.requireRunning();
    const result = await broadcast(this.#world, signal);
    if (!result.isComplete) this.requireRunning();
    return result;
  }

  /** Takes a message from outside. Throws `ENGINE_STOPPED` and what the store says. */
  async hook(request: HookRequest): Promise<HookOutcome> {
    this.requireRunning();
    return this.#hooks.receive(request);
  }

  /** Throws `ENGINE_STOPPED` once the stop has begun: the store may be closed already. */
  requireRunning(): void {
    if (!this.#isStopping) return;
    throw new StatewrightError("ENGINE_STOPPED", "The engine is shutting down and takes no new work.", {
      hint: "Send it again when the engine is back.",
    });
  }

  watch(watcher: (committed: Committed) => void): () => void {
    return this.#watchers.add(watcher);
  }

  /** Stops taking work, lets what is under way end within the grace period, and leaves the rest for the next start. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    this.#retention.stop();
    await this.#scheduler.stop();
    await this.#executor.stop(this.ports.clock.now() + graceMs);
    await this.#links.stop();
    await this.instances.idle();
    await this.#committer.flush();
  }

  /** What a commit that was never answered may have left is looked for, not waited for. */
  #wakeAll(): void {
    this.#executor.wake();
    this.#links.wake();
    this.#scheduler.wake();
  }

  /** Another process owns the store now: this one takes and sends nothing more. */
  #loseOwnership(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#scheduler.halt();
    this.#executor.halt();
    this.#links.halt();
    this.#retention.stop();
    this.ports.logger.error("Another process has taken over this database; this one does nothing more.");
  }

  /** After a commit: its log lines, and a beat for the loops that have something to do now. */
  #follow(committed: Committed): void {
    let hasWork = false;
    let hasLinks = false;
    let hasTimers = false;
    for (const effect of committed.effects) {
      switch (effect.kind) {
        case "log":
          this.ports.logger[effect.level](effect.message, effect.details);
          break;
        case "try":
        case "deliver":
        case "end-effect":
          hasWork = true;
          break;
        case "set-timer":
          hasTimers = true;
          break;
        case "start-child":
        case "cancel-child":
        case "tell-parent":
        case "compensate-child":
        case "tell-compensated":
        case "broadcast":
        case "send-message":
          hasLinks = true;
          break;
        default:
      }
    }
    if (hasLinks) this.#links.wake();
    if (hasWork) this.#executor.wake();
    if (hasTimers) this.#scheduler.wake();
  }
}

async function openIncidents({ store }: RuntimePorts): Promise<number> {
  return (await store.listIncidents({ isOpen: true, limit: MOST_COUNTED })).length;
}

function countIncidents({ telemetry }: RuntimePorts, { records }: Committed): void {
  for (const { type, code } of records) {
    if (type === "incident-opened") telemetry.incidentOpened(String(code));
    else if (type === "incident-closed") telemetry.incidentClosed();
  }
}
