/**
 * Processes under load are killed at random moments, in their boot as well as amid their work; then everything is
 * counted. The moments are drawn from a seed; what the processes do in them is as random as it is in life.
 *
 * `CRASH_KILLS` (100, those amid work) makes a long run of it, `CRASH_SECONDS` ends it after so long (and without
 * `CRASH_KILLS`, only that ends it), `CRASH_SEED` (1) draws other moments: `npm run crash` says them.
 */
import { expect, test } from "vitest";
import { type KillTally, runKillCampaign } from "./kill-campaign.js";
import { isBuilt } from "./transfer-process.js";

const SECONDS = numberFrom("CRASH_SECONDS", Number.POSITIVE_INFINITY);
const KILLS = numberFrom("CRASH_KILLS", Number.isFinite(SECONDS) ? Number.MAX_SAFE_INTEGER : 100);
const SEED = numberFrom("CRASH_SEED", 1);
/** Places that are used at the same time, each with a bank of its own: a boot takes one core. */
const PLACES = 2;
const PROGRESS_EVERY = 50;
/** What ends the last lives and counts everything, and a kill, at the most, on a machine that has much else to do. */
const END_MS = 180_000;
const KILL_MS = 12_000;

/** What there must be of each for every kill amid work, or the kills have hit processes that do too little. */
const FLOORS = {
  acknowledged: 15,
  inBoot: 0.05,
  writing: 0.005,
  syncing: 0.005,
  answeredAgain: 0.02,
  repeatedCalls: 0.05,
} as const satisfies Partial<Record<keyof KillTally, number>>;
/** Of fewer, rates say nothing. */
const FEWEST_KILLS = 50;

test.skipIf(!isBuilt)(
  "processes that are killed at random moments lose and double nothing",
  { timeout: END_MS + Math.min(KILLS * KILL_MS, SECONDS * 2_000, 1_000_000_000) },
  async () => {
    const startedAtMs = performance.now();
    const tally = await runInPlaces(startedAtMs + SECONDS * 1_000);
    console.log(describe(tally, (performance.now() - startedAtMs) / 1_000));
    expect({ lost: tally.lost, doubled: tally.doubled }).toEqual({ lost: 0, doubled: 0 });
    expect(tally.amidWork).toBeGreaterThan(0);
    expect(tally.acknowledged).toBeGreaterThan(0);
    expect(belowFloor(tally)).toEqual([]);
  },
);

async function runInPlaces(lastStartMs: number): Promise<KillTally> {
  let killsAmidWork = 0;
  const onKillAmidWork = () => {
    killsAmidWork += 1;
    if (killsAmidWork % PROGRESS_EVERY === 0 && killsAmidWork < KILLS)
      console.error(`${killsAmidWork} kills amid work`);
  };
  const shares = Array.from({ length: PLACES }, (_, index) => Math.floor((KILLS + index) / PLACES));
  // All are awaited, so that a failure leaves no process of another place behind.
  const ended = await Promise.allSettled(
    shares.map((kills, index) =>
      runKillCampaign({ kills, lastStartMs, seed: SEED + index / PLACES, onKillAmidWork }),
    ),
  );
  const tallies: KillTally[] = [];
  for (const end of ended) {
    if (end.status === "rejected") throw end.reason;
    tallies.push(await end.value());
  }
  return tallies.reduce(sumOf);
}

function sumOf(one: KillTally, other: KillTally): KillTally {
  const names = Object.keys(one) as (keyof KillTally)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as KillTally;
}

/** What there was too little of. */
function belowFloor(tally: KillTally): string[] {
  if (tally.amidWork < FEWEST_KILLS) return [];
  const names = Object.keys(FLOORS) as (keyof typeof FLOORS)[];
  return names.flatMap((name) => {
    const least = FLOORS[name] * tally.amidWork;
    return tally[name] < least ? [`${name}: ${tally[name]}, at least ${least} were due`] : [];
  });
}

function describe(tally: KillTally, seconds: number): string {
  const { amidWork, inBoot, idle, writing, syncing } = tally;
  return [
    `${amidWork + inBoot + idle} kills (seed ${SEED}): ${amidWork} amid work, ${inBoot} in boot, ${idle} idle; ` +
      `${writing + syncing} inside a transaction (${writing} while its rows were written, ${syncing} on its way to the disk)`,
    `${tally.acknowledged} acknowledged transitions of ${tally.transfers} transfers: ` +
      `${tally.lost} lost, ${tally.doubled} doubled; ` +
      `${tally.answeredAgain} answers given again, ${tally.repeatedCalls} calls repeated under their key`,
    `${seconds.toFixed(1)} seconds`,
  ].join("\n");
}

function numberFrom(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (!(value >= 0)) throw new RangeError(`${name} is "${text}", which is not a number from 0.`);
  return value;
}
