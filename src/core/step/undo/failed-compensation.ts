/**
 * Compensations that were not made: one whose tries are used up has an incident for it alone, and the others still run; what
 * a rollback that is cut short did not come to has one incident together. Each can be done again, or given up.
 */
import type { Rejection } from "../../message/answer.js";
import type { Compensation } from "../../model/compensation.js";
import type { Incident, Snapshot } from "../../model/snapshot.js";
import { advanceAgenda } from "../actions/tries.js";
import { closeIncident, openIncident } from "../failure/incidents.js";
import { giveUp, reportIncident, type Trouble } from "../failure/trouble.js";
import type { Turn } from "../turn.js";
import { keepFailed, removeCompensations } from "./compensation-log.js";
import { isKnown, planned } from "./roll-back.js";

export function failCompensation(turn: Turn, trouble: Trouble): void {
  const { token } = trouble;
  const undo = token.agenda?.actions[token.agenda.next]?.undo;
  giveUp(turn, trouble);
  reportIncident(turn, trouble, false);
  const incidentId = turn.draft.incidents.at(-1)?.incidentId;
  if (undo !== undefined && incidentId !== undefined) keepFailed(turn, undo, incidentId);
  advanceAgenda(token);
}

/** What nobody will come to any more, because an end cut its rollback short, has an incident that names it. */
export function reportCutShort(turn: Turn): void {
  const { draft } = turn;
  const rest = draft.compensations?.filter(({ isCutShort }) => isCutShort === true) ?? [];
  const [first] = rest;
  const token = draft.tokens.find(({ tokenId }) => tokenId === first?.tokenId) ?? draft.tokens[0];
  if (token === undefined || rest.length === 0) return;
  const names = rest.map(({ undoes, actionId }) => `${actionId === undefined ? "child " : ""}"${undoes}"`);
  openIncident(turn, token, {
    code: "NOT_COMPENSATED",
    message: `A rollback was cut short, and not undone ${rest.length === 1 ? "is" : "are"} ${names.reverse().join(", ")}: retry does it.`,
    suspends: false,
  });
  const incidentId = draft.incidents.at(-1)?.incidentId;
  removeCompensations(turn, rest);
  if (incidentId === undefined) return;
  for (const { isCutShort: _, ...entry } of rest) keepFailed(turn, entry, incidentId);
}

/** The compensations that the incident is about, in the order in which was done what they undo. */
export function failedCompensations(draft: Snapshot, incident: Incident): readonly Compensation[] {
  return draft.compensations?.filter(({ incidentId }) => incidentId === incident.incidentId) ?? [];
}

/** Runs them once more: after those that are under way, or on their own, and then the token is as before. */
export function repeatCompensations(
  turn: Turn,
  incident: Incident,
  entries: readonly Compensation[],
): Rejection | undefined {
  const { draft, machine } = turn;
  const token = draft.tokens.find(({ tokenId }) => tokenId === incident.tokenId) ?? draft.tokens[0];
  if (token === undefined || !entries.every((entry) => isKnown(machine, entry))) {
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
  removeCompensations(turn, entries);
  const actions = [...entries].reverse().map(planned);
  if (token.agenda !== undefined) {
    token.agenda.actions.push(...actions);
    return undefined;
  }
  token.agenda = { actions, next: 0, rollback: { kind: "again", phase: token.phase } };
  token.phase = "compensating";
  return undefined;
}

/** Nobody will undo it any more. */
export function skipCompensations(turn: Turn, incident: Incident, entries: readonly Compensation[]): void {
  closeIncident(turn, incident, "skipped");
  removeCompensations(turn, entries);
}

function refused(message: string): Rejection {
  return { code: "NOT_ENABLED", message, enabled: [] };
}
