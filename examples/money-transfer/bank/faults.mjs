/**
 * Faults for demonstrations and tests. Those that are planned for one posting fire once: it is remembered in the
 * database, so that a restart with the same options is healthy.
 *
 * - `die-before-post`: the process kills itself instead of posting.
 * - `die-after-post`: it commits the posting and kills itself before it answers.
 * - `slow-post=MS`: it commits the posting and answers that much later; a caller with a shorter timeout learns nothing.
 * - `no-receipts`: receipts are answered with 503 for as long as the option is given.
 */

/** @typedef {{ dieBeforePost: boolean, dieAfterPost: boolean, slowPostMs: number | undefined, noReceipts: boolean }} Faults */

const ONCE = ["die-before-post", "die-after-post"];

/**
 * @param {readonly string[]} names as given to `--fault`
 * @returns {Faults}
 * @throws {Error} on an unknown fault
 */
export function parseFaults(names) {
  /** @type {Faults} */
  const faults = { dieBeforePost: false, dieAfterPost: false, slowPostMs: undefined, noReceipts: false };
  for (const name of names) {
    const slow = /^slow-post=([1-9][0-9]{0,5})$/.exec(name);
    if (slow !== null) faults.slowPostMs = Number(slow[1]);
    else if (name === "die-before-post") faults.dieBeforePost = true;
    else if (name === "die-after-post") faults.dieAfterPost = true;
    else if (name === "no-receipts") faults.noReceipts = true;
    else
      throw new Error(`Unknown fault "${name}"; known are ${ONCE.join(", ")}, slow-post=MS and no-receipts.`);
  }
  return faults;
}

/**
 * Says whether a fault fires now, and remembers that it did.
 * @param {import("./ledger/database.mjs").LedgerDatabase} database
 * @param {string} fault
 * @param {string} now
 */
export function fireOnce(database, fault, now) {
  return (
    Number(
      database
        .prepare("insert into faults_fired (fault, fired_at) values (?, ?) on conflict (fault) do nothing")
        .run([fault, now]).changes,
    ) === 1
  );
}

/** Ends the process as a power cut would: nothing is flushed, nobody is told. */
export function die() {
  process.kill(process.pid, "SIGKILL");
}
