/** Aborting: to the machine's error state, or to the end where the instance is. Exit actions do not run. */
import type { ErrorData, Failure } from "../../message/failure.js";
import type { Token } from "../../model/snapshot.js";
import { endInstance } from "../end.js";
import { callOffOthers } from "../enter.js";
import { emitNotice } from "../notices.js";
import { callOffWork } from "../tokens/leave.js";
import { jumpTo } from "../transition/arrive.js";
import { hasEnded, record, type Turn } from "../turn.js";

export function abort(turn: Turn, token: Token, failure: Failure): void {
  const { machine, draft } = turn;
  const errorData = errorDataOf(turn, token, failure);
  rememberError(turn, errorData);
  const errorState =
    machine.errorStateId === undefined ? undefined : machine.states.get(machine.errorStateId);
  if (machine.errorStateId !== undefined && errorState?.isFinal === true && !hasEnded(draft)) {
    jumpTo(turn, token, machine.errorStateId, { ...errorData }, "system");
    return;
  }
  callOffOthers(turn, token);
  callOffWork(turn, token, "aborted");
  token.phase = "ended";
  draft.reason = `${errorData.errorCode}: ${errorData.errorMessage}`;
  endInstance(turn, "error", { state: token.stateId });
  emitNotice(turn, "error", {
    state: token.stateId,
    code: errorData.errorCode,
    message: errorData.errorMessage,
  });
}

/** Characters of a failure's message that go into data and variables; the trail has all of it. */
const MAX_MESSAGE_CHARS = 2_000;

/** What error routes and error states are offered. */
export function errorDataOf(turn: Turn, token: Token, failure: Failure): ErrorData {
  return {
    errorCode: failure.code,
    errorMessage: failure.message.slice(0, MAX_MESSAGE_CHARS),
    errorTimestamp: turn.nowText,
    failedState: token.stateId,
  };
}

/** All four are in `variables.lastError`, whatever a schema says. */
export function rememberError(turn: Turn, errorData: ErrorData): void {
  turn.draft.variables = { ...turn.draft.variables, lastError: { ...errorData } };
  record(turn, "error-data", {
    code: errorData.errorCode,
    message: errorData.errorMessage,
    state: errorData.failedState,
  });
}
