import { seededRandom } from "../../../src/platform/seeded-random.js";

/** What a run needs, each from a stream of its own: a further draw in one leaves the others as they were. */
const STREAMS = ["schedule", "faults", "network", "workload", "engine"] as const;
export type Stream = (typeof STREAMS)[number];

/** The number that stands for a stream of a seed; seeds are whole numbers from 0. */
export function streamSeed(seed: number, stream: Stream): number {
  return seed * STREAMS.length + STREAMS.indexOf(stream);
}

/** Numbers and choices that a seed repeats to the bit. */
export class Draw {
  readonly #hex: (byteCount: number) => string;
  /** Digits that were drawn and not used yet: one by one they would cost more than all else here. */
  #digits = "";
  #used = 0;

  constructor(seed: number, stream: Stream) {
    this.#hex = seededRandom(streamSeed(seed, stream)).hex;
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    if (this.#used >= this.#digits.length) {
      this.#digits = this.#hex(256);
      this.#used = 0;
    }
    this.#used += 8;
    return Number.parseInt(this.#digits.slice(this.#used - 8, this.#used), 16) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** One of the list, which is not empty. */
  pick<Item>(list: readonly Item[]): Item {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new RangeError("There is nothing to pick from.");
    return item;
  }
}
