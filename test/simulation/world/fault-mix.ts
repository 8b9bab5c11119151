import type { Draw } from "./draw.js";

/** What goes wrong in one run, and how often: chances from 0 to 1, most of one operation, the last ones of one step. */
export interface FaultMix {
  readonly readFails: number;
  readonly storeIsSlow: number;
  readonly commitFails: number;
  readonly answerOfCommitLost: number;
  readonly crashBeforeCommit: number;
  readonly crashAfterCommit: number;
  readonly crashAtPoint: number;
  readonly requestLost: number;
  readonly resetAfterApplying: number;
  readonly hangs: number;
  readonly networkIsSlow: number;
  readonly requestDuplicated: number;
  readonly refuses: number;
  readonly breaks: number;
  readonly asksToWait: number;
  readonly clientAnswerLost: number;
  readonly kill: number;
  readonly pause: number;
  readonly jump: number;
  readonly takeover: number;
  readonly stop: number;
  /** The clock is set back. */
  readonly setBack: number;
  /** For a while the store answers nothing. */
  readonly outage: number;
  /** For a while there is no room for commits. */
  readonly diskFull: number;
  /** A commit is told that somebody else was first, and is not written. */
  readonly conflicts: number;
}

export type FaultName = keyof FaultMix;

/** The most that a mix may have of each. */
const MOST: FaultMix = {
  readFails: 0.1,
  storeIsSlow: 0.2,
  commitFails: 0.15,
  answerOfCommitLost: 0.2,
  crashBeforeCommit: 0.05,
  crashAfterCommit: 0.05,
  crashAtPoint: 0.03,
  requestLost: 0.2,
  resetAfterApplying: 0.3,
  hangs: 0.15,
  networkIsSlow: 0.3,
  requestDuplicated: 0.3,
  refuses: 0.05,
  breaks: 0.25,
  asksToWait: 0.15,
  clientAnswerLost: 0.3,
  kill: 0.015,
  pause: 0.01,
  jump: 0.01,
  takeover: 0.01,
  stop: 0.006,
  setBack: 0.01,
  outage: 0.006,
  diskFull: 0.006,
  conflicts: 0.05,
};

const FAULT_NAMES = Object.keys(MOST) as FaultName[];

export const NO_FAULTS_AT_ALL: FaultMix = mapRates(() => 0);

/** A mix of its own for each seed: about half of the faults are left out, so that each is also met alone. */
export function drawFaultMix(draw: Draw): FaultMix {
  return mapRates((most) => (draw.chance(0.5) ? 0 : most * draw.fraction()));
}

/** The faults of a mix, in the order of their rates' names. */
export function faultsIn(mix: FaultMix): readonly FaultName[] {
  return FAULT_NAMES.filter((name) => mix[name] > 0);
}

/** The mix with some faults left out. */
export function withoutFaults(mix: FaultMix, names: ReadonlySet<FaultName>): FaultMix {
  return Object.fromEntries(
    FAULT_NAMES.map((name) => [name, names.has(name) ? 0 : mix[name]]),
  ) as unknown as FaultMix;
}

function mapRates(rate: (most: number) => number): FaultMix {
  return Object.fromEntries(
    Object.entries(MOST).map(([name, most]) => [name, rate(most)]),
  ) as unknown as FaultMix;
}
