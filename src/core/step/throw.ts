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
import { handleStateFailure } from "./failure/handle-failure.js";
import { selectThrown } from "./select.js";
import { takeTransition } from "./take.js";
import { emitLink, record, stateOf, type Turn } from "./turn.js";

/** True while the token goes on where it is; false when what it threw has moved it, or ended it. */
export function throwAndEmit(turn: Turn, token: Token): boolean {
  const state = stateOf(turn, token);
  const { visit } = token;
  if (state.emits !== undefined) emit(turn, token, state, state.emits);
  if (isGone(turn, token, visit)) return false;
  if (state.throws !== undefined) throwOutwards(turn, token, state.throws);
  return !isGone(turn, token, visit);
}

function isGone({ draft }: Turn, token: Token, visit: Token["visit"]): boolean {
  if (!draft.tokens.includes(token)) return true;
  return token.visit !== visit || token.phase === "leaving" || token.phase === "exiting";
}

function emit(turn: Turn, token: Token, { stateId }: StateModel, emission: EmissionModel): void {
  try {
    const scope = expressionScope(turn, { stateId });
    const payload = emission.payload.render(scope);
    const data: JsonObject = isJsonObject(payload) ? payload : { payload };
    const to = emission.to?.render(scope);
    record(turn, "emitted", { state: stateId, [emission.kind]: emission.name });
    if (emission.kind === "signal") {
      emitLink(turn, emission.name, { kind: "broadcast", signal: emission.name, data });
      return;
    }
    emitLink(turn, emission.name, {
      kind: "send-message",
      message: emission.name,
      data,
      ...(typeof to === "string" ? { to } : {}),
    });
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    handleStateFailure(turn, token, {
      code: "TEMPLATE_ERROR",
      message: `What state "${stateId}" emits: ${error.message}`,
      isFinal: true,
    });
  }
}

function throwOutwards(turn: Turn, token: Token, thrown: Thrown): void {
  record(turn, "thrown", { state: token.stateId, [thrown.kind]: thrown.code });
  if (thrown.kind === "error") {
    const failure: Failure = {
      code: thrown.code,
      message: `State "${token.stateId}" ended with the error "${thrown.code}".`,
      isFinal: true,
    };
    handleStateFailure(turn, token, failure);
    return;
  }
  const eventId = `escalation.${thrown.code}`;
  const selection = selectThrown(turn, token, [eventId, "escalation"], { event: { id: eventId, data: {} } });
  // One that nobody catches is no error: the trail has it, and the thrower goes on.
  if (selection.kind !== "enabled") return;
  takeTransition(turn, selection.token, selection.transition, {
    origin: "inside",
    eventId,
    actor: turn.command.actor,
    eventData: {},
    variables: {},
    errorData: {},
  });
}
