/** The instance as the JSON document that people read: the shape of the instance files. */
import { currentStateData } from "./data/data-rules.js";
import { maskData } from "./data/mask.js";
import type { Json, JsonObject } from "./json/json.js";
import type { Machine } from "./model/machine.js";
import type { InstanceStatus, Snapshot, Visit } from "./model/snapshot.js";
import { innermostTokens } from "./step/tokens/token-tree.js";

export interface InstanceDocument {
  readonly instanceId: string;
  readonly stateMachineId: string;
  readonly version: number;
  /** The instance that waits for this one to end. */
  readonly parent?: string;
  /** Of the first innermost token, in document order. */
  readonly currentState: string;
  /** The states of all innermost tokens, only where there are several. */
  readonly activeStates?: readonly string[];
  readonly status: InstanceStatus;
  /** Its parent has rolled back, and had what it did undone; what could not be has an incident. */
  readonly outcome?: "compensating" | "compensated";
  readonly reason?: string;
  readonly startTime: string;
  readonly lastUpdated: string;
  readonly seq: number;
  readonly data: JsonObject;
  readonly currentStateData: JsonObject;
  readonly variables: JsonObject;
  readonly history: readonly Visit[];
  readonly incidents?: readonly JsonObject[];
}

/** `closedVisits` in their order; what the definition calls sensitive is masked unless it is to be revealed. */
export function instanceDocument(
  machine: Machine,
  snapshot: Snapshot,
  closedVisits: readonly Visit[],
  options: { readonly reveal?: boolean } = {},
): InstanceDocument {
  const show = (data: JsonObject): JsonObject =>
    options.reveal === true ? data : maskData(data, machine.sensitive);
  const places = innermostTokens(snapshot);
  const state = machine.states.get(places[0]?.stateId ?? "");
  const openVisits = snapshot.tokens
    // One on its way from a state that stays as it is has made no visit there.
    .filter(({ visit }) => visit.ordinal >= 0)
    .map((token): Visit => {
      const visited = machine.states.get(token.stateId);
      return { ...token.visit, data: visited === undefined ? {} : currentStateData(visited, snapshot.data) };
    });
  return {
    instanceId: snapshot.instanceId,
    stateMachineId: snapshot.stateMachineId,
    version: snapshot.version,
    ...(snapshot.parent === undefined ? {} : { parent: snapshot.parent.instanceId }),
    currentState: places[0]?.stateId ?? "",
    ...(places.length > 1 ? { activeStates: places.map((token) => token.stateId) } : {}),
    status: snapshot.status,
    ...outcomeOf(snapshot),
    ...(snapshot.reason === undefined ? {} : { reason: snapshot.reason }),
    startTime: snapshot.startedAt,
    lastUpdated: snapshot.updatedAt,
    seq: snapshot.seq,
    data: show(snapshot.data),
    currentStateData: show(state === undefined ? {} : currentStateData(state, snapshot.data)),
    variables: snapshot.variables,
    history: [...closedVisits, ...openVisits].map((visit) => shownVisit(visit, show)),
    ...(snapshot.incidents.length > 0
      ? { incidents: snapshot.incidents as unknown as readonly JsonObject[] }
      : {}),
  };
}

function outcomeOf({ undo }: Snapshot): Pick<InstanceDocument, "outcome"> {
  if (undo === undefined) return {};
  return { outcome: undo.stage === "over" ? "compensated" : "compensating" };
}

/** A visit in the order in which people read it. */
function shownVisit(visit: Visit, show: (data: JsonObject) => JsonObject): Visit {
  const { ordinal, state, token, enteredAt, exitedAt, transitionId, event, actor, data, actions } = visit;
  return {
    ordinal,
    state,
    ...(token === undefined ? {} : { token }),
    enteredAt,
    ...(exitedAt === undefined ? {} : { exitedAt }),
    ...(transitionId === undefined ? {} : { transitionId }),
    ...(event === undefined ? {} : { event }),
    actor,
    ...(data === undefined ? {} : { data: show(data) }),
    actions: actions.map(({ actionId, phase, status, startedAt, ...rest }) => ({
      actionId,
      phase,
      status,
      startedAt,
      ...rest,
    })),
  };
}

/** The document as the mirrored files have it: three statuses, `suspended` counts as active, `cancelled` as error. */
export function mirroredDocument(document: InstanceDocument): JsonObject {
  const status = mirroredStatus(document.status);
  const reason = document.reason ?? (status === document.status ? undefined : document.status);
  return {
    ...(document as unknown as { [name: string]: Json }),
    status,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function mirroredStatus(status: InstanceStatus): "active" | "completed" | "error" {
  switch (status) {
    case "active":
    case "suspended":
      return "active";
    case "completed":
      return "completed";
    case "error":
    case "cancelled":
      return "error";
  }
}
