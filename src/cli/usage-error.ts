import { StatewrightError } from "../core/errors.js";

/** The command line is not of the right form; the message names the word, the hint says what is right. */
export function usageError(message: string, hint?: string): StatewrightError {
  return new StatewrightError("USAGE", message, hint === undefined ? {} : { hint });
}
