/**
 * What states throw and emit once their entry actions are done: errors and escalations go outwards until somebody catches
 * them, messages and signals go out to other instances with the commit.
 */
import { EvaluationError } from "../expression/evaluation-error.js";
import { isJsonObject, type JsonObject } from "../json/json.js";
import type { Failure } from "../message/failure.js";
import type { EmissionModel, StateModel, Thrown } from "../model/machine.js";
import type { Token } from "../model/snapshot.js";
import { expressionScope } from "./expression-scope.js";
import { countAutomaticStep } from "./failure/automatic-limit.js";
import { handleStateFailure } from "./failure/handle-failure.js";
import { closeIncident, openIncident } from "./failure/incidents.js";
import { selectThrown } from "./transition/select.js";
import { takeTransition } from "./transition/take.js";
import { emitLink, hasEnded, record, stateOf, type Turn } from "./turn.js";

/**
 * True while the token goes on where it is; false when what it threw has moved it, held it or ended it. What has been
 * emitted in an earlier round of the same entry is not emitted again.
 */
export function throwAndEmit(turn: Turn, token: Token, hasEmitted: boolean): boolean {
  const state = stateOf(turn, token);
  const { visit } = token;
  const emission = hasEmitted ? undefined : state.emits;
  const isHeldByEmission = emission !== undefined && emit(turn, token, state, emission);
  const mayThrow = !isHeldByEmission && !isGone(turn, token, visit) && state.throws !== undefined;
  // What held the token before it emitted is over, whatever the throw will do.
  if (mayThrow && emission !== undefined && state.child === undefined) closeEarlier(turn, token);
  const isHeld = isHeldByEmission || (mayThrow && throwOutwards(turn, token, state.throws));
  if (isGone(turn, token, visit)) return false;
  if (isHeld) holdEntry(turn, token, state.emits !== undefined && !isHeldByEmission);
  else if (state.child === undefined) closeEarlier(turn, token);
  return !isHeld;
}

/** When the incident that holds the token is retried, or data has changed, what follows the entry is done again, but for what has gone out. */
function holdEntry(turn: Turn, token: Token, hasEmitted: boolean): void {
  if (stateOf(turn, token).child !== undefined) return;
  token.phase = "entering";
  token.agenda = { actions: [], next: 0, isHeld: true, ...(hasEmitted ? { hasEmitted } : {}) };
  turn.unsettled.delete(token.tokenId);
}

/** This time it went well. */
function closeEarlier(turn: Turn, token: Token): void {
  for (const incident of turn.draft.incidents) {
    const isOfState = incident.actionId === undefined && incident.transitionId === undefined;
    if (incident.tokenId === token.tokenId && incident.suspends && isOfState)
      closeIncident(turn, incident, "it has been thrown and emitted");
  }
}

/** Something has moved the token, or ended it, since it made this visit. */
export function isGone({ draft }: Turn, token: Token, visit: Token["visit"]): boolean {
  if (!draft.tokens.includes(token)) return true;
  return token.visit !== visit || token.phase === "leaving" || token.phase === "exiting";
}

/** True when it failed, and an incident holds the token. */
function emit(turn: Turn, token: Token, { stateId }: StateModel, emission: EmissionModel): boolean {
  try {
    const scope = expressionScope(turn, { stateId });
    const payload = emission.payload.render(scope);
    const data: JsonObject = isJsonObject(payload) ? payload : { payload };
    const to = emission.to?.render(scope);
    record(turn, "emitted", { state: stateId, [emission.kind]: emission.name });
    if (emission.kind === "signal") {
      emitLink(turn, emission.name, { kind: "broadcast", signal: emission.name, data });
      return false;
    }
    emitLink(turn, emission.name, {
      kind: "send-message",
      message: emission.name,
      data,
      ...(typeof to === "string" ? { to } : {}),
    });
    return false;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    const failure = { code: "TEMPLATE_ERROR", message: `What state "${stateId}" emits: ${error.message}` };
    if (!hasEnded(turn.draft)) return handleStateFailure(turn, token, { ...failure, isFinal: true });
    openIncident(turn, token, { ...failure, suspends: false });
    return false;
  }
}

/** True when nobody has caught it, and an incident holds the token. */
function throwOutwards(turn: Turn, token: Token, thrown: Thrown): boolean {
  // An instance that has ended meanwhile has nobody left who could catch it.
  if (hasEnded(turn.draft)) return false;
  record(turn, "thrown", { state: token.stateId, [thrown.kind]: thrown.code });
  if (thrown.kind === "error") {
    const failure: Failure = {
      code: thrown.code,
      message: `State "${token.stateId}" ended with the error "${thrown.code}".`,
      isFinal: true,
    };
    return handleStateFailure(turn, token, failure);
  }
  const eventId = `escalation.${thrown.code}`;
  const selection = selectThrown(turn, token, [eventId, "escalation"], { event: { id: eventId, data: {} } });
  // One that nobody catches is no error: the trail has it, and the thrower goes on.
  if (selection.kind !== "enabled") return false;
  if (!countAutomaticStep(turn, token, selection.transition)) return true;
  takeTransition(turn, selection.token, selection.transition, {
    origin: "inside",
    eventId,
    actor: turn.command.actor,
    eventData: {},
    variables: {},
    errorData: {},
  });
  return false;
}
