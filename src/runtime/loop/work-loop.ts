/**
 * The loop that turns rows of the store into work: it looks for what is due, launches it, and sleeps until the next is
 * due or until somebody wakes it. The executor, the links and the scheduler are such loops; each says only how it looks
 * and what its work is.
 *
 * Invariants:
 * 1. A look has one reading of the clock: what falls due in between is waited for, not overlooked.
 * 2. After a look that launched something comes another; only one that found nothing lets the loop sleep. A wake is
 *    never lost: one that comes during a look cuts the sleep after it.
 * 3. A look that fails is logged and made again after a second; it ends nothing that is under way.
 * 4. A lane is occupied by one piece of work at a time, until that has ended; its end wakes the loop.
 * 5. After `halt` nothing is launched. After `stop` nothing is under way.
 */
import type { RuntimePorts } from "../runtime-ports.js";
import { Pulse } from "./pulse.js";

/** How a loop looks. Its own work is not waited for, unless the look does so itself. */
export interface Looking {
  /** Launches what is due at `nowMs` and says how much that was. Looks at `isHalted` again after each wait. */
  launchDue(nowMs: number): Promise<number>;
  /** When the next is due, if nothing is now; none: it will be woken. */
  nextAtMs(nowMs: number): Promise<number | undefined>;
  /** What the log says when one of the two fails. */
  readonly trouble: string;
}

export interface Work {
  readonly kind: string;
  /** What it occupies while it is under way. None of them may be busy. */
  readonly lanes: readonly string[];
  /** Deals with its own failures: it never rejects. The loop aborts it when it lets go of it; it may do so itself. */
  readonly perform: (controller: AbortController) => Promise<void>;
}

const TROUBLE_WAIT_MS = 1_000;

export class WorkLoop {
  readonly #pulse: Pulse;
  readonly #busy = new Set<string>();
  readonly #underWay = new Map<Work, { readonly done: Promise<void>; readonly letGo: () => void }>();
  #isHalted = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: Pick<RuntimePorts, "clock" | "logger">,
    private readonly looking: Looking,
  ) {
    this.#pulse = new Pulse(ports.clock);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There may be something to do. */
  wake(): void {
    this.#pulse.beat();
  }

  /** Takes no new work. */
  halt(): void {
    this.#isHalted = true;
    this.#pulse.beat();
  }

  get isHalted(): boolean {
    return this.#isHalted;
  }

  /** Takes no new work and lets what is under way end; lets go of it at `letGoAtMs`, without one at once. */
  async stop(letGoAtMs?: number): Promise<void> {
    const { clock } = this.ports;
    this.halt();
    await this.#running;
    const letGo = (): void => {
      for (const work of this.#underWay.values()) work.letGo();
    };
    let cancel = (): void => {};
    if (letGoAtMs === undefined || letGoAtMs <= clock.now()) letGo();
    else cancel = clock.wakeAt(letGoAtMs, letGo);
    while (this.#underWay.size > 0) await Promise.all([...this.#underWay.values()].map(({ done }) => done));
    cancel();
  }

  isBusy(lane: string): boolean {
    return this.#busy.has(lane);
  }

  get busyLanes(): number {
    return this.#busy.size;
  }

  /** Pieces of work that are under way, of one kind. */
  underWay(kind: string): number {
    let count = 0;
    for (const work of this.#underWay.keys()) if (work.kind === kind) count += 1;
    return count;
  }

  /** Begins at once. Nothing happens when the loop is halted; throws when a lane is busy. */
  launch(work: Work): void {
    if (this.#isHalted) return;
    const taken = work.lanes.find((lane) => this.#busy.has(lane));
    if (taken !== undefined) throw new Error(`Work was launched in the busy lane "${taken}".`);
    for (const lane of work.lanes) this.#busy.add(lane);
    const controller = new AbortController();
    const done = work.perform(controller).then(() => {
      for (const lane of work.lanes) this.#busy.delete(lane);
      this.#underWay.delete(work);
      this.#pulse.beat();
    });
    this.#underWay.set(work, { done, letGo: () => controller.abort("stopping") });
  }

  async #run(): Promise<void> {
    while (!this.#isHalted) {
      const nowMs = this.ports.clock.now();
      let nextAtMs: number | undefined;
      try {
        if ((await this.looking.launchDue(nowMs)) > 0) continue;
        nextAtMs = await this.looking.nextAtMs(nowMs);
      } catch (error) {
        const message = `${this.looking.trouble}; trying again in a second.`;
        this.ports.logger.error(message, { error: String(error) });
        nextAtMs = nowMs + TROUBLE_WAIT_MS;
      }
      await this.#pulse.next(nextAtMs);
    }
  }
}
