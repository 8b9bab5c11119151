import { randomFillSync } from "node:crypto";
import type { Random } from "../ports/random.js";

/** Bytes that are drawn at once: every commit needs many small salts, and each call to the system costs more than them. */
const POOL_BYTES = 4_096;

/** Randomness of the operating system; fit for tokens and salts. No byte is given out twice. */
export function cryptoRandom(): Random {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    hex(byteCount) {
      if (byteCount > POOL_BYTES) return randomFillSync(Buffer.alloc(byteCount)).toString("hex");
      if (used + byteCount > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const text = pool.toString("hex", used, used + byteCount);
      used += byteCount;
      return text;
    },
  };
}
