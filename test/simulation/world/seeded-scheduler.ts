/**
 * The order of everything: whatever is ready waits here until the seed picks it, one thing a step.
 *
 * Invariants:
 * 1. Between two steps every promise that can settle has settled, so a step's consequences never depend on the machine.
 * 2. Time moves only here: to the next thing that is due when nothing is ready, and by a little now and then, so that
 *    no two looks at the clock can be taken for one.
 * 3. What belongs to an owner that was forgotten never runs; what belongs to a paused one waits.
 * 4. The log is a function of the seed.
 */
import type { Draw } from "./draw.js";

/** Whoever has something to do: a process, the network, a client. */
export interface Owner {
  readonly name: string;
  /** Nothing of it runs before; 0 where it is not paused. */
  readonly pausedUntilMs: number;
}

interface Item {
  readonly owner: Owner;
  readonly label: string;
  readonly dueAtMs: number;
  readonly run: () => void;
}

/** What goes on for ever, work or not: an alarm, and the hourly clearing away of expired answers. */
export const WAKE_UP = "wakes up";
export const PRUNE = "prune answers";

const CREEP_CHANCE = 0.2;

export class SeededScheduler {
  readonly log: string[] = [];
  steps = 0;
  /** When something last happened that does not go on for ever. */
  lastWorkAtMs: number;
  #nowMs: number;
  #ready: Item[] = [];
  #waiting = new Set<Item>();

  constructor(
    private readonly draw: Draw,
    readonly startMs: number,
  ) {
    this.#nowMs = startMs;
    this.lastWorkAtMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Runs when the seed says so. */
  ready(owner: Owner, label: string, run: () => void): void {
    this.#ready.push({ owner, label, dueAtMs: this.#nowMs, run });
  }

  /** Runs when the seed says so, not before the instant. Returns what takes it back. */
  at(owner: Owner, dueAtMs: number, label: string, run: () => void): () => void {
    const item: Item = { owner, label, dueAtMs, run };
    if (dueAtMs <= this.#nowMs) this.#ready.push(item);
    else this.#waiting.add(item);
    return () => {
      this.#waiting.delete(item);
      this.#ready = this.#ready.filter((candidate) => candidate !== item);
    };
  }

  after(owner: Owner, delayMs: number, label: string, run: () => void): () => void {
    return this.at(owner, this.#nowMs + delayMs, label, run);
  }

  forget(owner: Owner): void {
    this.#ready = this.#ready.filter((item) => item.owner !== owner);
    for (const item of this.#waiting) if (item.owner === owner) this.#waiting.delete(item);
  }

  /** The clock is put forward; all that became due by it is ready at once. */
  jump(durationMs: number): void {
    this.#nowMs += durationMs;
    this.lastWorkAtMs = this.#nowMs;
  }

  note(text: string): void {
    this.log.push(`${this.steps} +${this.#nowMs - this.startMs} ${text}`);
  }

  /** Runs one thing and lets it take its course; false when there is nothing left to do at any time. */
  async step(): Promise<boolean> {
    const item = this.#takeNext();
    if (item === undefined) return false;
    this.steps += 1;
    if (item.label !== WAKE_UP && !item.label.startsWith(PRUNE)) this.lastWorkAtMs = this.#nowMs;
    this.note(`${item.owner.name}: ${item.label}`);
    item.run();
    await allSettled();
    return true;
  }

  #takeNext(): Item | undefined {
    if (this.draw.chance(CREEP_CHANCE)) this.#nowMs += 1;
    for (;;) {
      this.#wakeDue();
      const runnable = this.#ready.filter((item) => item.owner.pausedUntilMs <= this.#nowMs);
      if (runnable.length > 0) {
        const item = this.draw.pick(runnable);
        this.#ready.splice(this.#ready.indexOf(item), 1);
        return item;
      }
      const nextMs = this.#nextInstant();
      if (nextMs === undefined) return undefined;
      this.#nowMs = nextMs;
    }
  }

  #wakeDue(): void {
    for (const item of this.#waiting) {
      if (item.dueAtMs > this.#nowMs) continue;
      this.#waiting.delete(item);
      this.#ready.push(item);
    }
  }

  #nextInstant(): number | undefined {
    const instants = [
      ...this.#ready.map((item) => item.owner.pausedUntilMs),
      ...[...this.#waiting].map((item) => item.dueAtMs),
    ];
    return instants.length === 0 ? undefined : Math.min(...instants);
  }
}

/** A turn of the event loop comes after every microtask, however long their chain. */
function allSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
