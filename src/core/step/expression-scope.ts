/** What expressions and templates see during a turn. */
import type { Scope, Value } from "../expression/scope.js";
import type { Json, JsonObject } from "../json/json.js";
import type { Turn } from "./turn.js";

export interface ScopeExtras {
  /** Overlays the instance's data: an event's own. */
  readonly data?: JsonObject;
  readonly event?: { readonly id: string; readonly data: Json };
  readonly response?: Json;
  /** The state the expression belongs to. */
  readonly stateId?: string;
}

export function expressionScope(turn: Turn, extras: ScopeExtras = {}): Scope {
  const { draft } = turn;
  const roots: { [name: string]: Value } = {
    data: extras.data === undefined ? draft.data : { ...draft.data, ...extras.data },
    variables: draft.variables,
    instance: {
      instanceId: draft.instanceId,
      stateMachineId: draft.stateMachineId,
      version: draft.version,
      status: draft.status,
      startTime: draft.startedAt,
      seq: draft.seq,
    },
    actions: draft.actions as unknown as JsonObject,
  };
  if (extras.stateId !== undefined) roots.state = extras.stateId;
  if (extras.event !== undefined) roots.event = { id: extras.event.id, data: extras.event.data };
  if (extras.response !== undefined) roots.response = extras.response;
  return {
    roots,
    nowMs: turn.nowMs,
    uuid: () => turn.random.uuid(),
    inState: (stateId) => draft.tokens.some((token) => token.stateId === stateId),
  };
}
