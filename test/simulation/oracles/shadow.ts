import { FIRST_PREVIOUS_HASH } from "../../../src/core/audit/audit-entry.js";
import type { Snapshot } from "../../../src/core/model/snapshot.js";

/** What the oracles believe of one instance: the fold of the trail that they have seen, kept apart from the tables. */
export interface Shadow {
  seq: number;
  headHash: string;
  snapshot: Snapshot | undefined;
  /** Due times of the timers that the trail says are set. */
  readonly timers: Map<string, number>;
  /** Keys of the tries and deliveries that the trail says are to be made, by `seq.ordinal`. */
  readonly effects: Map<string, string>;
  readonly closedVisits: Set<number>;
}

export function newShadow(): Shadow {
  return {
    seq: 0,
    headHash: FIRST_PREVIOUS_HASH,
    snapshot: undefined,
    timers: new Map(),
    effects: new Map(),
    closedVisits: new Set(),
  };
}
