import { usageError } from "../usage-error.js";

/** The value of `--limit`. Throws `USAGE`. */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw usageError(`--limit ${text} is not right.`, "Give a whole number from 1 to 10000.");
}
