import { createHash } from "node:crypto";

/**
 * Draws that a seed repeats: each number is cut from the hash of the seed and its turn.
 * @param {string} seed
 * @returns {(bound: number) => number} an integer from 0 up to, and without, the bound
 */
export function drawFrom(seed) {
  let turn = 0;
  return (bound) => {
    turn += 1;
    return createHash("sha256").update(`${seed}/${turn}`).digest().readUInt32BE(0) % bound;
  };
}
