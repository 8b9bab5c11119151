import { expect, test } from "vitest";
import { PARTITION_COUNT } from "../../src/ports/store.js";
import { describeStore } from "./describe-store.js";
import { openedWithLease } from "./places.js";
import { contents, effectRow, instanceCommit, outcomes } from "./rows.js";

describeStore("lease", (current) => {
  test("an embedded store gives all partitions for ever", () => {
    const { lease } = current();
    expect([...lease.epochs.keys()].sort((left, right) => left - right)).toEqual([
      ...Array(PARTITION_COUNT).keys(),
    ]);
    expect(lease.expiresAtMs).toBe(Number.POSITIVE_INFINITY);
    expect(lease.workerId).toBe("worker");
  });

  test("the same worker renews its lease, and what is under way with the old one still counts", async () => {
    const { store, lease } = current();
    const renewed = await store.acquireLease({ workerId: "worker", nowMs: 1 });
    expect(renewed.epochs).toEqual(lease.epochs);
    expect(await outcomes(store, lease, [instanceCommit("i", 1)])).toEqual(["committed"]);
    expect(await outcomes(store, renewed, [instanceCommit("i", 2)])).toEqual(["committed"]);
  });

  test("another store object cannot have the lease while the first is open", async () => {
    const { place } = current();
    const second = place.store();
    await second.open();
    await expect(second.acquireLease({ workerId: "other", nowMs: 0 })).rejects.toMatchObject({
      code: "STORE_LOCKED",
    });
  });

  test("after another owner has come, nothing is written under the old lease", async () => {
    const { place, store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1, { effectsAdded: [effectRow("i", 1, 0)] })]);
    await store.close();
    const second = await openedWithLease(place, "other");
    expect(second.lease.epochs.get(0)).toBeGreaterThan(lease.epochs.get(0) ?? 0);
    const before = await contents(second.store, second.lease, ["i"]);

    expect(
      await outcomes(second.store, lease, [
        instanceCommit("i", 2),
        instanceCommit("new", 1),
        { kind: "delivery", effectId: { instanceId: "i", seq: 1, ordinal: 0 }, change: "ended" },
      ]),
    ).toEqual(["fenced", "fenced", "fenced"]);

    expect(await contents(second.store, second.lease, ["i"])).toEqual(before);
    expect(await outcomes(second.store, second.lease, [instanceCommit("i", 2)])).toEqual(["committed"]);
  });

  test("a second worker on the same store fences the first", async () => {
    const { store, lease } = current();
    const newer = await store.acquireLease({ workerId: "other", nowMs: 0 });
    expect(await outcomes(store, lease, [instanceCommit("i", 1)])).toEqual(["fenced"]);
    expect(await outcomes(store, newer, [instanceCommit("i", 1)])).toEqual(["committed"]);
  });

  test("a store that is closed answers nothing more", async () => {
    const { store, lease } = current();
    await store.close();
    await expect(store.commit(lease, [instanceCommit("i", 1)])).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    await expect(store.loadInstances(["i"])).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  test("what was committed is there for the next store object", async () => {
    const { place, store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1, { effectsAdded: [effectRow("i", 1, 0)] })]);
    const before = await contents(store, lease, ["i"]);
    await store.close();
    const second = await openedWithLease(place, "other");
    expect(await contents(second.store, second.lease, ["i"])).toEqual(before);
  });
});
