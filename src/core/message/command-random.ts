/**
 * The step's only randomness: a small generator (sfc32 by Chris Doty-Humphrey, public domain algorithm of PractRand)
 * seeded by the command's `random`. The same command gives the same numbers, so a replay gives the same jitter and
 * the same `uuid()`.
 */
export interface CommandRandom {
  /** From 0 (inclusive) to 1 (exclusive). */
  fraction(): number;
  /** A version 4 UUID. */
  uuid(): string;
}

/** `stream` tells apart what draws from one seed, so that the one never moves the other's numbers. */
export function commandRandom(seedHex: string, stream = ""): CommandRandom {
  let a = word(seedHex, 0);
  let b = word(seedHex, 8);
  let c = word(seedHex, 16);
  let counter = word(seedHex, 24) ^ streamNumber(stream);

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }

  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();

  return {
    fraction: () => next() / 2 ** 32,
    uuid: () => {
      const hex = [next(), next(), next(), next()].map((n) => n.toString(16).padStart(8, "0")).join("");
      const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}

/** FNV-1a, 32 bit; 0 for no name. */
function streamNumber(stream: string): number {
  if (stream === "") return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < stream.length; index += 1) {
    hash = Math.imul(hash ^ stream.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}

function word(hex: string, from: number): number {
  return Number.parseInt(hex.slice(from, from + 8), 16) | 0;
}
