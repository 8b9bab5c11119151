/**
 * Processes under load are killed at random moments, in their boot as well as amid their work; then everything is
 * counted. The moments are drawn from a seed; what the processes do in them is as random as it is in life.
 *
 * `CRASH_KILLS` (100) makes a long run of it, `CRASH_SEED` (1) draws other moments.
 */
import { expect, onTestFinished, test } from "vitest";
import { type Counted, checkTransfers } from "./check-transfers.js";
import { type Draw, drawFrom } from "./draw.js";
import { LedgerBank } from "./ledger-bank.js";
import { isBuilt, type Life, TransferPlace } from "./transfer-process.js";

const KILLS = Number(process.env.CRASH_KILLS ?? 100);
const SEED = Number(process.env.CRASH_SEED ?? 1);
/** Places that are used at the same time, each with a bank of its own: a boot takes one core. */
const PLACES = 2;
/** What the client must have acknowledged for each kill, or the kills have hit idle processes. */
const LEAST_ANSWERS_A_KILL = 20;
const MOST_ANSWERS_BEFORE_KILL = 90;
/** A little more than a boot takes, so that some kills hit it and some hit what comes first after it. */
const LONGEST_BOOT_MS = 500;
const LIFE = { total: Number.MAX_SAFE_INTEGER, atOnce: 16 };

type Tally = Counted & { readonly repeatedCalls: number };

test.skipIf(!isBuilt)(
  `${KILLS} kills at random moments lose and double nothing`,
  { timeout: 60_000 + KILLS * 3_000 },
  async () => {
    const startedAtMs = performance.now();
    const shares = Array.from({ length: PLACES }, (_, index) => Math.floor((KILLS + index) / PLACES));
    // All are awaited, so that a failure leaves no process of another place behind.
    const ended = await Promise.allSettled(
      shares.map((kills, index) => campaign(kills, SEED + index / PLACES)),
    );
    const tallies = ended.map((end) => {
      if (end.status === "rejected") throw end.reason;
      return end.value;
    });
    const sum = (count: keyof Tally) => tallies.reduce((total, tally) => total + tally[count], 0);
    expect(sum("acknowledged")).toBeGreaterThanOrEqual(KILLS * LEAST_ANSWERS_A_KILL);
    // Kills that leave nothing open would show nothing: some fell between a commit and its answer, some amid a call.
    expect(sum("answeredAgain")).toBeGreaterThan(0);
    expect(sum("repeatedCalls")).toBeGreaterThan(0);
    const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
    console.log(
      `${KILLS} kills (seed ${SEED}) in ${seconds} s: ${sum("acknowledged")} acknowledged transitions of ` +
        `${sum("transfers")} transfers, ${sum("lost")} lost, ${sum("doubled")} doubled; ` +
        `${sum("answeredAgain")} answers given again, ${sum("repeatedCalls")} calls repeated under their key`,
    );
  },
);

async function campaign(kills: number, seed: number): Promise<Tally> {
  const draw = drawFrom(seed);
  const bank = await LedgerBank.listen();
  const place = new TransferPlace(bank);
  // Also when the time of the test is up, while a process hangs.
  onTestFinished(async () => {
    await place.remove();
    await bank.close();
  });
  for (let kill = 0; kill < kills; kill += 1) {
    const life = place.start(LIFE);
    await randomMoment(life, draw);
    life.signal("SIGKILL");
    const death = await life.death;
    expect(death, death.said).toMatchObject({ signal: "SIGKILL" });
  }
  const end = await place.live({ ...LIFE, total: 0 });
  expect(end, end.said).toMatchObject({ code: 0, signal: null });
  return { ...(await checkTransfers(place, bank)), repeatedCalls: bank.repeats };
}

/** Every fifth falls into the first moments of the process, the others after so many answers. */
async function randomMoment(life: Life, draw: Draw): Promise<void> {
  if (draw(5) > 0) return life.answered(draw(MOST_ANSWERS_BEFORE_KILL));
  // The one wait that is the test itself: the moment of the kill is drawn.
  await new Promise((resolve) => setTimeout(resolve, draw(LONGEST_BOOT_MS)));
}
