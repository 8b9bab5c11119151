/** Results of tries. */
import type { ActionResultCommand, TryResult } from "../../message/command.js";
import type { Failure } from "../../message/failure.js";
import type { Token } from "../../model/snapshot.js";
import { actionNamed } from "../actions/agenda.js";
import { completeTry } from "../actions/tries.js";
import { handleActionFailure } from "../failure/handle-failure.js";
import { record, type Turn } from "../turn.js";
import { done, type Handled } from "./handled.js";

/** A try has ended; the result of one that nobody waits for any more is recorded and changes nothing. */
export function endTry(turn: Turn, command: ActionResultCommand): Handled {
  const token = turn.draft.tokens.find((candidate) => isAwaited(candidate, command));
  const run = token?.agenda?.running;
  turn.effects.push({ kind: "end-effect", ...command.effect });
  if (token === undefined || run === undefined) {
    record(turn, "late-result", { key: command.key, outcome: command.result.outcome });
    return done(turn);
  }
  const { result } = command;
  const failure =
    result.outcome === "completed"
      ? completeTry(turn, token, actionNamed(turn, run.actionId), result.response)
      : failureOf(run.actionId, result);
  if (failure !== undefined) handleActionFailure(turn, token, run, withResponse(failure, result));
  return done(turn);
}

function isAwaited(token: Token, command: ActionResultCommand): boolean {
  const run = token.agenda?.running;
  return (
    run?.progress === "in-progress" &&
    run.effect?.seq === command.effect.seq &&
    run.effect.ordinal === command.effect.ordinal
  );
}

/** Whoever looks at the incident wants to see what came back. */
function withResponse(failure: Failure, result: TryResult): Failure {
  const response = result.outcome === "timeout" ? undefined : result.response;
  return response === undefined ? failure : { ...failure, response };
}

function failureOf(actionId: string, result: Exclude<TryResult, { readonly outcome: "completed" }>): Failure {
  if (result.outcome === "timeout") {
    return {
      code: "ACTION_TIMEOUT",
      message: `Action "${actionId}": ${result.message}`,
      isFinal: false,
      timedOut: true,
    };
  }
  return {
    code: result.code,
    message: `Action "${actionId}": ${result.message}`,
    isFinal: result.isFinal,
    ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
    ...(result.response === undefined ? {} : { responseStatus: result.response.status }),
  };
}
