/** Escalating: an event raised because time has run out, for whoever in the instance waits for it; else for people. */
import type { Failure } from "../../message/failure.js";
import type { Token } from "../../model/snapshot.js";
import { emitNotice } from "../notices.js";
import { selectThrown } from "../transition/select.js";
import { takeTransition } from "../transition/take.js";
import { record, type Turn } from "../turn.js";
import { type IncidentReport, openIncident } from "./incidents.js";

/** The event that is raised where the definition names none. */
export const ESCALATION = "escalation";

/** Raises the event from the token outwards; true when a transition on it was taken. */
export function escalate(turn: Turn, token: Token, eventId: string): boolean {
  record(turn, "thrown", { state: token.stateId, escalation: eventId });
  const selection = selectThrown(turn, token, [eventId], { event: { id: eventId, data: {} } });
  if (selection.kind !== "enabled") return false;
  takeTransition(turn, selection.token, selection.transition, {
    origin: "inside",
    eventId,
    actor: "system",
    eventData: {},
    variables: {},
    errorData: {},
  });
  return true;
}

/** Nobody inside has taken it: people are told, and the incident holds the token until they have looked. */
export function escalateToPeople(
  turn: Turn,
  token: Token,
  failure: Failure,
  details: Pick<IncidentReport, "actionId" | "tries"> = {},
): void {
  const { code, message } = failure;
  emitNotice(turn, "notification", { state: token.stateId, code, message, severity: "critical" });
  openIncident(turn, token, { code, message, ...details, severity: "critical", suspends: true });
}
