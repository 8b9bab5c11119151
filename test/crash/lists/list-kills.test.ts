/**
 * A process that runs a list of children is killed at random moments, in its boot as well as amid the list, and started
 * again until it is done; then everything is counted. The moments are drawn from a seed.
 *
 * `CRASH_SHEETS` (300) makes the list longer, and so the kills more; `CRASH_SEED` (1) draws other moments.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { type Draw, drawFrom } from "../draw.js";
import { isBuilt, Life } from "../transfer-process.js";
import { checkList } from "./check-list.js";

const SHEETS = Number(process.env.CRASH_SHEETS ?? 300);
const SEED = Number(process.env.CRASH_SEED ?? 1);
const INSTANCE_ID = "the-list";
const PROGRAM = fileURLToPath(new URL("./list-program.mjs", import.meta.url));
const ENGINE = new URL("../../../dist/index.js", import.meta.url).href;
/** Most sheets of one life that is killed. */
const MOST_SHEETS_BEFORE_KILL = 40;
/** A little more than a boot takes, so that some kills hit it and some hit what comes first after it. */
const LONGEST_BOOT_MS = 500;
/** So many sheets a kill at most, or the kills would have shown little. */
const SHEETS_A_KILL = 60;

test.skipIf(!isBuilt)(
  `a list of ${SHEETS} is done once, whole and in order, however often its process is killed`,
  { timeout: 60_000 + SHEETS * 1_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "statewright-list-"));
    const draw = drawFrom(SEED);
    let living: Life | undefined;
    // Also when the time of the test is up, while a process hangs.
    onTestFinished(async () => {
      living?.signal("SIGKILL");
      await living?.death;
      rmSync(directory, { recursive: true, force: true });
    });
    let kills = 0;
    for (;;) {
      living = begin(directory);
      const { code, signal, said } = await killedOrDone(living, draw);
      if (code === 0) break;
      expect(signal, said).toBe("SIGKILL");
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(Math.floor(SHEETS / SHEETS_A_KILL));
    const { repeatedCalls } = await checkList({
      databasePath: join(directory, "state.db"),
      printLogPath: join(directory, "prints.log"),
      instanceId: INSTANCE_ID,
      sheets: SHEETS,
    });
    // Kills that leave nothing open would show nothing.
    expect(repeatedCalls).toBeGreaterThan(0);
    console.log(
      `${SHEETS} children, ${kills} kills (seed ${SEED}): ${repeatedCalls} calls repeated under their key`,
    );
  },
);

function begin(directory: string): Life {
  const settings = JSON.stringify({ engine: ENGINE, directory, instanceId: INSTANCE_ID, sheets: SHEETS });
  return new Life(spawn(process.execPath, [PROGRAM, settings], { stdio: ["ignore", "pipe", "pipe"] }));
}

/** A life that comes to its end before the moment that was drawn for it is the last one. */
async function killedOrDone(life: Life, draw: Draw) {
  await Promise.race([randomMoment(life, draw), life.death]);
  life.signal("SIGKILL");
  return life.death;
}

/** Every fifth falls into the first moments of the process, the others after so many sheets. */
async function randomMoment(life: Life, draw: Draw): Promise<void> {
  // The one wait that is the test itself: the moment of the kill is drawn.
  if (draw(5) === 0) return new Promise((resolve) => setTimeout(resolve, draw(LONGEST_BOOT_MS)));
  // It may be over before.
  await life.answered(draw(MOST_SHEETS_BEFORE_KILL)).catch(() => {});
}
