/** A compensation whose tries are used up: an incident for it alone. The others still run. */
import type { Rejection } from "../../message/answer.js";
import type { Compensation, Incident, PlannedAction, Snapshot } from "../../model/snapshot.js";
import { advanceAgenda } from "../actions/tries.js";
import { closeIncident } from "../failure/incidents.js";
import { giveUp, reportIncident, type Trouble } from "../failure/trouble.js";
import type { Turn } from "../turn.js";
import { keepFailed, removeCompensations } from "./compensation-log.js";

export function failCompensation(turn: Turn, trouble: Trouble): void {
  const { token } = trouble;
  const undo = token.agenda?.actions[token.agenda.next]?.undo;
  giveUp(turn, trouble);
  reportIncident(turn, trouble, false);
  const incidentId = turn.draft.incidents.at(-1)?.incidentId;
  if (undo !== undefined && incidentId !== undefined) keepFailed(turn, undo, incidentId);
  advanceAgenda(token);
}

/** The compensation that the incident is about; none when it is about something else. */
export function failedCompensation(draft: Snapshot, incident: Incident): Compensation | undefined {
  return draft.compensations?.find(({ incidentId }) => incidentId === incident.incidentId);
}

/** Runs it once more: after those that are under way, or on its own, and then the token is as before. */
export function repeatCompensation(
  turn: Turn,
  incident: Incident,
  entry: Compensation,
): Rejection | undefined {
  const { draft, machine } = turn;
  const { actionId } = entry;
  const token = draft.tokens.find(({ tokenId }) => tokenId === incident.tokenId) ?? draft.tokens[0];
  if (token === undefined || actionId === undefined || !machine.actionsById.has(actionId)) {
    return refused(
      `Incident "${incident.incidentId}" is about an action that is not there any more: skip it.`,
    );
  }
  if (token.agenda !== undefined && token.phase !== "compensating") {
    return refused(
      `State "${token.stateId}" has actions under way: retry incident "${incident.incidentId}" when they are over.`,
    );
  }
  closeIncident(turn, incident, "retried");
  removeCompensations(turn, [entry]);
  const { incidentId: _decided, ...undo } = entry;
  const planned: PlannedAction = { actionId, phase: "compensation", undo };
  if (token.agenda !== undefined) {
    token.agenda.actions.push(planned);
    return undefined;
  }
  token.agenda = { actions: [planned], next: 0, rollback: { kind: "again", phase: token.phase } };
  token.phase = "compensating";
  return undefined;
}

/** Nobody will undo it any more. */
export function skipCompensation(turn: Turn, incident: Incident, entry: Compensation): void {
  closeIncident(turn, incident, "skipped");
  removeCompensations(turn, [entry]);
}

function refused(message: string): Rejection {
  return { code: "NOT_ENABLED", message, enabled: [] };
}
