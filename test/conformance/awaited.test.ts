import { expect, test } from "vitest";
import type { AwaitedRow } from "../../src/ports/store.js";
import { describeStore } from "./describe-store.js";
import { answerRow, instanceCommit, signal } from "./rows.js";

const webhook = (name: string, value: string): AwaitedRow => ({ kind: "webhook", name, value });

describeStore("what is awaited", (current) => {
  function waiters(awaited: AwaitedRow, page: { afterInstanceId?: string; limit?: number } = {}) {
    return current().store.listWaiters({ ...awaited, limit: 100, ...page });
  }
  const waitersFor = (name: string, page = {}) => waiters(signal(name), page);

  test("the instances that wait for a signal come by id in code point order and in pages", async () => {
    const { store, lease } = current();
    const inOrder = ["A", "a", "a1", "b", "ä", "\uFFFD", "😀"];
    await store.commit(
      lease,
      inOrder.toReversed().map((instanceId) => instanceCommit(instanceId, 1, { awaits: [signal("go")] })),
    );
    await store.commit(lease, [instanceCommit("other", 1, { awaits: [signal("stop")] })]);
    expect(await waitersFor("go")).toEqual(inOrder);
    expect(await waitersFor("go", { limit: 3 })).toEqual(inOrder.slice(0, 3));
    expect(await waitersFor("go", { afterInstanceId: "a1", limit: 3 })).toEqual(["b", "ä", "\uFFFD"]);
    expect(await waitersFor("go", { afterInstanceId: "😀" })).toEqual([]);
    expect(await waitersFor("GO")).toEqual([]);
  });

  test("kind, name and value must all be those that are awaited", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("first", 1, { awaits: [webhook("paid/:id", "1"), webhook("paid/:id", "2")] }),
      instanceCommit("second", 1, { awaits: [webhook("paid/:id", "2"), webhook("sent", "1")] }),
      instanceCommit("third", 1, { awaits: [signal("paid/:id")] }),
    ]);
    expect(await waiters(webhook("paid/:id", "1"))).toEqual(["first"]);
    expect(await waiters(webhook("paid/:id", "2"))).toEqual(["first", "second"]);
    expect(await waiters(webhook("sent", "1"))).toEqual(["second"]);
    expect(await waiters(webhook("sent", "2"))).toEqual([]);
    expect(await waiters(webhook("paid/:id", ""))).toEqual([]);
    expect(await waitersFor("paid/:id")).toEqual(["third"]);
  });

  test("an instance may wait for several, and a commit replaces the whole set", async () => {
    const { store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1, { awaits: [signal("go"), signal("stop")] })]);
    expect([await waitersFor("go"), await waitersFor("stop")]).toEqual([["i"], ["i"]]);
    await store.commit(lease, [instanceCommit("i", 2, { awaits: [signal("stop"), webhook("turn", "1")] })]);
    expect([await waitersFor("go"), await waitersFor("stop")]).toEqual([[], ["i"]]);
    expect(await waiters(webhook("turn", "1"))).toEqual(["i"]);
    await store.commit(lease, [instanceCommit("i", 3, { awaits: [] })]);
    expect([await waitersFor("stop"), await waiters(webhook("turn", "1"))]).toEqual([[], []]);
  });

  test("a commit that says nothing of it leaves it, as one that is refused does", async () => {
    const { store, lease } = current();
    const answer = answerRow("i", "k", 1);
    await store.commit(lease, [instanceCommit("i", 1, { awaits: [signal("go")], answer })]);
    await store.commit(lease, [
      instanceCommit("i", 2, { awaits: undefined }),
      instanceCommit("i", 2, { awaits: [] }),
      instanceCommit("i", 3, { awaits: [], answer }),
    ]);
    expect(await waitersFor("go")).toEqual(["i"]);
  });

  test("answers under a key of the engine are found without their instance, by instance id", async () => {
    const { store, lease } = current();
    const key = "webhook\npaid\nm-1";
    const ofB = answerRow("b", key, 1);
    const ofA = answerRow("a", key, 1);
    await store.commit(lease, [
      instanceCommit("b", 1, { answer: ofB }),
      instanceCommit("a", 1, { answer: ofA }),
      instanceCommit("c", 1, { answer: answerRow("c", `${key}0`, 1) }),
      instanceCommit("d", 1, { answer: answerRow("d", "paid", 1) }),
    ]);
    expect(await store.findAnswers(key)).toEqual([ofA, ofB]);
    expect(await store.findAnswers("webhook\npaid\nm-2")).toEqual([]);
    expect(await store.findAnswers("paid")).toEqual([]);
  });
});
