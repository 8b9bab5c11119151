/**
 * Many runs, one seed after the other, and a floor for the work that they must have done.
 *
 * What is run is said by the environment: `SIM_SEED` one seed alone; `SIM_SEEDS` how many (2,000), `SIM_FROM` the first
 * (1); `SIM_SECONDS` begins no further run after that time; `SIM_STORE` the store (`memory` or `sqlite`). Even and odd seeds
 * are two halves, which run beside each other.
 */
import { describeFailure, runSeed } from "./run-seed.js";
import { describeMix, shrink } from "./shrink.js";
import type { StoreKind } from "./world/backing.js";
import { addWork, NOTHING_DONE, type WorkDone } from "./world/work-done.js";

export type Half = "even" | "odd";

export interface CampaignSettings {
  readonly seeds: readonly number[];
  readonly store: StoreKind;
  readonly name: string;
}

export interface Campaign {
  readonly runs: number;
  readonly work: WorkDone;
  /** One text for each run that went wrong. */
  readonly failures: readonly string[];
  /** One line for people. */
  readonly summary: string;
}

const DEFAULT_SEEDS = 2_000;
/** More of the same would only hide the first. */
const MOST_FAILURES = 3;

export function runHalf(half: Half): Promise<Campaign> {
  const store = process.env.SIM_STORE === "sqlite" ? "sqlite" : "memory";
  return runCampaign({ seeds: seedsOf(half), store, name: `${half} seeds` });
}

export async function runCampaign({ seeds, store, name }: CampaignSettings): Promise<Campaign> {
  const startedAtMs = performance.now();
  const lastStartMs = startedAtMs + numberFrom("SIM_SECONDS", Number.POSITIVE_INFINITY) * 1_000;
  const work = { ...NOTHING_DONE };
  const failures: string[] = [];
  let runs = 0;
  let virtualMs = 0;
  for (const seed of seeds) {
    if (performance.now() > lastStartMs || failures.length >= MOST_FAILURES) break;
    const run = await runSeed(seed, { store });
    runs += 1;
    virtualMs += run.virtualMs;
    addWork(work, run.work);
    if (run.violation === undefined) continue;
    // Told at once: a long campaign need not end before somebody looks.
    console.error(describeFailure(run));
    failures.push(`${describeFailure(run)}\n${describeMix(await shrink(run))}`);
  }
  const summary = describeCampaign(
    `${name} on ${store}`,
    runs,
    performance.now() - startedAtMs,
    virtualMs,
    work,
  );
  return { runs, work, failures, summary };
}

/** What each run does on average, at the least; several times less than is usual. */
const FLOOR: WorkDone = {
  acknowledged: 6,
  repeated: 4,
  refused: 2,
  commits: 12,
  kills: 2,
  crashesInCommit: 0.3,
  crashesAtPoints: 0.4,
  lostAnswers: 0.6,
  failedCommits: 0.5,
  failedReads: 2,
  conflicts: 0.01,
  fenced: 0.15,
  duplicates: 0.6,
  lateResults: 0.03,
  effectsApplied: 6,
  noticesTaken: 3,
  timersFired: 0.8,
  incidents: 0.04,
  jumps: 0.3,
  pauses: 0.5,
  takeovers: 0.3,
  stops: 0.2,
  setBacks: 0.3,
  outages: 0.2,
  fullDisks: 0.2,
  falseConflicts: 0.05,
  mismatches: 0.1,
  children: 0.25,
  broadcasts: 0.3,
  signals: 0.3,
  messages: 0.04,
  callbacks: 0.04,
  lateCallbacks: 0.005,
  forgedCallbacks: 0.02,
  rollbacks: 0.1,
  childrenUndone: 0.06,
};

/** Averages of a few runs say nothing, those of some dozens little. */
const FEWEST_RUNS = 50;
const MANY_RUNS = 500;

/** What there was too little of; nothing to say about a short campaign. */
export function belowFloor({ runs, work }: Campaign): string[] {
  if (runs < FEWEST_RUNS) return [];
  const counted = runs < MANY_RUNS ? runs / 2 : runs;
  return (Object.keys(FLOOR) as (keyof WorkDone)[])
    .filter((name) => work[name] < FLOOR[name] * counted)
    .map((name) => `${name}: ${work[name]} in ${runs} runs, at least ${FLOOR[name] * counted} were due`);
}

function seedsOf(half: Half): number[] {
  const first = numberFrom("SIM_SEED", numberFrom("SIM_FROM", 1));
  const count = process.env.SIM_SEED === undefined ? numberFrom("SIM_SEEDS", DEFAULT_SEEDS) : 1;
  return Array.from({ length: count }, (_, index) => first + index).filter(
    (seed) => (seed % 2 === 0) === (half === "even"),
  );
}

function numberFrom(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (!(value >= 0)) throw new RangeError(`${name} is "${text}", which is not a number from 0.`);
  return value;
}

function describeCampaign(
  name: string,
  runs: number,
  tookMs: number,
  virtualMs: number,
  work: WorkDone,
): string {
  const rate = ((runs * 1_000) / tookMs).toFixed(1);
  const speed = Math.round(virtualMs / tookMs).toLocaleString("en");
  const counts = Object.entries(work).map(([name, count]) => `${name} ${count}`);
  return `${runs} ${name}, ${rate} a second, ${speed} times as fast as time: ${counts.join(", ")}`;
}
