/**
 * The suites of SCXML (W3C's own and SCION's), converted and run by the real engine. Every case is in the ledger; the
 * engine's trail of each is verified and replayed at the end.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EngineBench, openBench } from "../kit/engine-bench.js";
import { isUpdated, type Ledger, ledgerTable, readLedger, writeLedger } from "./ledger.js";
import { type Outcome, runCase } from "./run-case.js";
import { suiteCases } from "./suite-cases.js";

const cases = suiteCases();
const ledger = readLedger();
const found: { [caseId: string]: string } = {};

describe("the suites of SCXML", () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await openBench("memory", []);
  });
  afterAll(async () => {
    await bench.close();
    if (isUpdated) writeLedger(found satisfies Ledger);
    if (process.env.SCXML_LEDGER !== undefined) console.log(ledgerTable(found));
  });

  test.each(cases.map((suiteCase) => [suiteCase.id, suiteCase] as const))(
    "%s is as the ledger says",
    async (id, suiteCase) => {
      const outcome = await runCase(bench, suiteCase);
      found[id] = outcome.word;
      if (process.env.SCXML_LEDGER === "show" && outcome.word !== "passes")
        console.log(`${id}: ${outcome.word}: ${outcome.detail}`);
      if (!isUpdated) expect(outcome.word, advice(ledger[id], outcome)).toBe(ledger[id]);
    },
  );

  test("are in the ledger, every case and nothing else", () => {
    expect(cases.length).toBeGreaterThan(300);
    if (!isUpdated) expect(Object.keys(ledger).sort()).toEqual(cases.map(({ id }) => id).sort());
  });
});

function advice(expected: string | undefined, { word, detail }: Outcome): string {
  const change = word === "passes" ? "It passes now" : `It was "${expected}" and is "${word}"`;
  return `${change}. When that is right: npm run scxml -- --update. ${detail}`;
}
