/**
 * The scheduler: fires durable timers as commands, in order of due time. It holds no timer in memory: it reads the next
 * page when something is due and sleeps until the next due time otherwise.
 *
 * Invariants:
 * 1. A timer never fires before its time.
 * 2. A timer's row goes with the commit of its command, so it fires once, whatever dies in between.
 */
import type { Lease } from "../ports/store.js";
import type { Instances } from "./instances.js";
import { Pulse } from "./pulse.js";
import type { RuntimePorts } from "./runtime-ports.js";

const PAGE = 200;
const STORE_TROUBLE_WAIT_MS = 1_000;

export class Scheduler {
  readonly #pulse: Pulse;
  #isStopping = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: RuntimePorts,
    private readonly instances: Instances,
    private readonly lease: () => Lease,
  ) {
    this.#pulse = new Pulse(ports.clock);
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** A timer may be due earlier than was thought. */
  wake(): void {
    this.#pulse.beat();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#pulse.beat();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      let nextAtMs: number | undefined;
      try {
        if ((await this.#fireDue()) > 0) continue;
        nextAtMs = await this.ports.store.nextTimerAt(this.lease());
      } catch (error) {
        this.ports.logger.error("Timers cannot be fired; trying again in a second.", {
          error: String(error),
        });
        nextAtMs = this.ports.clock.now() + STORE_TROUBLE_WAIT_MS;
      }
      await this.#pulse.next(nextAtMs);
    }
  }

  async #fireDue(): Promise<number> {
    const timers = await this.ports.store.dueTimers(this.lease(), {
      dueBeforeMs: this.ports.clock.now(),
      limit: PAGE,
    });
    if (this.#isStopping) return 0;
    await Promise.all(
      timers.map((timer) => {
        this.ports.faults.reach("timer.before-fire");
        return this.instances.submit({
          instanceId: timer.instanceId,
          command: { type: "timer", actor: "system", source: "engine", timerId: timer.timerId },
        });
      }),
    );
    return timers.length;
  }
}
