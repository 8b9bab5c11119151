/**
 * A real process dies at every named point, by SIGKILL: at the first passage, and in the middle of work, and there
 * twice in a row. Whatever the point, the last life finishes, and nothing is lost or doubled.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { FAULT_POINTS, type FaultPoint } from "../../src/ports/faults.js";
import { checkTransfers } from "./check-transfers.js";
import { LedgerBank } from "./ledger-bank.js";
import { isBuilt, TransferPlace } from "./transfer-process.js";

/** What many commands, calls or links of a transfer pass; the rest is passed once or twice by each. */
const OFTEN = ["commit.", "answer.", "effect.", "link."];

/** Of one call of a transfer: the one that is sent at most once. */
const OF_ONE_CALL: readonly FaultPoint[] = ["effect.before-begin", "effect.after-begin"];

function isPassedOften(point: FaultPoint): boolean {
  return !OF_ONE_CALL.includes(point) && OFTEN.some((prefix) => point.startsWith(prefix));
}

/** What is due together is done in one commit, so a life may spend several: there must be more for the next. */
function workFor(point: FaultPoint): { readonly total: number; readonly atOnce: number } {
  return { total: isPassedOften(point) || point.startsWith("boot.") ? 6 : 18, atOnce: 3 };
}

/**
 * A passage amid work, with enough left for another. Boot is passed once in a life; what is due together is passed
 * together.
 */
function laterPassage(point: FaultPoint): number {
  if (point.startsWith("boot.")) return 1;
  return isPassedOften(point) ? 9 : 2;
}

describe.skipIf(!isBuilt)("a process that dies", () => {
  test.each(FAULT_POINTS)(
    "at %s, at first, amid its work and there again at once, loses and doubles nothing",
    { timeout: 60_000 },
    async (point) => {
      const crashes = [`${point}:1`, `${point}:${laterPassage(point)}`, `${point}:1`];
      const { questions } = await dieAndGoOn(workFor(point), crashes);
      // What was begun may have been sent, for all that the next life knows.
      if (point === "effect.after-begin") expect(questions).toBeGreaterThanOrEqual(crashes.length);
    },
  );
});

async function dieAndGoOn(
  work: { readonly total: number; readonly atOnce: number },
  crashes: readonly string[],
): Promise<LedgerBank> {
  const bank = await LedgerBank.listen();
  const place = new TransferPlace(bank);
  // Also when the time of the test is up, while a process hangs.
  onTestFinished(async () => {
    await place.remove();
    await bank.close();
  });
  for (const crashAt of crashes) {
    const death = await place.live({ ...work, crashAt });
    // A life that ends in peace has never reached the point.
    expect(death, `${crashAt} was not reached. ${death.said}`).toMatchObject({ signal: "SIGKILL" });
  }
  const end = await place.live(work);
  expect(end, end.said).toMatchObject({ code: 0, signal: null });
  expect(await checkTransfers(place, bank)).toMatchObject({ transfers: work.total });
  return bank;
}
