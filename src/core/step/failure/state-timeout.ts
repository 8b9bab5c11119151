/**
 * The timeout of a state: its time is up for the whole stay, whatever is under way there.
 *
 * Invariants:
 * 1. An error route of the state, or around it, beats the strategies (`error.STATE_TIMEOUT`).
 * 2. While an operator holds the instance nothing is decided: it is, when the instance goes on.
 */
import type { Failure } from "../../message/failure.js";
import type { StateModel, Strategy } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import { cancelAgenda } from "../actions/agenda.js";
import { cancelChildren } from "../children/cancel-children.js";
import { emitNotice } from "../notices.js";
import { setStateTimeout } from "../timing/state-timer.js";
import { callOffInside } from "../tokens/leave.js";
import { hasEnded, log, record, stateOf, type Turn } from "../turn.js";
import { rollBack } from "../undo/roll-back.js";
import { abort, errorDataOf, rememberError } from "./abort.js";
import { takeErrorRoute } from "./error-route.js";
import { ESCALATION, escalate, escalateToPeople } from "./escalate.js";
import { closeIncidents, openIncident } from "./incidents.js";

/** Decides about a token whose state's time is up; false when there is none. */
export function decideTimedOut(turn: Turn): boolean {
  if (!turn.machine.hasStateTimeouts) return false;
  const token = turn.draft.tokens.find(({ isTimedOut }) => isTimedOut === true);
  if (token === undefined) return false;
  delete token.isTimedOut;
  const state = stateOf(turn, token);
  if (hasEnded(turn.draft) || state.timeout === undefined) return true;
  const failure: Failure = {
    code: "STATE_TIMEOUT",
    message: `State "${state.stateId}" was not left within ${state.timeout.after.text}.`,
    isFinal: true,
    timedOut: true,
  };
  record(turn, "state-timed-out", { state: state.stateId });
  if (takeErrorRoute(turn, token, failure)) return true;
  applyTo(turn, token, state, failure, state.timeout.onTimeout);
  return true;
}

function applyTo(
  turn: Turn,
  token: Token,
  state: StateModel,
  failure: Failure,
  strategies: readonly Strategy[],
): void {
  for (const [index, strategy] of strategies.entries()) {
    if (apply(turn, token, state, failure, strategy, index === strategies.length - 1)) return;
  }
  abort(turn, token, failure);
}

/** True when the strategy ended the matter. */
function apply(
  turn: Turn,
  token: Token,
  state: StateModel,
  failure: Failure,
  strategy: Strategy,
  isLast: boolean,
): boolean {
  switch (strategy.strategy) {
    case "retry":
      return waitAgain(turn, token, state, strategy);
    case "ignore":
      return true;
    case "log":
      log(turn, "error", failure.message, { code: failure.code });
      record(turn, "log", { state: state.stateId, level: "error", code: failure.code });
      return isLast;
    case "notify":
      emitNotice(turn, "notification", {
        state: state.stateId,
        code: failure.code,
        message: failure.message,
      });
      if (isLast) hold(turn, token, failure);
      return isLast;
    case "proceed":
      goOn(turn, token);
      return true;
    case "escalate":
      if (!escalate(turn, token, strategy.event ?? ESCALATION)) escalateToPeople(turn, token, failure);
      return true;
    case "rollback":
      return rollBack(turn, token, failure, strategy);
    case "abort":
      abort(turn, token, failure);
      return true;
  }
}

/** The state has no tries: its time begins anew, as often as there are rounds. */
function waitAgain(turn: Turn, token: Token, state: StateModel, { maxRounds }: Strategy): boolean {
  const rounds = token.timeoutRounds ?? 0;
  if (rounds >= maxRounds) return false;
  token.timeoutRounds = rounds + 1;
  setStateTimeout(turn, token, state);
  return true;
}

function hold(turn: Turn, token: Token, failure: Failure): void {
  rememberError(turn, errorDataOf(turn, token, failure));
  openIncident(turn, token, { code: failure.code, message: failure.message, suspends: true });
}

/** What is under way in the state is given up; the state counts as done, and its automatic transitions are looked at. */
function goOn(turn: Turn, token: Token): void {
  const reason = "its state's time is up";
  closeIncidents(turn, token, reason);
  cancelAgenda(turn, token);
  cancelChildren(turn, token, reason);
  callOffInside(turn, token, reason);
  token.phase = "settled";
  turn.unsettled.add(token.tokenId);
  turn.mayTakeKept = true;
}
