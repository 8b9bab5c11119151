/** Kills the engine and the bank at random moments, in their boot as well as amid their work, and starts them again. */
import { setTimeout as delay } from "node:timers/promises";

/** A little more than a boot takes, so that some kills hit it and some what comes first after it. */
const LONGEST_BOOT_MS = 700;

/**
 * Storms until it is called off; then both processes are up, or failed.
 * @param {object} settings
 * @param {import("./mortal-process.mjs").MortalProcess} settings.engine
 * @param {import("./mortal-process.mjs").MortalProcess} settings.bank
 * @param {(bound: number) => number} settings.draw
 * @param {number} settings.pauseMs mean time between two kills
 * @param {AbortSignal} settings.signal
 * @returns {Promise<{ engineKills: number, bankKills: number }>}
 */
export async function storm({ engine, bank, draw, pauseMs, signal }) {
  const kills = { engineKills: 0, bankKills: 0 };
  /** @param {"engine" | "bank"} name */
  const strike = async (name) => {
    const victim = name === "engine" ? engine : bank;
    // One in four is killed again in its boot, or just after it.
    for (let strikes = draw(4) === 0 ? 2 : 1; strikes > 0; strikes -= 1) {
      await victim.end();
      kills[`${name}Kills`] += 1;
      const up = victim.start();
      await (strikes > 1 ? delay(draw(LONGEST_BOOT_MS)) : up);
    }
  };
  // Both are struck soon, however short the campaign is; after that it is chance.
  /** @type {("engine" | "bank")[]} */
  const first = ["engine", "bank"];
  while (!signal.aborted) {
    await delay(draw(2 * pauseMs), undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    const lot = draw(10);
    const next = first.shift();
    if (next !== undefined) await strike(next);
    else if (lot === 9) await Promise.all([strike("engine"), strike("bank")]);
    else await strike(lot < 5 ? "engine" : "bank");
  }
  return kills;
}
