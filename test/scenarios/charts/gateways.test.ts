/** Forks and joins that need not nest, and joins that wait for whoever can still come. */
import { afterEach, describe, expect, test } from "vitest";
import { type EngineBench, STORE_KINDS } from "../../kit/engine-bench.js";
import {
  activeStates,
  expectNothingPending,
  openExamples,
  recordsOf,
  sendAll,
  startExample,
  visitedStates,
} from "./example-bench.js";

describe.each(STORE_KINDS)("parallel gateways that cross, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function hire(...events: readonly string[]) {
    bench = await openExamples(kind, "charts/hiring");
    const instanceId = await startExample(bench, "hiring", { person: "ada" });
    return { instanceId, document: await sendAll(bench, instanceId, ...events) };
  }

  test("a fork on one branch of another gives three tokens", async () => {
    const { document } = await hire("paperworkDone");
    expect(document).toMatchObject({ status: "active", currentState: "account" });
    expect(activeStates(document)).toEqual(["account", "laptop", "badge"]);
  });

  test("a join takes a token of either fork, and the next one takes what it gives", async () => {
    const { instanceId, document } = await hire("laptopArrived", "paperworkDone", "accountCreated");
    // The laptop waited for the account, which is on a branch of the other fork.
    expect(activeStates(document)).toEqual(["desk", "badge"]);
    const end = await sendAll(bench, instanceId, "badgePrinted", "deskReady");
    expect(end).toMatchObject({ status: "completed", currentState: "welcome" });
    expect(end.activeStates).toBeUndefined();
    expect(visitedStates(end).filter((state) => state === "desk" || state === "welcome")).toEqual([
      "desk",
      "welcome",
    ]);
    await expectNothingPending(bench);
  });

  test("every order of the events leads to the same end, with each state entered once", async () => {
    bench = await openExamples(kind, "charts/hiring");
    for (const order of orders()) {
      const instanceId = await startExample(bench, "hiring", { person: "ada" });
      const end = await sendAll(bench, instanceId, ...order);
      expect(end, order.join()).toMatchObject({ status: "completed", currentState: "welcome" });
      const entered = visitedStates(end).filter((state) => !["deskParts", "everything"].includes(state));
      expect([...entered].sort()).toEqual([
        "account",
        "badge",
        "begin",
        "desk",
        "laptop",
        "paperwork",
        "registered",
        "signed",
        "welcome",
      ]);
      expect(await recordsOf(bench, instanceId, "joined")).toMatchObject([
        { state: "deskParts" },
        { state: "everything" },
      ]);
    }
    await expectNothingPending(bench);
  });

  test("an event of a task that has not begun is refused", async () => {
    const { instanceId } = await hire();
    await expect(bench.engine.send(instanceId, "deskReady")).rejects.toMatchObject({ code: "NOT_ENABLED" });
    await expect(bench.engine.send(instanceId, "badgePrinted")).rejects.toMatchObject({
      rejection: { enabled: ["laptopArrived", "paperworkDone"] },
    });
  });
});

/** All orders in which the five tasks can be done. */
function orders(): readonly (readonly string[])[] {
  const needs: { readonly [event: string]: readonly string[] } = {
    paperworkDone: [],
    laptopArrived: [],
    accountCreated: ["paperworkDone"],
    badgePrinted: ["paperworkDone"],
    deskReady: ["accountCreated", "laptopArrived"],
  };
  const extend = (done: readonly string[]): readonly (readonly string[])[] => {
    const next = Object.keys(needs).filter(
      (event) => !done.includes(event) && needs[event]?.every((need) => done.includes(need)),
    );
    return next.length === 0 ? [done] : next.flatMap((event) => extend([...done, event]));
  };
  return extend([]);
}

describe.each(STORE_KINDS)("an inclusive join, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function report(amount: number, isStolen: boolean) {
    bench = await openExamples(kind, "charts/claim");
    const instanceId = await startExample(bench, "claim", { amount, isStolen });
    return { instanceId, document: await bench.engine.get(instanceId) };
  }

  test("waits for every branch that was taken", async () => {
    const { instanceId, document } = await report(5_000, true);
    expect(activeStates(document)).toEqual(["assessment", "police"]);
    expect(activeStates(await sendAll(bench, instanceId, "confirmed"))).toEqual(["assessment", "examined"]);
    await bench.engine.send(instanceId, "assessed", { data: { damage: 4_000 } });
    expect(activeStates(await bench.engine.get(instanceId))).toEqual(["decision"]);
    const end = await sendAll(bench, instanceId, "pay");
    expect(end).toMatchObject({ status: "completed", currentState: "paid", data: { damage: 4_000 } });
    expect(visitedStates(end)).not.toContain("desk");
    await expectNothingPending(bench);
  });

  test("does not wait for a branch that was not taken", async () => {
    const { instanceId, document } = await report(5_000, false);
    expect(activeStates(document)).toEqual(["assessment"]);
    await bench.engine.send(instanceId, "assessed", { data: { damage: 1 } });
    expect((await bench.engine.get(instanceId)).currentState).toBe("decision");
  });

  test("goes on when the branch that it waited for dies", async () => {
    const { instanceId } = await report(5_000, true);
    await bench.engine.send(instanceId, "assessed", { data: { damage: 1 } });
    expect(activeStates(await bench.engine.get(instanceId))).toEqual(["police", "examined"]);
    expect(activeStates(await sendAll(bench, instanceId, "found"))).toEqual(["decision"]);
    const end = await sendAll(bench, instanceId, "refuse");
    expect(end).toMatchObject({ status: "completed", currentState: "refused" });
    expect(visitedStates(end)).toContain("recovered");
    await expectNothingPending(bench);
  });

  test("an instance whose only branch dies is completed without the join", async () => {
    const { instanceId } = await report(10, true);
    const end = await sendAll(bench, instanceId, "found");
    expect(end).toMatchObject({ status: "completed", currentState: "recovered" });
    expect(visitedStates(end)).not.toContain("examined");
    await expectNothingPending(bench);
  });

  test("the default branch is taken when no condition holds", async () => {
    const { instanceId, document } = await report(10, false);
    expect(activeStates(document)).toEqual(["desk"]);
    expect((await sendAll(bench, instanceId, "checked", "pay")).currentState).toBe("paid");
  });
});
