/**
 * Drives the configuration until nothing moves by itself any more: actions first, then automatic transitions, then
 * what was kept, in order of arrival (SCXML appendix D: a macrostep ends before the next external event is taken).
 *
 * Invariants:
 * 1. Every automatic step counts; the 101st of one command opens an incident instead of spinning.
 * 2. A kept event is looked at only when every token is settled.
 */

import { checkTransition, currentStateData, mustBeCompleteOnEntry } from "../data/data-rules.js";
import type { TransitionModel } from "../model/machine.js";
import type { Violation } from "../model/schema-port.js";
import type { Token } from "../model/snapshot.js";
import { beginNextAction } from "./actions/agenda.js";
import { settle } from "./enter.js";
import { countAutomaticStep } from "./failure/automatic-limit.js";
import { handleActionFailure, handleStateFailure } from "./failure/handle-failure.js";
import { closeIncident, openIncident } from "./failure/incidents.js";
import { takeKept } from "./keep.js";
import { isFree, selectAutomatic } from "./select.js";
import { arrive, takeTransition } from "./take.js";
import { hasEnded, record, stateNamed, stateOf, type Turn } from "./turn.js";

export function drive(turn: Turn): void {
  // While an operator holds the instance nothing new begins.
  while (turn.draft.suspension === undefined) {
    const busy = turn.draft.tokens.find(canAdvance);
    if (busy !== undefined) {
      advance(turn, busy);
      continue;
    }
    const settled = turn.draft.tokens.find((token) => turn.unsettled.has(token.tokenId));
    if (settled !== undefined) {
      lookAtAutomatic(turn, settled);
      continue;
    }
    if (!takeKept(turn)) return;
  }
}

/** Something of its agenda can be done now. */
function canAdvance(token: Token): boolean {
  return token.agenda !== undefined && token.agenda.running === undefined && token.agenda.isHeld !== true;
}

function advance(turn: Turn, token: Token): void {
  const { agenda } = token;
  const planned = agenda?.actions[agenda.next];
  if (agenda === undefined) return;
  if (planned === undefined) {
    finishAgenda(turn, token);
    return;
  }
  const failure = beginNextAction(turn, token, planned);
  if (failure !== undefined && agenda.running !== undefined)
    handleActionFailure(turn, token, agenda.running, failure);
}

function finishAgenda(turn: Turn, token: Token): void {
  const underway = token.agenda?.transition;
  if (underway?.targetId === undefined) {
    settle(turn, token);
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

function lookAtAutomatic(turn: Turn, token: Token): void {
  turn.unsettled.delete(token.tokenId);
  if (token.phase !== "settled" || hasEnded(turn.draft) || !mayMove(turn, token)) return;
  const selection = selectAutomatic(turn, token);
  switch (selection.kind) {
    case "enabled":
      takeAutomatic(turn, token, selection.transition);
      return;
    case "faulty":
      openIncident(turn, token, {
        code: "EXPRESSION_ERROR",
        message: selection.message,
        transitionId: selection.transition.transitionId,
        suspends: true,
      });
      return;
    case "none":
      closeAutomatic(turn, token);
      if (stateOf(turn, token).isRouting) {
        handleStateFailure(turn, token, {
          code: "NO_TRANSITION",
          message: `Decision "${token.stateId}" has no transition whose condition holds, and no default.`,
          isFinal: true,
        });
      }
  }
}

/** Nothing is blocked any more: the incidents of automatic transitions are over. */
function closeAutomatic(turn: Turn, token: Token): void {
  for (const incident of turn.draft.incidents) {
    const isAutomatic = incident.actionId === undefined && incident.eventId === undefined;
    if (incident.tokenId === token.tokenId && incident.suspends && isAutomatic) {
      closeIncident(turn, incident, "nothing is blocked any more");
    }
  }
}

/** A suspended instance stands still, but for the token whose incident new data may resolve. */
function mayMove(turn: Turn, token: Token): boolean {
  return turn.draft.status === "active" || isFree(turn, token);
}

function takeAutomatic(turn: Turn, token: Token, transition: TransitionModel): void {
  const source = stateOf(turn, token);
  const target =
    transition.targetId === undefined ? undefined : stateNamed(turn.machine, transition.targetId);
  const problem = checkTransition(turn, {
    source,
    target,
    transition,
    origin: "inside",
    eventId: undefined,
    eventData: {},
    errorData: {},
  });
  if (problem !== undefined) {
    reportBlocked(turn, token, transition, problem.violations);
    return;
  }
  if (!countAutomaticStep(turn, token, transition)) return;
  // An error state that no failure led to still has a code and a message (page 2: ROUTED).
  const errorData = target?.isError === true ? routedError(turn, token, transition) : {};
  if (target?.isError === true) {
    turn.draft.variables = { ...turn.draft.variables, lastError: routedError(turn, token, transition) };
  }
  takeTransition(turn, token, transition, {
    origin: "inside",
    actor: turn.command.actor,
    eventData: {},
    variables: {},
    errorData,
  });
}

/** The failure behind it, where an action of this visit has failed and was passed over; else `ROUTED`. */
function routedError(turn: Turn, token: Token, transition: TransitionModel) {
  const failed = token.visit.actions.findLast((action) => action.error !== undefined)?.error;
  return {
    errorCode: failed?.code ?? "ROUTED",
    errorMessage: failed?.message ?? transition.name ?? transition.transitionId,
    errorTimestamp: turn.nowText,
    failedState: token.stateId,
  };
}

/**
 * An automatic transition whose data is not complete: whoever updates is told; a state that collects its data simply
 * waits for the rest; anywhere else nobody would know, so an incident says it.
 */
function reportBlocked(
  turn: Turn,
  token: Token,
  transition: TransitionModel,
  violations: readonly { readonly path: string; readonly message: string }[],
): void {
  const listed = violations.map(({ path, message }) => ({ path, message }));
  record(turn, "transition-blocked", { transitionId: transition.transitionId, violations: listed });
  turn.blocked.push({ transitionId: transition.transitionId, violations: listed });
  const { kind, isRouting } = stateOf(turn, token);
  if (!isRouting && (turn.command.type === "update" || kind === "userTask" || kind === "wait")) return;
  openIncident(turn, token, {
    code: "VALIDATION_FAILED",
    message: `Transition "${transition.transitionId}" cannot be taken: ${listed.map((violation) => violation.message).join("; ")}`,
    transitionId: transition.transitionId,
    violations: listed,
    suspends: true,
  });
}
