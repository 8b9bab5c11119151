/** What a run did, counted, so that a campaign that did nothing cannot pass. */
export const NOTHING_DONE = {
  acknowledged: 0,
  repeated: 0,
  refused: 0,
  commits: 0,
  kills: 0,
  crashesInCommit: 0,
  crashesAtPoints: 0,
  lostAnswers: 0,
  failedCommits: 0,
  failedReads: 0,
  conflicts: 0,
  fenced: 0,
  duplicates: 0,
  lateResults: 0,
  effectsApplied: 0,
  noticesTaken: 0,
  timersFired: 0,
  incidents: 0,
  jumps: 0,
  pauses: 0,
  takeovers: 0,
  stops: 0,
  setBacks: 0,
  outages: 0,
  fullDisks: 0,
  falseConflicts: 0,
  mismatches: 0,
  children: 0,
  broadcasts: 0,
  signals: 0,
  messages: 0,
  callbacks: 0,
  lateCallbacks: 0,
  forgedCallbacks: 0,
  rollbacks: 0,
  childrenUndone: 0,
};

export type WorkDone = { [name in keyof typeof NOTHING_DONE]: number };

export function addWork(sum: WorkDone, work: WorkDone): void {
  for (const name of Object.keys(sum) as (keyof WorkDone)[]) sum[name] += work[name];
}
