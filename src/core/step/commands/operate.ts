/**
 * What operators do: cancel, suspend, resume, retry, skip, set, migrate. Each act is one audited command; an act that has
 * nothing to act on is refused.
 *
 * Invariants:
 * 1. While an operator holds an instance nothing new begins: results are recorded, timers and retries wait.
 * 2. A retry sends the same request under the same key; only when the instance's data has changed what the action says,
 *    it is another request and gets another key.
 */

import { EvaluationError } from "../../expression/evaluation-error.js";
import { canonicalJson } from "../../json/canonical-json.js";
import type { Rejection } from "../../message/answer.js";
import type { ActCommand, OperatorCommand } from "../../message/command.js";
import type { ActionModel } from "../../model/machine.js";
import type { ActionRun, Incident, Snapshot, Token } from "../../model/snapshot.js";
import { closeRecord, currentRecord } from "../actions/action-records.js";
import { actionNamed } from "../actions/agenda.js";
import { advanceAgenda, channelOf, renderRequest, sendTry } from "../actions/tries.js";
import { resumeChildFailure } from "../children/end-children.js";
import { goOnWithList, startChildren } from "../children/start-children.js";
import { endInstance } from "../end.js";
import { follow, resumeFailure } from "../failure/handle-failure.js";
import { closeIncident, refreshStatus } from "../failure/incidents.js";
import { emitNotice } from "../notices.js";
import { raiseAgain } from "../raised.js";
import { fireOrKeep } from "../timing/fire-timer.js";
import { joinWithout } from "../tokens/join.js";
import { callOffWork, dismiss } from "../tokens/leave.js";
import { hasLostChild } from "../tokens/token-tree.js";
import { record, stateOf, type Turn } from "../turn.js";
import { failedCompensations, repeatCompensations, skipCompensations } from "../undo/failed-compensation.js";
import { askAgain, forget, takeAsDone, takeUpAgain, unsureRun } from "../unknown/hold.js";
import { migrate } from "./migrate.js";
import { setData } from "./set-data.js";

/** Performs the act; what is wrong with it otherwise. */
export function operate(turn: Turn, command: OperatorCommand): Rejection | undefined {
  const incidentId = "incidentId" in command ? command.incidentId : undefined;
  record(turn, "operator", { act: command.act, reason: command.reason, incidentId });
  switch (command.act) {
    case "cancel":
      return cancel(turn, command.reason);
    case "suspend":
      return suspend(turn, command);
    case "resume":
      return resume(turn);
    case "retry":
    case "skip":
      return resolveIncidents(turn, command);
    case "set":
      return setData(turn, command);
    case "migrate":
      return migrate(turn, command);
  }
}

/** Ends the instance where it is; what is under way is called off. */
export function cancel(turn: Turn, reason: string): undefined {
  const { draft } = turn;
  for (const token of draft.tokens) {
    callOffWork(turn, token, "cancelled");
    token.phase = "ended";
  }
  // One on its way from a state that stays as it is has never been anywhere.
  for (const token of draft.tokens.filter(({ isNew }) => isNew === true)) dismiss(turn, token, "cancelled");
  draft.reason = reason;
  endInstance(turn, "cancelled");
  emitNotice(turn, "cancelled", { reason });
}

function suspend(turn: Turn, command: ActCommand): Rejection | undefined {
  const { draft } = turn;
  if (draft.suspension !== undefined) {
    return nothingTo(`Instance "${draft.instanceId}" is suspended already, by ${draft.suspension.actor}.`);
  }
  draft.suspension = { actor: command.actor, reason: command.reason, at: turn.nowText };
  refreshStatus(turn);
  return undefined;
}

function resume(turn: Turn): Rejection | undefined {
  const { draft } = turn;
  if (draft.suspension === undefined) {
    const hint = draft.incidents.length > 0 ? " Its incidents can be retried or skipped." : "";
    return nothingTo(`No operator has suspended instance "${draft.instanceId}".${hint}`);
  }
  delete draft.suspension;
  refreshStatus(turn);
  // A copy: what is decided now makes tokens and takes them away.
  for (const token of [...draft.tokens]) if (draft.tokens.includes(token)) resumeToken(turn, token);
  return undefined;
}

function resumeToken(turn: Turn, token: Token): void {
  const run = token.agenda?.running;
  if (run?.isRetryDue === true) sendTry(turn, token, actionNamed(turn, run.actionId), run);
  if (run?.heldFailure !== undefined) resumeFailure(turn, token, run);
  if (token.heldFailure !== undefined) resumeChildFailure(turn, token);
  if (token.each !== undefined) goOnWithList(turn, token);
  if (token.phase === "settled") turn.unsettled.add(token.tokenId);
}

function resolveIncidents(turn: Turn, command: ActCommand): Rejection | undefined {
  const { draft } = turn;
  const { incidentId } = command;
  if (draft.suspension !== undefined) {
    return nothingTo(
      `Instance "${draft.instanceId}" is suspended by ${draft.suspension.actor}: resume it first.`,
    );
  }
  const meant =
    incidentId === undefined
      ? draft.incidents.filter((incident) => command.act === "skip" || canBeRetried(draft, incident))
      : draft.incidents.filter((incident) => incident.incidentId === incidentId);
  if (meant.length === 0) {
    const which =
      incidentId === undefined ? `no open incident to ${command.act}` : `no open incident "${incidentId}"`;
    return nothingTo(`Instance "${draft.instanceId}" has ${which}.`);
  }
  for (const incident of meant) {
    // What came of another one may have resolved it, or taken its token away.
    if (incidentId === undefined && isOutOfReach(turn, incident, command)) continue;
    const refusal = command.act === "retry" ? retry(turn, incident) : skip(turn, incident);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function isOutOfReach({ draft }: Turn, incident: Incident, { act }: ActCommand): boolean {
  if (!draft.incidents.includes(incident)) return true;
  return act === "retry" && !draft.tokens.some(({ tokenId }) => tokenId === incident.tokenId);
}

function retry(turn: Turn, incident: Incident): Rejection | undefined {
  const undo = failedCompensations(turn.draft, incident);
  if (undo.length > 0) return repeatCompensations(turn, incident, undo);
  const token = turn.draft.tokens.find((candidate) => candidate.tokenId === incident.tokenId);
  const unsure = unsureRun(token, incident);
  if (token !== undefined && unsure !== undefined) {
    takeUpAgain(turn, token, unsure, incident);
    return undefined;
  }
  if (token === undefined || !canBeRetried(turn.draft, incident)) {
    return nothingTo(
      `Incident "${incident.incidentId}" is about something that is not done again; it can only be skipped.`,
    );
  }
  closeIncident(turn, incident, "retried");
  // What the limit has stopped was more than this token.
  if (isOfLimit(incident) && turn.draft.tokens.length > 1) turn.hasMoved = true;
  if (incident.raisedData !== undefined) raiseAgain(turn, incident);
  else if (incident.eventId !== undefined && incident.transitionId !== undefined) {
    fireOrKeep(turn, token, incident.transitionId, incident.eventId);
  } else if (incident.suspends) retryHeld(turn, token);
  else if (incident.actionId !== undefined) repeatLastAction(token, incident.actionId);
  return undefined;
}

function isOfLimit({ code }: Incident): boolean {
  return code === "AUTOMATIC_LIMIT" || code === "LIMIT_EXCEEDED";
}

/** The token is held in its place: by an action that failed, by data that did not fit, or by its transitions. */
function retryHeld(turn: Turn, token: Token): void {
  const { agenda } = token;
  delete token.waitsForNews;
  if (agenda === undefined) {
    const state = stateOf(turn, token);
    if (state.child !== undefined && hasLostChild(state, token)) startChildren(turn, token, state.child);
    else if (token.each !== undefined) goOnWithList(turn, token);
    else turn.unsettled.add(token.tokenId);
    return;
  }
  delete agenda.isHeld;
  const run = agenda.running;
  if (run === undefined) return;
  const action = actionNamed(turn, run.actionId);
  if (run.progress === "unknown") {
    follow(turn, token, askAgain(turn, token, run, action));
    return;
  }
  if (!rendersTheSame(turn, token, action, run)) {
    delete agenda.running;
    return;
  }
  run.round = 0;
  run.triesInRound = 0;
  delete run.hasTold;
  sendTry(turn, token, action, run);
}

/** False when data has changed what the action says, and for what is not sent: it begins anew. */
function rendersTheSame(turn: Turn, token: Token, action: ActionModel, run: ActionRun): boolean {
  if (channelOf(action) === undefined || run.tries === 0) return false;
  try {
    return canonicalJson(renderRequest(turn, token, action, run)) === canonicalJson(run.request);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return false;
  }
}

/** A notice that was given up is not sent again. */
function canBeRetried(draft: Snapshot, incident: Incident): boolean {
  if (incident.code === "NOT_COMPENSATED") return failedCompensations(draft, incident).length > 0;
  // The instance has gone on without it.
  if (incident.code === "OUTCOME_UNKNOWN" && !incident.suspends) return false;
  return incident.code !== "CALLBACK_FAILED";
}

/** A last action of an ended instance runs once more, after the others. */
function repeatLastAction(token: Token, actionId: string): void {
  token.agenda ??= { actions: [], next: 0, isRepeated: true };
  token.agenda.actions.push({ actionId, phase: "entry" });
  token.phase = "entering";
}

function skip(turn: Turn, incident: Incident): Rejection | undefined {
  const undo = failedCompensations(turn.draft, incident);
  if (undo.length > 0) {
    skipCompensations(turn, incident, undo);
    return undefined;
  }
  const token = turn.draft.tokens.find((candidate) => candidate.tokenId === incident.tokenId);
  const run = token?.agenda?.running;
  const unsure = unsureRun(token, incident);
  if (token !== undefined && unsure !== undefined) forget(token, unsure);
  if (token !== undefined && incident.code === "JOIN_STUCK") return skipMissing(turn, incident, token);
  if (incident.suspends && (run === undefined || token === undefined)) {
    return nothingTo(
      `Incident "${incident.incidentId}" is not about an action that could be skipped: correct the data, then retry.`,
    );
  }
  closeIncident(turn, incident, "skipped");
  if (!incident.suspends || run === undefined || token === undefined) return undefined;
  if (run.progress === "unknown") {
    takeAsDone(turn, token, run, actionNamed(turn, run.actionId));
    return undefined;
  }
  closeRecord(turn, currentRecord(token, run.actionId), { status: "skipped" });
  record(turn, "action-skipped", { actionId: run.actionId });
  advanceAgenda(token);
  return undefined;
}

/** What a join waits for in vain is gone without: it goes on with the tokens that are there. */
function skipMissing(turn: Turn, incident: Incident, token: Token): undefined {
  closeIncident(turn, incident, "skipped");
  joinWithout(turn, token);
  return undefined;
}

function nothingTo(message: string): Rejection {
  return { code: "NOT_ENABLED", message, enabled: [] };
}
