/**
 * Drives the configuration until nothing moves by itself any more: actions first, then automatic transitions, then
 * what was kept, in order of arrival (SCXML appendix D: a macrostep ends before the next external event is taken).
 *
 * Invariants:
 * 1. Every automatic step counts; the 101st of one command opens an incident instead of spinning.
 * 2. A kept event is looked at only when every token is settled.
 */

import { currentStateData, mustBeCompleteOnEntry } from "../data/data-rules.js";
import type { Violation } from "../model/schema-port.js";
import type { Token } from "../model/snapshot.js";
import { beginNextAction } from "./actions/agenda.js";
import { lookAtAutomatic } from "./automatic.js";
import { startChildren } from "./children/start-children.js";
import { settle } from "./enter.js";
import { handleActionFailure } from "./failure/handle-failure.js";
import { openIncident } from "./failure/incidents.js";
import { decideTimedOut } from "./failure/state-timeout.js";
import { takeKept, takeRaised } from "./keep.js";
import { isGone, throwAndEmit } from "./throw.js";
import { endToken } from "./tokens/done.js";
import { fireJoin } from "./tokens/join.js";
import { dismiss } from "./tokens/leave.js";
import { nextToGoOn } from "./tokens/order.js";
import { arrive } from "./transition/arrive.js";
import { stateNamed, stateOf, type Turn } from "./turn.js";
import { beginAskedUndo } from "./undo/asked-undo.js";
import { askChild } from "./undo/child-undo.js";
import { endRollback } from "./undo/end-rollback.js";

export function drive(turn: Turn): void {
  // While an operator holds the instance nothing new begins.
  while (turn.draft.suspension === undefined) {
    if (decideTimedOut(turn)) continue;
    const busy = nextToGoOn(turn);
    if (busy !== undefined) {
      advance(turn, busy);
      continue;
    }
    if (beginAskedUndo(turn)) continue;
    if (!lookAtAutomatic(turn) && !takeRaised(turn) && !fireJoin(turn) && !takeKept(turn)) return;
  }
}

function advance(turn: Turn, token: Token): void {
  const { agenda } = token;
  const planned = agenda?.actions[agenda.next];
  if (agenda === undefined) return;
  if (planned === undefined) {
    if (turn.draft.tokens.length > 1) turn.hasMoved = true;
    finishAgenda(turn, token);
    return;
  }
  if (planned.undo !== undefined && planned.undo.actionId === undefined) {
    askChild(turn, token, planned.undo);
    return;
  }
  const failure = beginNextAction(turn, token, planned);
  if (failure !== undefined && agenda.running !== undefined)
    handleActionFailure(turn, token, agenda.running, failure);
}

function finishAgenda(turn: Turn, token: Token): void {
  if (token.phase === "exiting") {
    dismiss(turn, token, "left");
    return;
  }
  if (token.phase === "compensating") {
    endRollback(turn, token);
    return;
  }
  const underway = token.agenda?.transition;
  if (underway?.targetId === undefined) {
    finishEntry(turn, token);
    return;
  }
  const problem = arrivalProblem(turn, token, underway.targetId);
  if (problem === undefined) {
    arrive(turn, token, underway, underway.targetId);
    return;
  }
  if (token.agenda !== undefined) token.agenda.isHeld = true;
  openIncident(turn, token, {
    code: "VALIDATION_FAILED",
    message: `State "${underway.targetId}" cannot be entered: ${problem.map((violation) => violation.message).join("; ")}`,
    transitionId: underway.transitionId,
    violations: problem,
    suspends: true,
  });
}

/** The entry actions are over, or those of an internal transition. */
function finishEntry(turn: Turn, token: Token): void {
  const isEntry = token.phase === "entering" || token.agenda?.cutsEntry === true;
  const { isRepeated = false, hasEmitted = false } = token.agenda ?? {};
  settle(turn, token, isEntry);
  if (!isEntry) return;
  const state = stateOf(turn, token);
  const { visit } = token;
  if (state.child !== undefined) startChildren(turn, token, state.child);
  if (isGone(turn, token, visit)) return;
  const hasMore = state.throws !== undefined || state.emits !== undefined;
  if (hasMore && !isRepeated && !throwAndEmit(turn, token, hasEmitted)) return;
  if (state.isFinal) endToken(turn, token);
}

/**
 * What the actions of a transition brought is checked before the target is entered; where nothing ran the check at the
 * taking was enough, but an error route is not checked there.
 */
function arrivalProblem(turn: Turn, token: Token, targetId: string): readonly Violation[] | undefined {
  const target = stateNamed(turn.machine, targetId);
  const underway = token.agenda?.transition;
  if (target.isError || target.schema === undefined || underway === undefined) return undefined;
  if (token.agenda?.actions.length === 0 && underway.origin !== "failure") return undefined;
  const part = currentStateData(target, turn.draft.data);
  const isComplete = mustBeCompleteOnEntry(target, underway.origin);
  const violations = isComplete ? target.schema.checkFull(part) : target.schema.checkPartial(part);
  return violations.length > 0 ? violations : undefined;
}
