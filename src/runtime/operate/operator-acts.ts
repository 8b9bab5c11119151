/** What operators do, as requests: each becomes one command, and means something for some instances only. */
import type { JsonObject } from "../../core/json/json.js";
import type { OperatorCommand } from "../../core/message/command.js";
import type { Snapshot } from "../../core/model/snapshot.js";

export type OperatorRequest =
  | { readonly act: "cancel" | "suspend" | "resume" }
  /** `incidentId`: this one alone. */
  | { readonly act: "retry" | "skip"; readonly incidentId?: string }
  | ({ readonly act: "set" } & DataChange)
  | ({ readonly act: "migrate" } & Migration);

/** Literal values; `unset` takes properties of data out. */
export interface DataChange {
  readonly data?: JsonObject;
  readonly variables?: JsonObject;
  readonly unset?: readonly string[];
}

export interface Migration {
  readonly stateMachineId: string;
  /** The version that is left, and the one that is gone to. */
  readonly from: number;
  readonly to: number;
  readonly plan?: MigrationPlan;
}

export interface MigrationPlan {
  /** Old state → new state; what is not named keeps its name. */
  readonly states?: { readonly [stateId: string]: string };
  /** Templates over the instance as it is: what properties become. */
  readonly data?: JsonObject;
  readonly variables?: JsonObject;
  readonly unset?: readonly string[];
}

/** A command without its randomness, which the runtime draws. */
export type OperatorDraft = OperatorCommand extends infer C
  ? C extends OperatorCommand
    ? Omit<C, "random">
    : never
  : never;

export interface OperatorFacts {
  readonly reason?: string;
  readonly actor?: string;
  readonly source?: string;
}

export function operatorDraft(request: OperatorRequest, facts: OperatorFacts): OperatorDraft {
  const { reason = "", actor = "anonymous", source = "library" } = facts;
  const shared = { type: "operator", reason, actor, source } as const;
  switch (request.act) {
    case "set": {
      const { data = {}, variables = {}, unset = [] } = request;
      return { ...shared, act: "set", data, variables, unset };
    }
    case "migrate": {
      const { from, to, plan = {} } = request;
      const { states = {}, data = {}, variables = {}, unset = [] } = plan;
      return { ...shared, act: "migrate", from, to, states, data, variables, unset };
    }
    case "retry":
    case "skip": {
      const { act, incidentId } = request;
      return { ...shared, act, ...(incidentId === undefined ? {} : { incidentId }) };
    }
    default:
      return { ...shared, act: request.act };
  }
}

/** Whether a filter means such an instance: what the act has nothing to do with is passed over. */
export function isMeant(request: OperatorRequest, snapshot: Snapshot): boolean {
  const isLive = snapshot.status === "active" || snapshot.status === "suspended";
  switch (request.act) {
    case "cancel":
    case "set":
      return isLive;
    case "suspend":
      return isLive && snapshot.suspension === undefined;
    case "resume":
      return snapshot.suspension !== undefined;
    case "retry":
    case "skip":
      return snapshot.incidents.length > 0;
    case "migrate":
      return (
        isLive && snapshot.stateMachineId === request.stateMachineId && snapshot.version === request.from
      );
  }
}
