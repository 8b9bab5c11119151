/**
 * The order of everything: whatever is ready waits here until the seed picks it, one thing a step.
 *
 * Invariants:
 * 1. Between two steps every promise that can settle has settled, so a step's consequences never depend on the machine.
 * 2. Time moves only here: to the next thing that is due when nothing is ready, and by a little now and then, so that
 *    no two looks at the clock can be taken for one. The clock may be set, forward and back; elapsed time never runs back.
 * 3. What belongs to an owner that was forgotten never runs; what belongs to a paused one waits.
 * 4. The log is a function of the seed.
 */
import type { Draw } from "./draw.js";

/** Whoever has something to do: a process, the network, a client. */
export interface Owner {
  readonly name: string;
  /** Nothing of it runs before so much time has elapsed; 0 where it is not paused. */
  readonly pausedUntilMs: number;
}

interface Item {
  readonly owner: Owner;
  readonly label: string;
  /** By the elapsed time, or by the clock, whatever it is set to meanwhile. */
  readonly due: { readonly elapsedMs: number } | { readonly atMs: number };
  readonly run: () => void;
}

/** What goes on for ever, work or not: an alarm, and the hourly clearing away of expired answers. */
export const WAKE_UP = "wakes up";
export const PRUNE = "prune answers";

const CREEP_CHANCE = 0.2;

export class SeededScheduler {
  readonly log: string[] = [];
  steps = 0;
  /** The time that had elapsed when something last happened that does not go on for ever. */
  lastWorkMs = 0;
  /** Since the beginning. */
  elapsedMs = 0;
  /** The latest that the clock has shown. */
  latestMs: number;
  /** What the clock shows beyond the elapsed time. */
  #offsetMs: number;
  #ready: Item[] = [];
  #waiting = new Set<Item>();

  constructor(
    private readonly draw: Draw,
    startMs: number,
  ) {
    this.#offsetMs = startMs;
    this.latestMs = startMs;
  }

  /** What the clock shows. */
  now(): number {
    return this.elapsedMs + this.#offsetMs;
  }

  /** Runs when the seed says so. */
  ready(owner: Owner, label: string, run: () => void): void {
    this.#ready.push({ owner, label, due: { elapsedMs: this.elapsedMs }, run });
  }

  /** Runs when the seed says so, not before the clock shows the instant. Returns what takes it back. */
  at(owner: Owner, atMs: number, label: string, run: () => void): () => void {
    return this.#put({ owner, label, due: { atMs }, run });
  }

  /** Runs when the seed says so, not before so much time has elapsed. Returns what takes it back. */
  after(owner: Owner, delayMs: number, label: string, run: () => void): () => void {
    return this.#put({ owner, label, due: { elapsedMs: this.elapsedMs + delayMs }, run });
  }

  forget(owner: Owner): void {
    this.#ready = this.#ready.filter((item) => item.owner !== owner);
    for (const item of this.#waiting) if (item.owner === owner) this.#waiting.delete(item);
  }

  /** The clock is set: forward, and all that became due by it is ready at once; or back, and all that is due waits. */
  setClock(byMs: number): void {
    this.#offsetMs += byMs;
    this.lastWorkMs = this.elapsedMs;
    this.#move(0);
  }

  note(text: string): void {
    this.log.push(`${this.steps} +${this.elapsedMs} ${text}`);
  }

  /** A turn of the event loop comes after every microtask, however long their chain. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Runs one thing and lets it take its course; false when there is nothing left to do at any time. */
  async step(): Promise<boolean> {
    const item = this.#takeNext();
    if (item === undefined) return false;
    this.steps += 1;
    if (item.label !== WAKE_UP && !item.label.startsWith(PRUNE)) this.lastWorkMs = this.elapsedMs;
    this.note(`${item.owner.name}: ${item.label}`);
    item.run();
    await this.settle();
    return true;
  }

  #put(item: Item): () => void {
    if (this.#leftMs(item) <= 0) this.#ready.push(item);
    else this.#waiting.add(item);
    return () => {
      this.#waiting.delete(item);
      const index = this.#ready.indexOf(item);
      if (index >= 0) this.#ready.splice(index, 1);
    };
  }

  #leftMs({ due }: Item): number {
    return "atMs" in due ? due.atMs - this.now() : due.elapsedMs - this.elapsedMs;
  }

  #move(byMs: number): void {
    this.elapsedMs += byMs;
    this.latestMs = Math.max(this.latestMs, this.now());
  }

  #takeNext(): Item | undefined {
    if (this.draw.chance(CREEP_CHANCE)) this.#move(1);
    for (;;) {
      this.#wakeDue();
      const runnable = this.#ready.filter((item) => item.owner.pausedUntilMs <= this.elapsedMs);
      if (runnable.length > 0) {
        const item = this.draw.pick(runnable);
        this.#ready.splice(this.#ready.indexOf(item), 1);
        return item;
      }
      const waitMs = this.#shortestWaitMs();
      if (waitMs === undefined) return undefined;
      this.#move(waitMs);
    }
  }

  #wakeDue(): void {
    for (const item of this.#waiting) {
      if (this.#leftMs(item) > 0) continue;
      this.#waiting.delete(item);
      this.#ready.push(item);
    }
  }

  #shortestWaitMs(): number | undefined {
    let shortestMs = Number.POSITIVE_INFINITY;
    for (const { owner } of this.#ready)
      shortestMs = Math.min(shortestMs, owner.pausedUntilMs - this.elapsedMs);
    for (const item of this.#waiting) shortestMs = Math.min(shortestMs, this.#leftMs(item));
    return shortestMs === Number.POSITIVE_INFINITY ? undefined : shortestMs;
  }
}
