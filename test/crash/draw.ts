import { seededRandom } from "../../src/platform/seeded-random.js";

/** An integer from 0 up to, and without, the bound. */
export type Draw = (bound: number) => number;

/** Draws that a seed repeats. */
export function drawFrom(seed: number): Draw {
  const random = seededRandom(seed);
  return (bound) => Number.parseInt(random.hex(4), 16) % bound;
}
