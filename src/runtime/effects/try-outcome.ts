/**
 * What an instance is told of a try. At least once: what the channel said. At most once: a failure only where it is certain
 * that nothing was done; everything else that is not a success is unknown.
 */
import type { TryResult } from "../../core/message/try-result.js";
import type { SendResult } from "./send-effect.js";

/** Of a row that was found begun: somebody may have sent it, and nobody is left who could tell. */
export const BEGUN_BEFORE: TryResult = {
  outcome: "unknown",
  code: "OUTCOME_UNKNOWN",
  message: "the engine let go of it after the try had begun",
};

export function tryOutcome(
  sent: Exclude<SendResult, { readonly outcome: "abandoned" }>,
  isOnce: boolean,
): TryResult {
  if (sent.outcome === "completed") return sent;
  if (sent.outcome === "timeout") {
    return isOnce ? { outcome: "unknown", code: "ACTION_TIMEOUT", message: sent.message } : sent;
  }
  const { mayHaveActed, ...failed } = sent;
  if (!isOnce || mayHaveActed === false) return failed;
  const { code, message, response } = failed;
  return { outcome: "unknown", code, message, ...(response === undefined ? {} : { response }) };
}
