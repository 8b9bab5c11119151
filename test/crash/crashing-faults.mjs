/**
 * Faults that end the process as a power cut would, at the n-th passage of a named point: nothing is flushed, nothing
 * is closed, nobody is told.
 */

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

/** Does not return: the signal may take a moment to arrive, and nothing may happen meanwhile. */
function die() {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}
