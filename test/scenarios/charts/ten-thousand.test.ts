/** Ten thousand children of one list: never many at a time, and done in seconds. */
import { afterEach, describe, expect, test } from "vitest";
import { type EngineBench, openBench, STORE_KINDS } from "../../kit/engine-bench.js";
import { exampleDefinition, startExample } from "./example-bench.js";

const COUNT = 10_000;
/** As the example has it. */
const CONCURRENCY = 50;
/** Addresses that are too short to be delivered to: as many as half of what is tolerated. */
const WRONG = 50;
/** Children whose trails are checked; all of them would take longer than what is tested. */
const SAMPLE = 200;

describe.each(STORE_KINDS)("a list of ten thousand, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.engine.close({ graceMs: 0 }));

  test("runs few at a time and gives all results in order", { timeout: 180_000 }, async () => {
    bench = await openBench(
      kind,
      ["mailing", "letter"].map((name) => exampleDefinition(`children/${name}`)),
    );
    const { engine } = bench;
    const wrongEvery = COUNT / WRONG;
    const addresses = Array.from({ length: COUNT }, (_, index) =>
      index % wrongEvery === 7 ? "?" : `at${index}`,
    );
    const counts = countChildren(bench);
    const startedAtMs = performance.now();
    const instanceId = await startExample(bench, "mailing", { addresses });
    const end = await engine.waitFor(instanceId, {
      status: "completed",
      timeoutMs: Number.POSITIVE_INFINITY,
    });
    console.log(`${COUNT} children on ${kind}: ${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s`);
    expect(end.currentState).toBe("done");
    expect(end.data.receipts).toEqual(addresses.map((address) => (address === "?" ? null : `R-${address}`)));
    expect(counts()).toEqual({ started: COUNT, failed: WRONG, mostInSnapshot: CONCURRENCY });

    await bench.settle();
    expect(await engine.pending(instanceId)).toEqual({ effects: [], timers: [] });
    for (const id of [instanceId, ...(await sample(bench, instanceId))]) {
      expect((await engine.verifyAudit(id)).faults).toEqual([]);
      expect(await engine.replay(id)).toMatchObject({ isEqual: true });
      expect((await engine.pending(id)).effects).toEqual([]);
    }
  });
});

/** Counts what is committed from now on. */
function countChildren({ engine }: EngineBench) {
  const children = new Set<string>();
  let failed = 0;
  let mostInSnapshot = 0;
  engine.watch(({ snapshot }) => {
    if (snapshot.parent !== undefined) children.add(snapshot.instanceId);
    if (snapshot.status === "error") failed += 1;
    mostInSnapshot = Math.max(mostInSnapshot, snapshot.tokens[0]?.each?.running.length ?? 0);
  });
  return () => ({ started: children.size, failed, mostInSnapshot });
}

async function sample({ engine }: EngineBench, parentId: string): Promise<readonly string[]> {
  return (await engine.list({ parentId, limit: SAMPLE })).map(({ instanceId }) => instanceId);
}
