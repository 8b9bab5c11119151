/** Incidents: whatever would be stuck says so, in one place, until somebody or something resolves it. */
import { maskResponse } from "../../data/mask-response.js";
import type { Json } from "../../json/json.js";
import type { Response } from "../../message/response.js";
import type { Incident, Token } from "../../model/snapshot.js";
import { emitNotice } from "../notices.js";
import { hasEnded, log, record, type Turn } from "../turn.js";

export interface IncidentReport {
  readonly code: string;
  readonly message: string;
  readonly actionId?: string;
  readonly key?: string;
  readonly transitionId?: string;
  readonly eventId?: string;
  readonly raisedData?: Json;
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
  readonly responseStatus?: number;
  /** As it came; the incident shows it masked. */
  readonly response?: Response;
  readonly tries?: number;
  readonly severity?: "critical";
  /** Whether the instance waits for its resolution. An ended instance never does. */
  readonly suspends: boolean;
}

export function openIncident(turn: Turn, token: Token, report: IncidentReport): void {
  const { draft } = turn;
  const known = draft.incidents.find((incident) => isAbout(incident, token, report));
  if (known !== undefined) {
    restate(turn, known, report);
    return;
  }
  draft.counters.incidents += 1;
  const incident: Incident = {
    incidentId: `${draft.instanceId}/incident-${draft.counters.incidents}`,
    tokenId: token.tokenId,
    state: token.stateId,
    code: report.code,
    message: report.message,
    suspends: report.suspends && !hasEnded(draft),
    openedAt: turn.nowText,
  };
  if (report.actionId !== undefined) incident.actionId = report.actionId;
  if (report.key !== undefined) incident.key = report.key;
  if (report.transitionId !== undefined) incident.transitionId = report.transitionId;
  if (report.eventId !== undefined) incident.eventId = report.eventId;
  if (report.raisedData !== undefined) incident.raisedData = report.raisedData;
  if (report.violations !== undefined)
    incident.violations = report.violations.map(({ path, message }) => ({ path, message }));
  if (report.responseStatus !== undefined) incident.responseStatus = report.responseStatus;
  if (report.response !== undefined)
    incident.response = maskResponse(report.response, draft.data, turn.machine.sensitive);
  if (report.tries !== undefined) incident.tries = report.tries;
  if (report.severity !== undefined) incident.severity = report.severity;
  draft.incidents.push(incident);
  refreshStatus(turn);
  turn.effects.push({ kind: "incident", incident: { ...incident } });
  record(turn, "incident-opened", {
    incidentId: incident.incidentId,
    code: incident.code,
    message: incident.message,
    suspends: incident.suspends,
  });
  log(turn, "error", `Incident in state "${incident.state}": ${incident.message}`, {
    incidentId: incident.incidentId,
    code: incident.code,
  });
  // A notice about a notice that nobody takes would go to the same nobody.
  if (incident.code === "CALLBACK_FAILED") return;
  emitNotice(turn, "incident-opened", {
    incidentId: incident.incidentId,
    state: incident.state,
    code: incident.code,
    message: incident.message,
  });
}

/** The same trouble in the same place, found again, is one incident. */
function isAbout(incident: Incident, token: Token, report: IncidentReport): boolean {
  return (
    report.suspends &&
    incident.suspends &&
    incident.tokenId === token.tokenId &&
    incident.code === report.code &&
    incident.actionId === report.actionId &&
    incident.transitionId === report.transitionId &&
    incident.eventId === report.eventId
  );
}

function restate(turn: Turn, incident: Incident, report: IncidentReport): void {
  incident.message = report.message;
  if (report.violations !== undefined) {
    incident.violations = report.violations.map(({ path, message }) => ({ path, message }));
  }
  turn.effects.push({ kind: "incident", incident: { ...incident } });
}

/** Closes the incidents that hold a token, and lets the instance go on when nothing else suspends it. */
export function closeIncidents(turn: Turn, token: Token, resolution: string): void {
  if (turn.draft.incidents.length === 0) return;
  const holding = turn.draft.incidents.filter(
    (incident) => incident.tokenId === token.tokenId && incident.suspends,
  );
  for (const incident of holding) closeIncident(turn, incident, resolution);
}

export function closeIncident(turn: Turn, incident: Incident, resolution: string): void {
  const { draft } = turn;
  draft.incidents = draft.incidents.filter((other) => other !== incident);
  turn.effects.push({ kind: "incident", incident: { ...incident, closedAt: turn.nowText, resolution } });
  record(turn, "incident-closed", { incidentId: incident.incidentId, resolution });
  refreshStatus(turn);
}

/** A live instance is suspended while an operator or an incident holds it, and active otherwise. */
export function refreshStatus(turn: Turn): void {
  const { draft } = turn;
  if (hasEnded(draft)) return;
  const isHeld = draft.suspension !== undefined || draft.incidents.some((incident) => incident.suspends);
  draft.status = isHeld ? "suspended" : "active";
}
