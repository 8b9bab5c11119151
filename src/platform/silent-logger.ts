import type { Logger } from "../ports/logger.js";

/** Says nothing: for tests, and for commands whose output is all that is wanted. */
export function silentLogger(): Logger {
  return { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
}
