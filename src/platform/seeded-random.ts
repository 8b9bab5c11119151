/**
 * Randomness and names that a seed repeats to the byte, for tests and simulation. Never for anything that must not be
 * guessed.
 *
 * The generator is xoshiro128** by David Blackman and Sebastiano Vigna (2018), its state filled by splitmix32 from the
 * seed.
 */
import type { Ids } from "../ports/ids.js";
import type { Random } from "../ports/random.js";

/** Until every bit of the seed has reached every word. */
const WARM_UP_WORDS = 16;

/** The seed is any finite number; seeds that differ give streams that differ. */
export function seededRandom(seed: number): Random & Ids {
  const nextWord = generator(seed);
  const hex = (byteCount: number): string => {
    let text = "";
    while (text.length < byteCount * 2) text += nextWord().toString(16).padStart(8, "0");
    return text.slice(0, byteCount * 2);
  };
  return { hex, uuid: () => uuidOf(hex(16)) };
}

/** The UUID of version 4 (RFC 9562) that 16 bytes make; six bits of them say version and variant. */
function uuidOf(hex: string): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

function generator(seed: number): () => number {
  const [low = 0, high = 0] = new Uint32Array(new Float64Array([seed]).buffer);
  const fromLow = splitmix(low);
  const fromHigh = splitmix(high);
  // Both halves of the seed stay apart, so that no two seeds share a state.
  const state = Uint32Array.of(fromLow(), fromHigh(), fromLow(), fromHigh());
  const nextWord = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const word = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const mixedC = c ^ a;
    const mixedD = d ^ b;
    state[0] = a ^ mixedD;
    state[1] = b ^ mixedC;
    state[2] = mixedC ^ (b << 9);
    state[3] = rotate(mixedD, 11);
    return word;
  };
  for (let count = 0; count < WARM_UP_WORDS; count += 1) nextWord();
  return nextWord;
}

function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}

function rotate(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}
