import { randomBytes } from "node:crypto";
import type { Random } from "../ports/random.js";

/** Randomness of the operating system; fit for tokens and salts. */
export function cryptoRandom(): Random {
  return { hex: (byteCount) => randomBytes(byteCount).toString("hex") };
}
