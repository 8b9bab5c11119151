/** The actions `raise` and `cancel`: an event from inside, at once, behind what has arrived, or after a delay. */
import { parseDuration } from "../../duration/parse-duration.js";
import type { Json, JsonObject } from "../../json/json.js";
import type { Failure } from "../../message/failure.js";
import type { ActionModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import { callOff, MAX_RAISED, raise, raiseBehind, raiseLater } from "../raised.js";
import { hasEnded, type Turn } from "../turn.js";
import { actionScope } from "./action-scope.js";
import { asObject } from "./tries.js";

/** A failure when what the templates gave cannot be raised. Throws `EvaluationError`. */
export function raiseEvent(turn: Turn, token: Token, action: ActionModel): Failure | undefined {
  const config = asObject(action.request.render(actionScope(turn, token)));
  const { event: eventId, data = null, delay, queue } = config;
  if (typeof eventId !== "string" || eventId === "")
    return unfit(action, `"event" must give the id of an event`);
  if (hasEnded(turn.draft)) return undefined;
  if (waiting(turn) >= MAX_RAISED) {
    return { ...unfit(action, `${MAX_RAISED} events wait for their turn already`), code: "LIMIT_EXCEEDED" };
  }
  const event = { eventId, data };
  if (delay !== undefined && delay !== "") return raiseAfter(turn, action, event, config);
  if (queue === "external") raiseBehind(turn, event);
  else raise(turn, event);
  return undefined;
}

export function cancelRaised(turn: Turn, token: Token, action: ActionModel): Failure | undefined {
  const { id } = asObject(action.request.render(actionScope(turn, token)));
  if (typeof id !== "string" && typeof id !== "number")
    return unfit(action, `"id" must give the id of a raised event`);
  callOff(turn, String(id));
  return undefined;
}

function raiseAfter(
  turn: Turn,
  action: ActionModel,
  event: { readonly eventId: string; readonly data: Json },
  { delay, id }: JsonObject,
): Failure | undefined {
  const parsed = typeof delay === "string" ? parseDuration(delay) : undefined;
  if (parsed?.ok !== true) return unfit(action, `"delay" must give an ISO 8601 duration, for example PT10S`);
  const known = id === undefined || id === null ? {} : { id: String(id) };
  raiseLater(turn, { ...event, ...known }, parsed.duration.addTo(turn.nowMs));
  return undefined;
}

function waiting({ draft }: Turn): number {
  return Math.max(draft.raised?.length ?? 0, draft.delayed?.length ?? 0, draft.kept.length);
}

function unfit(action: ActionModel, what: string): Failure {
  return { code: "TEMPLATE_ERROR", message: `Action "${action.actionId}": ${what}.`, isFinal: true };
}
