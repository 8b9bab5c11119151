/** What an instance keeps of what could be undone, as plain JSON in its snapshot. */
import type { JsonObject } from "../json/json.js";

/** One action that was completed, and what undoes it. */
export interface Compensation {
  /** Counts up over the life of the instance. */
  number: number;
  /** The compensating action; absent for a child instance. */
  actionId?: string;
  /** The action that it undoes, or the child instance. */
  undoes: string;
  tokenId: string;
  lineage: Lineage;
  state: string;
  /** Ordinal of the visit in which the action ran. */
  visit: number;
  seq: number;
  /** What the compensating action sends, rendered when the action was completed. */
  request?: JsonObject;
  /** How large that is as canonical text. */
  bytes?: number;
  /** Why there is no request. */
  problem?: string;
  /** It was tried and has failed, or was cut short: its incident decides. */
  incidentId?: string;
  /** The rollback that was to run it was cut short: whoever rolls back further takes it, else an incident names it. */
  isCutShort?: boolean;
}

/** By scope, from the token outwards: the token there, and those that it came from by forks. */
export type Lineage = { [scopeId: string]: string[] };

export interface Before {
  was: JsonObject;
  absent: string[];
}

/** What a parent has asked for, and how far it is. */
export interface AskedUndo {
  /** Of the link that asked: the answer names it. */
  key: string;
  /** - `asked`: last actions end first; `begun`: compensations are under way; `over`: the parent was told */
  stage: "asked" | "begun" | "over";
  /** What of its own children could not be undone, and is held by their incidents. */
  notUndone: number;
}
