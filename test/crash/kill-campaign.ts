/**
 * Lives of the transfer program on one directory that are killed at random moments, and what the kills have hit.
 *
 * Invariants:
 * 1. A kill is amid work when the client's log of that life has a command that was asked and not answered, or a transfer
 *    that was submitted and whose end the client has not seen: the engine was at it. Only such kills are what was asked for.
 * 2. A kill before the engine was there is one in boot; those come on top, and so do those that hit an idle process.
 * 3. Whatever the kills have hit, a commit may have been under way: its mark says so.
 */
import { expect, onTestFinished } from "vitest";
import { type Counted, checkTransfers } from "./check-transfers.js";
import { readClientLog } from "./client-log.mjs";
import { markedCommit } from "./crashing-faults.mjs";
import { type Draw, drawFrom } from "./draw.js";
import { LedgerBank } from "./ledger-bank.js";
import { COMMANDS } from "./transfer-definition.mjs";
import { type Life, TransferPlace } from "./transfer-process.js";

export interface KillCampaign {
  /** Kills amid work. */
  readonly kills: number;
  /** As `performance.now` tells it; no life begins later. */
  readonly lastStartMs: number;
  readonly seed: number;
  readonly onKillAmidWork: () => void;
}

interface Kills {
  amidWork: number;
  inBoot: number;
  idle: number;
  /** Of all these: while the rows of a commit were being written. */
  writing: number;
  /** And while they were on their way to the disk. */
  syncing: number;
}

export type KillTally = Counted & Readonly<Kills> & { readonly repeatedCalls: number };

const MOST_ANSWERS_BEFORE_KILL = 60;
/** Of the machine's time after the last of these answers, so that a kill does not always follow an answer. */
const LONGEST_PAUSE_MS = 20;
/** A little more than a boot takes, so that some kills hit it and some hit what comes first after it. */
const LONGEST_BOOT_MS = 500;
/** One in so many lives is killed in its first moments. */
const BOOTS = 6;
/** More lives than this for each kill amid work would be a campaign against idle processes. */
const MOST_LIVES_A_KILL = 3;
const LIFE = { total: Number.MAX_SAFE_INTEGER, atOnce: 16 };

/** Resolves when the last life has finished everything, with what counts it: that keeps this process busy for long. */
export async function runKillCampaign({
  kills,
  lastStartMs,
  seed,
  onKillAmidWork,
}: KillCampaign): Promise<() => Promise<KillTally>> {
  const draw = drawFrom(seed);
  const bank = await LedgerBank.listen();
  const place = new TransferPlace(bank);
  // Also when the time of the test is up, while a process hangs.
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") {
      await place.end();
      console.error(
        `The database, the client's log and the mark of the last commit are in ${place.directory}.`,
      );
    } else await place.remove();
    await bank.close();
  });
  const done: Kills = { amidWork: 0, inBoot: 0, idle: 0, writing: 0, syncing: 0 };
  for (let lives = 0; done.amidWork < kills && performance.now() < lastStartMs; lives += 1) {
    if (lives > MOST_LIVES_A_KILL * kills + BOOTS) throw new Error(`${lives} lives, ${JSON.stringify(done)}`);
    const hit = await liveAndDie(place, draw);
    done[hit] += 1;
    const commit = markedCommit(place.markPath);
    if (commit !== "nothing") done[commit] += 1;
    if (hit === "amidWork") onKillAmidWork();
  }
  const end = await place.live({ ...LIFE, total: 0 });
  expect(end, end.said).toMatchObject({ code: 0, signal: null });
  return async () => ({ ...(await checkTransfers(place, bank)), ...done, repeatedCalls: bank.repeats });
}

async function liveAndDie(place: TransferPlace, draw: Draw): Promise<"amidWork" | "inBoot" | "idle"> {
  const linesBefore = readClientLog(place.logPath).length;
  const life = place.start(LIFE);
  await randomMoment(life, draw);
  life.signal("SIGKILL");
  const death = await life.death;
  expect(death, death.said).toMatchObject({ signal: "SIGKILL" });
  if (!life.isReady) return "inBoot";
  return hasOpenWork(place.logPath, linesBefore) ? "amidWork" : "idle";
}

async function randomMoment(life: Life, draw: Draw): Promise<void> {
  const isBoot = draw(BOOTS) === 0;
  if (!isBoot) await life.answered(1 + draw(MOST_ANSWERS_BEFORE_KILL));
  // The one wait that is the test itself: the moment of the kill is drawn.
  await new Promise((resolve) => setTimeout(resolve, draw(isBoot ? LONGEST_BOOT_MS : LONGEST_PAUSE_MS)));
}

/** By what the log has from a line on; earlier lives tell nothing of this one. */
function hasOpenWork(logPath: string, firstLine: number): boolean {
  const open = new Set<string>();
  for (const line of readClientLog(logPath).slice(firstLine)) {
    if (line.kind === "asks") open.add(line.key);
    if (line.kind === "over") open.delete(line.instanceId);
    if (line.kind !== "answered") continue;
    open.delete(line.key);
    if (line.place === COMMANDS - 1) open.add(line.instanceId);
  }
  return open.size > 0;
}
