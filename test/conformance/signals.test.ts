import { expect, test } from "vitest";
import { describeStore } from "./describe-store.js";
import { answerRow, instanceCommit } from "./rows.js";

describeStore("signals", (current) => {
  async function waiters(signal: string, page: { afterInstanceId?: string; limit?: number } = {}) {
    return current().store.listSignalWaiters({ signal, limit: 100, ...page });
  }

  test("the instances that wait for a signal come by id in code point order and in pages", async () => {
    const { store, lease } = current();
    const inOrder = ["A", "a", "a1", "b", "ä", "\uFFFD", "😀"];
    await store.commit(
      lease,
      inOrder.toReversed().map((instanceId) => instanceCommit(instanceId, 1, { signals: ["go"] })),
    );
    await store.commit(lease, [instanceCommit("other", 1, { signals: ["stop"] })]);
    expect(await waiters("go")).toEqual(inOrder);
    expect(await waiters("go", { limit: 3 })).toEqual(inOrder.slice(0, 3));
    expect(await waiters("go", { afterInstanceId: "a1", limit: 3 })).toEqual(["b", "ä", "\uFFFD"]);
    expect(await waiters("go", { afterInstanceId: "😀" })).toEqual([]);
    expect(await waiters("GO")).toEqual([]);
  });

  test("an instance may wait for several, and a commit replaces the whole set", async () => {
    const { store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1, { signals: ["go", "stop"] })]);
    expect([await waiters("go"), await waiters("stop")]).toEqual([["i"], ["i"]]);
    await store.commit(lease, [instanceCommit("i", 2, { signals: ["stop", "turn"] })]);
    expect([await waiters("go"), await waiters("stop"), await waiters("turn")]).toEqual([[], ["i"], ["i"]]);
    await store.commit(lease, [instanceCommit("i", 3, { signals: [] })]);
    expect([await waiters("stop"), await waiters("turn")]).toEqual([[], []]);
  });

  test("a commit that says nothing of signals leaves them, as one that is refused does", async () => {
    const { store, lease } = current();
    const answer = answerRow("i", "k", 1);
    await store.commit(lease, [instanceCommit("i", 1, { signals: ["go"], answer })]);
    await store.commit(lease, [
      instanceCommit("i", 2, { signals: undefined }),
      instanceCommit("i", 2, { signals: [] }),
      instanceCommit("i", 3, { signals: [], answer }),
    ]);
    expect(await waiters("go")).toEqual(["i"]);
  });
});
