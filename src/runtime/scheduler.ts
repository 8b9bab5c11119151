/**
 * The scheduler: fires durable timers as commands, in order of due time. It holds no timer in memory: it reads the next
 * page when something is due and sleeps until the next due time otherwise.
 *
 * Invariants:
 * 1. A timer never fires before its time.
 * 2. A timer's row goes with the commit of its command, so it fires once, whatever dies in between.
 * 3. A timer that cannot be fired is tried again with growing waits, and never stands in the way of another.
 */
import type { Lease, TimerRow } from "../ports/store.js";
import type { Instances } from "./instances.js";
import { WorkLoop } from "./loop/work-loop.js";
import type { RuntimePorts } from "./runtime-ports.js";

const PAGE = 200;
const FIRST_TROUBLE_WAIT_MS = 1_000;
const MAX_TROUBLE_WAIT_MS = 60_000;

/** A timer that could not be fired: not before `notBeforeMs` again. */
interface HeldBack {
  readonly notBeforeMs: number;
  readonly failures: number;
}

export class Scheduler {
  readonly #loop: WorkLoop;
  readonly #heldBack = new Map<string, HeldBack>();

  constructor(
    private readonly ports: RuntimePorts,
    private readonly instances: Instances,
    private readonly lease: () => Lease,
  ) {
    this.#loop = new WorkLoop(ports, {
      launchDue: (nowMs) => this.#fireDue(nowMs),
      nextAtMs: (nowMs) => this.#nextAt(nowMs),
      trouble: "Timers cannot be read",
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** A timer may be due earlier than was thought. */
  wake(): void {
    this.#loop.wake();
  }

  /** Fires nothing more; what is being fired may end. */
  halt(): void {
    this.#loop.halt();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** When there is something to do next: a timer that is not due yet, or one that was held back. */
  async #nextAt(nowMs: number): Promise<number | undefined> {
    const heldBack = [...this.#heldBack.values()].map((held) => held.notBeforeMs);
    const next = await this.ports.store.nextTimerAt(this.lease());
    // Due already means held back, unless it came in just now.
    const candidates =
      next === undefined || (next <= nowMs && heldBack.length > 0) ? heldBack : [...heldBack, next];
    return candidates.length === 0 ? undefined : Math.min(...candidates);
  }

  async #fireDue(nowMs: number): Promise<number> {
    const limit = PAGE + this.#heldBack.size;
    const timers = await this.ports.store.dueTimers(this.lease(), { dueBeforeMs: nowMs, limit });
    if (this.#loop.isHalted) return 0;
    if (timers.length < limit) this.#forgetGone(timers);
    const ready = timers.filter((timer) => (this.#heldBack.get(timerName(timer))?.notBeforeMs ?? 0) <= nowMs);
    await Promise.all(ready.map((timer) => this.#fire(timer, nowMs)));
    return ready.length;
  }

  /** A timer that seemed to fail may have fired (its commit's answer was lost) or was cleared: nobody waits for it. */
  #forgetGone(due: readonly TimerRow[]): void {
    const names = new Set(due.map(timerName));
    for (const name of this.#heldBack.keys()) if (!names.has(name)) this.#heldBack.delete(name);
  }

  async #fire(timer: TimerRow, nowMs: number): Promise<void> {
    const name = timerName(timer);
    try {
      this.ports.faults.reach("timer.before-fire");
      this.ports.telemetry.timerFired(Math.max(0, this.ports.clock.now() - timer.dueAtMs));
      await this.instances.submit({
        instanceId: timer.instanceId,
        command: { type: "timer", actor: "system", source: "engine", timerId: timer.timerId },
      });
      this.ports.faults.reach("timer.after-fire");
      this.#heldBack.delete(name);
    } catch (error) {
      const failures = (this.#heldBack.get(name)?.failures ?? 0) + 1;
      const waitMs = Math.min(FIRST_TROUBLE_WAIT_MS * 2 ** (failures - 1), MAX_TROUBLE_WAIT_MS);
      this.#heldBack.set(name, { notBeforeMs: nowMs + waitMs, failures });
      this.ports.logger.error("A timer cannot be fired; it will be tried again.", {
        instanceId: timer.instanceId,
        timerId: timer.timerId,
        error: String(error),
      });
    }
  }
}

function timerName(timer: TimerRow): string {
  return `${timer.instanceId}\n${timer.timerId}`;
}
