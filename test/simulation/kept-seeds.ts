/**
 * Seeds that once showed something, each with what it was; they are run first. A seed's meaning changes when what is drawn
 * changes, so what it showed is also told as small as it can be in `found-faults.test.ts`.
 */
import type { FaultName } from "./world/fault-mix.js";

export interface KeptSeed {
  readonly seed: number;
  readonly why: string;
  /** The faults that are left out, where fewer are enough. */
  readonly leftOut?: readonly FaultName[];
}

export const KEPT_SEEDS: readonly KeptSeed[] = [
  {
    seed: 1084166,
    why: "A history that led back into an interrupting event sub-process found its scope open to another one.",
  },
  {
    seed: 1035339,
    why: "A try that was let go of before it was sent was sent all the same, and an engine that stopped waited for it for ever.",
  },
  {
    seed: 10757,
    why: "An engine that stopped looked without end at the broadcast that it would not make any more.",
    leftOut: ["readFails", "crashAfterCommit", "requestLost", "resetAfterApplying", "refuses", "asksToWait"],
  },
  {
    seed: 3947,
    why: "A timer that repeats was fired twice by two owners, and the second time was four hours early.",
    leftOut: ["readFails", "commitFails", "refuses", "breaks", "asksToWait", "setBack", "outage", "diskFull"],
  },
  {
    seed: 89,
    why: "A child fails while an operator holds its parent: what to do is decided when it goes on.",
  },
];
