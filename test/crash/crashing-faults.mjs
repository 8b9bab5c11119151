/**
 * Faults that end the process as a power cut would, at the n-th passage of a named point: nothing is flushed, nothing
 * is closed, nobody is told. And the mark of a commit: one byte in a file, by which one can tell after a kill how far
 * the last commit had come. It is not synced, since what kills a process leaves the system's memory alone.
 */
import { existsSync, openSync, readFileSync, writeSync } from "node:fs";

/** @typedef {import("../../src/ports/faults.js").FaultPoint} FaultPoint */

/** @type {ReadonlyMap<FaultPoint, string>} */
const MARKS = new Map([
  ["commit.before", "b"],
  ["commit.rows-written", "w"],
  ["commit.after", "a"],
]);

/**
 * @param {string | undefined} plan such as `commit.after:3`; without one, no point does anything
 * @returns {import("../../src/ports/faults.js").Faults}
 */
export function crashingFaults(plan) {
  if (plan === undefined || plan === "") return { reach: () => {} };
  const [, deadlyPoint, count] = /^([a-z.-]+):([1-9][0-9]*)$/.exec(plan) ?? [];
  if (deadlyPoint === undefined) throw new Error(`"${plan}" is no plan for a crash; write POINT:COUNT.`);
  let passagesLeft = Number(count);
  return {
    reach: (point) => {
      if (point !== deadlyPoint) return;
      passagesLeft -= 1;
      if (passagesLeft === 0) die();
    },
  };
}

/**
 * Marks in a file, emptied at first, how far the last commit has come, and does then what the faults do.
 * @param {string} path
 * @param {import("../../src/ports/faults.js").Faults} faults
 * @returns {import("../../src/ports/faults.js").Faults}
 */
export function markingFaults(path, faults) {
  const file = openSync(path, "w");
  return {
    reach: (point) => {
      const mark = MARKS.get(point);
      if (mark !== undefined) writeSync(file, mark, 0);
      faults.reach(point);
    },
  };
}

/**
 * How far the last commit of a life had come: its rows were being written, or they were written and the transaction was
 * on its way to the disk, or nothing was being committed.
 * @param {string} path
 * @returns {"writing" | "syncing" | "nothing"}
 */
export function markedCommit(path) {
  const mark = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (mark === MARKS.get("commit.before")) return "writing";
  return mark === MARKS.get("commit.rows-written") ? "syncing" : "nothing";
}

/** Does not return: the signal may take a moment to arrive, and nothing may happen meanwhile. */
function die() {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}
