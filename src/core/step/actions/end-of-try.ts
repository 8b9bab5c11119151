/** What the result of a try comes to: the action is completed, or there is a failure to decide about. */
import type { Failure } from "../../message/failure.js";
import type { TryResult } from "../../message/try-result.js";
import type { ActionModel } from "../../model/machine.js";
import type { ActionRun, Token } from "../../model/snapshot.js";
import type { Turn } from "../turn.js";
import { completeTry } from "./tries.js";

/**
 * Completes the action, or gives the failure. What is sent at most once has not failed when it was answered, or was not
 * answered in time: then it is unknown.
 */
export function failureOf(
  turn: Turn,
  token: Token,
  action: ActionModel,
  run: ActionRun,
  result: TryResult,
): Failure | undefined {
  if (result.outcome !== "completed") return failureOfResult(run, result);
  const failure = completeTry(turn, token, action, result.response);
  if (failure === undefined) return undefined;
  return withResponse(run.isOnce === true ? { ...failure, isUnknown: true } : failure, result);
}

/** Whoever looks at the incident wants to see what came back. */
function withResponse(failure: Failure, result: TryResult): Failure {
  const response = result.outcome === "timeout" ? undefined : result.response;
  return response === undefined ? failure : { ...failure, response };
}

export function failureOfResult(
  { actionId, isOnce }: ActionRun,
  result: Exclude<TryResult, { readonly outcome: "completed" }>,
): Failure {
  const message = `Action "${actionId}": ${result.message}`;
  if (result.outcome === "timeout") {
    const failure: Failure = { code: "ACTION_TIMEOUT", message, isFinal: false, timedOut: true };
    return isOnce === true ? { ...failure, isUnknown: true } : failure;
  }
  const answered = result.response === undefined ? {} : { responseStatus: result.response.status };
  if (result.outcome === "unknown") {
    return withResponse({ code: result.code, message, isFinal: false, isUnknown: true, ...answered }, result);
  }
  return withResponse(
    {
      code: result.code,
      message,
      isFinal: result.isFinal,
      ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
      ...answered,
    },
    result,
  );
}
