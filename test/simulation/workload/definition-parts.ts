/** What the simulated definitions are made of. */
import type { JsonObject } from "../../../src/core/json/json.js";

/** Nobody is there: the simulated network takes every request. */
const OUTSIDE = "http://outside.example";

export function call(actionId: string, settings: JsonObject = {}): JsonObject {
  return {
    actionId,
    trigger: { webhook: { url: `${OUTSIDE}/${actionId}`, payload: { action: actionId } } },
    timeout: "PT5S",
    retryCount: 3,
    retryDelay: "PT10S",
    backoff: { factor: 2, maxDelay: "PT1M", jitter: 0.2 },
    onError: "abort",
    onTimeout: "retry",
    ...settings,
  };
}

export function bank(actionId: string, settings: JsonObject): JsonObject {
  const payload = { transferId: "$data.transferId", amount: "$data.amount" };
  return call(actionId, { trigger: { webhook: { url: `${OUTSIDE}/${actionId}`, payload } }, ...settings });
}

export function manual(transitionId: string, fromStateId: string, toStateId: string): JsonObject {
  return { transitionId, fromStateId, toStateId, event: [{ eventId: transitionId, trigger: "manual" }] };
}

export function automatic(
  transitionId: string,
  fromStateId: string,
  toStateId: string,
  condition?: string,
): JsonObject {
  return { transitionId, fromStateId, toStateId, ...(condition === undefined ? {} : { condition }) };
}

export function timed(
  transitionId: string,
  fromStateId: string,
  toStateId: string,
  after: string,
): JsonObject {
  return {
    transitionId,
    fromStateId,
    toStateId,
    event: [{ eventId: transitionId, trigger: "time-based", after }],
  };
}

export const NOTICES = { webhook: { url: `${OUTSIDE}/notices` } };

/** Where an action's own listener is. */
export const TOLD_URL = `${OUTSIDE}/told`;

/** A call of a state that may be entered again: its round tells one time from another. */
export function roundCall(actionId: string, round: string, settings: JsonObject = {}): JsonObject {
  const payload = { action: actionId, round };
  return call(actionId, { trigger: { webhook: { url: `${OUTSIDE}/${actionId}`, payload } }, ...settings });
}
