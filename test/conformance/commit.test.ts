import { expect, test } from "vitest";
import { describeStore } from "./describe-store.js";
import {
  AT_MS,
  answerRow,
  contents,
  effectRow,
  incidentRow,
  instanceCommit,
  outcomes,
  timerRow,
} from "./rows.js";

describeStore("commit", (current) => {
  test("a commit is there whole: instance, audit, history, effects, timers, incidents, answer", async () => {
    const { store, lease } = current();
    const item = instanceCommit("i", 1, {
      history: [
        { instanceId: "i", ordinal: 0, text: "{}" },
        { instanceId: "i", ordinal: 1, text: "[]" },
      ],
      effectsAdded: [effectRow("i", 1, 0), effectRow("i", 1, 1, { purpose: "delivery", attempts: 2 })],
      timersSet: [timerRow("i", "t", AT_MS)],
      incidents: [incidentRow("i", "n", { isOpen: false })],
      answer: answerRow("i", "k", 1),
    });

    expect(await outcomes(store, lease, [item])).toEqual(["committed"]);

    expect(await store.loadInstances(["i"])).toEqual([item.instance]);
    expect(await store.loadAudit("i", { afterSeq: 0, limit: 9 })).toEqual([item.audit]);
    expect(await store.loadHistory("i", { afterOrdinal: -1, limit: 9 })).toEqual(item.history);
    expect(await store.loadEffects("i")).toEqual(item.effectsAdded);
    expect(await store.loadTimers("i")).toEqual(item.timersSet);
    expect(await store.listIncidents({ limit: 9 })).toEqual(item.incidents);
    expect(await store.loadAnswers([{ instanceId: "i", key: "k" }])).toEqual([item.answer]);
  });

  test("a later commit changes the instance's row in everything that may change", async () => {
    const { store, lease } = current();
    const changes = [
      {},
      { currentState: "paid" },
      { status: "suspended" as const },
      {
        status: "completed" as const,
        currentState: "done",
        version: 2,
        updatedAt: "2026-03-01T11:00:00.000Z",
      },
    ];
    for (const [index, instance] of changes.entries()) {
      const item = instanceCommit("i", index + 1, { instance });
      expect(await outcomes(store, lease, [item])).toEqual(["committed"]);
      expect(await store.loadInstances(["i"])).toEqual([item.instance]);
    }
  });

  test("a batch of two commits of one instance is written in order", async () => {
    const { store, lease } = current();
    expect(await outcomes(store, lease, [instanceCommit("i", 1), instanceCommit("i", 2)])).toEqual([
      "committed",
      "committed",
    ]);
    expect((await store.loadInstances(["i"]))[0]?.seq).toBe(2);
    expect((await store.loadAudit("i", { afterSeq: 0, limit: 9 })).map((row) => row.seq)).toEqual([1, 2]);
  });

  test("a seq that is not the stored one is a conflict that says which is stored", async () => {
    const { store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1), instanceCommit("i", 2)]);

    expect(await store.commit(lease, [instanceCommit("i", 2)])).toEqual([
      { outcome: "seq-conflict", storedSeq: 2 },
    ]);
    expect(await store.commit(lease, [instanceCommit("i", 4)])).toEqual([
      { outcome: "seq-conflict", storedSeq: 2 },
    ]);
    expect(await store.commit(lease, [instanceCommit("none", 3)])).toEqual([
      { outcome: "seq-conflict", storedSeq: 0 },
    ]);
    expect(await store.commit(lease, [instanceCommit("i", 1)])).toEqual([
      { outcome: "seq-conflict", storedSeq: 2 },
    ]);
  });

  test("a refused item in the middle of a batch leaves nothing of itself, and all of the others", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("b", 1, {
        effectsAdded: [effectRow("b", 1, 0)],
        timersSet: [timerRow("b", "t", AT_MS)],
        answer: answerRow("b", "k", 1),
      }),
    ]);
    const before = await contents(store, lease, ["b"]);
    const harmful = {
      history: [{ instanceId: "b", ordinal: 0, text: "{}" }],
      effectsAdded: [effectRow("b", 2, 0)],
      effectsEnded: [{ instanceId: "b", seq: 1, ordinal: 0 }],
      timersSet: [timerRow("b", "u", AT_MS)],
      timersCleared: ["t"],
      incidents: [incidentRow("b", "n")],
    };

    const answers = await store.commit(lease, [
      instanceCommit("a", 1),
      instanceCommit("b", 3, { ...harmful, answer: answerRow("b", "other", 3) }),
      instanceCommit("b", 2, { ...harmful, answer: answerRow("b", "k", 2) }),
      instanceCommit("c", 1),
    ]);

    expect(answers.map(({ outcome }) => outcome)).toEqual([
      "committed",
      "seq-conflict",
      "answered",
      "committed",
    ]);
    expect(await store.loadAnswers([{ instanceId: "b", key: "other" }])).toEqual([undefined]);
    const { listed, ...after } = (await contents(store, lease, ["b"])) as Record<string, unknown>;
    expect({ ...after, listed: await store.listInstances({ limit: 9 }) }).toEqual({
      ...(before as object),
      listed,
    });
    expect((await store.listInstances({ limit: 9 })).map((row) => row.instanceId)).toEqual(["a", "b", "c"]);
  });

  test("a key that was answered gives the first answer again, whatever the seq", async () => {
    const { store, lease } = current();
    const first = answerRow("i", "k", 1, { fingerprint: "1".repeat(64) });
    await store.commit(lease, [instanceCommit("i", 1, { answer: first })]);

    for (const seq of [1, 2, 7]) {
      const again = instanceCommit("i", seq, { answer: answerRow("i", "k", seq) });
      expect(await store.commit(lease, [again])).toEqual([{ outcome: "answered", answer: first }]);
    }
    expect((await store.loadInstances(["i"]))[0]?.seq).toBe(1);
  });

  test("a key that an earlier item of the same batch answered is answered", async () => {
    const { store, lease } = current();
    const answer = answerRow("i", "k", 1);
    expect(
      await store.commit(lease, [
        instanceCommit("i", 1, { answer }),
        instanceCommit("i", 2, { answer: answerRow("i", "k", 2) }),
      ]),
    ).toEqual([{ outcome: "committed" }, { outcome: "answered", answer }]);
  });

  test("a key belongs to its instance: another instance may use the same one", async () => {
    const { store, lease } = current();
    expect(
      await outcomes(store, lease, [
        instanceCommit("a", 1, { answer: answerRow("a", "k", 1) }),
        instanceCommit("b", 1, { answer: answerRow("b", "k", 1) }),
      ]),
    ).toEqual(["committed", "committed"]);
  });

  test("a broken invariant throws and takes the whole batch back", async () => {
    const { store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1)]);
    const before = await contents(store, lease, ["a", "i"]);
    const firstEntryAgain = { ...instanceCommit("i", 2), audit: instanceCommit("i", 1).audit };
    const twice = { instanceId: "i", ordinal: 4, text: "{}" };
    const jump = { ...instanceCommit("i", 2), instance: instanceCommit("i", 5).instance };

    for (const broken of [firstEntryAgain, instanceCommit("i", 2, { history: [twice, twice] }), jump]) {
      const batch = [
        instanceCommit("a", 1, { effectsAdded: [effectRow("a", 1, 0)], timersSet: [timerRow("a", "t", 1)] }),
        instanceCommit("a", 2, { timersSet: [timerRow("a", "t", 2)] }),
        broken,
      ];
      await expect(store.commit(lease, batch)).rejects.toThrow("Broken invariant");
      expect(await contents(store, lease, ["a", "i"])).toEqual(before);
    }
    expect(await outcomes(store, lease, [instanceCommit("i", 2)])).toEqual(["committed"]);
  });

  test("a text with a NUL is refused, because it could not be given back whole", async () => {
    const { store, lease } = current();
    const item = instanceCommit("i", 1, { instance: { snapshot: '"a\0b"' } });
    await expect(store.commit(lease, [item])).rejects.toThrow("NUL");
    expect(await store.loadInstances(["i"])).toEqual([undefined]);
  });

  test("a batch of nothing is answered with nothing", async () => {
    const { store, lease } = current();
    expect(await store.commit(lease, [])).toEqual([]);
  });

  test("what a caller changes afterwards in what it gave or got changes nothing in the store", async () => {
    const { store, lease } = current();
    const item = instanceCommit("i", 1);
    await store.commit(lease, [item]);
    Object.assign(item.instance, { snapshot: "changed", seq: 9 });
    const [read] = await store.loadInstances(["i"]);
    try {
      Object.assign(read ?? {}, { seq: 8 });
    } catch {
      // Frozen rows refuse it, which is as good.
    }
    expect((await store.loadInstances(["i"]))[0]).toMatchObject({ seq: 1, snapshot: '{"seq":1}' });
  });
});
