/**
 * What others are told: the machine's callback handler (CloudEvents 1.0, in order) and an action's own callback.
 * Nobody waits for either, and a notice that cannot be made never harms the instance: it is recorded and left out.
 */

import { maskData } from "../data/mask.js";
import { EvaluationError } from "../expression/evaluation-error.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import type { ActionModel, CallbackModel } from "../model/machine.js";
import type { ActionRecord, Token } from "../model/snapshot.js";
import { expressionScope } from "./expression-scope.js";
import { emitDelivery, log, record, type Turn } from "./turn.js";

export type NoticeKind =
  | "state-changed"
  | "completed"
  | "error"
  | "cancelled"
  | "incident-opened"
  | "notification";

/** Tells the machine's callback handler, if it wants to know of this kind. */
export function emitNotice(turn: Turn, kind: NoticeKind, details: JsonObject): void {
  const handler = turn.machine.callbackHandler;
  if (handler === undefined) return;
  if (handler.events !== undefined && !handler.events.has(kind)) return;
  const { draft, machine } = turn;
  const event: JsonObject = {
    specversion: "1.0",
    id: `${draft.instanceId}/${draft.seq}.${turn.nextOrdinal}`,
    // A URI reference, whatever characters an id may come to have.
    source: `/machines/${encodeURIComponent(machine.stateMachineId)}/versions/${machine.version}`,
    type: `statewright.instance.${kind}`,
    subject: draft.instanceId,
    time: turn.nowText,
    datacontenttype: "application/json",
    data: {
      instanceId: draft.instanceId,
      stateMachineId: machine.stateMachineId,
      version: machine.version,
      seq: draft.seq,
      status: draft.status,
      ...details,
      data: maskData(draft.data, machine.sensitive),
    },
  };
  deliver(turn, handler, "global", kind, event, "application/cloudevents+json");
}

/** Tells an action's own callback how the action ended. */
export function emitActionCallback(turn: Turn, action: ActionModel, actionRecord: ActionRecord): void {
  if (action.callback === undefined) return;
  const body: { [name: string]: Json } = {
    instanceId: turn.draft.instanceId,
    stateMachineId: turn.machine.stateMachineId,
    actionId: action.actionId,
    status: actionRecord.status,
  };
  if (actionRecord.result !== undefined) body.result = actionRecord.result;
  if (actionRecord.error !== undefined) body.error = { ...actionRecord.error };
  deliver(turn, action.callback, "callback", action.actionId, body, "application/json");
}

export function noticeOfEntry(token: Token, fromState: string | undefined): JsonObject {
  const { visit } = token;
  const details: { [name: string]: Json } = {
    from: fromState ?? null,
    to: token.stateId,
    actor: visit.actor,
    enteredAt: visit.enteredAt,
  };
  if (visit.event !== undefined) details.event = visit.event;
  if (visit.transitionId !== undefined) details.transitionId = visit.transitionId;
  return details;
}

function deliver(
  turn: Turn,
  callback: CallbackModel,
  purpose: "global" | "callback",
  name: string,
  body: JsonObject,
  contentType: string,
): void {
  try {
    const scope = expressionScope(turn, { response: body });
    const masked = {
      ...scope,
      roots: { ...scope.roots, data: maskData(turn.draft.data, turn.machine.sensitive) },
    };
    const request = callback.request.render(masked);
    if (!isJsonObject(request)) return;
    emitDelivery(turn, name, {
      purpose,
      request: callback.hasPayload ? request : withBody(request, body, contentType),
    });
    record(turn, "delivery-queued", { purpose, name });
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    record(turn, "delivery-failed", { purpose, name, message: error.message });
    log(turn, "warn", `A ${purpose} notice could not be written: ${error.message}`, { name });
  }
}

function withBody(request: JsonObject, body: JsonObject, contentType: string): JsonObject {
  const headers = isJsonObject(request.headers ?? null) ? (request.headers as JsonObject) : {};
  const hasType = Object.keys(headers).some((header) => header.toLowerCase() === "content-type");
  return {
    ...request,
    payload: body,
    headers: hasType ? headers : { ...headers, "content-type": contentType },
  };
}
