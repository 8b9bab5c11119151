/**
 * The running engine: takes ownership of the store, recovers by simply starting its loops, and stops without losing
 * anything. The same code runs after a clean stop and after SIGKILL.
 */
import { StatewrightError } from "../core/errors.js";
import type { Lease } from "../ports/store.js";
import { Committer } from "./commit/commit.js";
import { Executor, type ExecutorSettings } from "./executor.js";
import { Instances, type Submission, type SubmissionOutcome } from "./instances.js";
import { Machines } from "./machines.js";
import { Retention } from "./retention.js";
import type { RuntimePorts } from "./runtime-ports.js";
import { Scheduler } from "./scheduler.js";
import { type Committed, Watchers } from "./watchers.js";

export class Service {
  readonly machines: Machines;
  readonly instances: Instances;
  readonly #watchers: Watchers;
  readonly #committer: Committer;
  readonly #executor: Executor;
  readonly #scheduler: Scheduler;
  readonly #retention: Retention;
  #isStopping = false;

  private constructor(
    private readonly ports: RuntimePorts,
    lease: Lease,
    settings: ExecutorSettings,
  ) {
    const currentLease = () => lease;
    this.machines = new Machines(ports);
    this.#watchers = new Watchers(ports.logger);
    this.#committer = new Committer(
      ports.store,
      ports.clock,
      ports.faults,
      currentLease,
      () => this.#loseOwnership(),
      () => this.#wakeAll(),
    );
    this.instances = new Instances(ports, this.machines, this.#committer, this.#watchers);
    this.#executor = new Executor(ports, this.instances, this.#committer, currentLease, settings);
    this.#scheduler = new Scheduler(ports, this.instances, currentLease);
    this.#retention = new Retention(ports);
    this.#watchers.add((committed) => this.#follow(committed));
  }

  /** The store must be open. Whatever an earlier owner left is taken up at once. */
  static async start(ports: RuntimePorts, settings: ExecutorSettings): Promise<Service> {
    ports.faults.reach("boot.before-recovery");
    const lease = await ports.store.acquireLease({ workerId: ports.ids.uuid(), nowMs: ports.clock.now() });
    const service = new Service(ports, lease, settings);
    service.#executor.start();
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
    await this.instances.idle();
    await this.#committer.flush();
  }

  /** What a commit that was never answered may have left is looked for, not waited for. */
  #wakeAll(): void {
    this.#executor.wake();
    this.#scheduler.wake();
  }

  /** Another process owns the store now: this one takes and sends nothing more. */
  #loseOwnership(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#scheduler.halt();
    this.#executor.halt();
    this.#retention.stop();
    this.ports.logger.error("Another process has taken over this database; this one does nothing more.");
  }

  /** After a commit: its log lines, and a beat for the loops that have something to do now. */
  #follow(committed: Committed): void {
    let hasWork = false;
    let hasTimers = false;
    for (const effect of committed.effects) {
      if (effect.kind === "log") this.ports.logger[effect.level](effect.message, effect.details);
      if (effect.kind === "try" || effect.kind === "deliver" || effect.kind === "end-effect") hasWork = true;
      if (effect.kind === "set-timer") hasTimers = true;
    }
    if (hasWork) this.#executor.wake();
    if (hasTimers) this.#scheduler.wake();
  }
}
