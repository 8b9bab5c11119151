import { expect, test } from "vitest";
import type { InstanceQuery } from "../../src/ports/store.js";
import { describeStore } from "./describe-store.js";
import { answerRow, definitionRow, incidentRow, instanceCommit } from "./rows.js";

describeStore("lists", (current) => {
  async function listed(query: Partial<InstanceQuery>): Promise<readonly string[]> {
    return (await current().store.listInstances({ limit: 100, ...query })).map((row) => row.instanceId);
  }

  test("instances come by id in code point order and in pages", async () => {
    const { store, lease } = current();
    const inOrder = ["A", "B", "a", "a1", "b", "ä", "\uFFFD", "😀"];
    await store.commit(
      lease,
      inOrder.toReversed().map((instanceId) => instanceCommit(instanceId, 1)),
    );
    expect(await listed({})).toEqual(inOrder);
    const seen: string[] = [];
    for (;;) {
      const after = seen.at(-1);
      const page = await listed({ limit: 3, ...(after === undefined ? {} : { afterInstanceId: after }) });
      seen.push(...page);
      if (page.length < 3) break;
    }
    expect(seen).toEqual(inOrder);
  });

  test("instances are narrowed by machine, status and state, in every combination, and by what they are now", async () => {
    const { store, lease } = current();
    const rows = [
      { instanceId: "1", stateMachineId: "order", status: "active", currentState: "open" },
      { instanceId: "2", stateMachineId: "order", status: "completed", currentState: "done" },
      { instanceId: "3", stateMachineId: "loan", status: "active", currentState: "done" },
      { instanceId: "4", stateMachineId: "order", status: "active", currentState: "open" },
    ] as const;
    await store.commit(
      lease,
      rows.map((row) => instanceCommit(row.instanceId, 1, { instance: row })),
    );
    await store.commit(lease, [
      instanceCommit("4", 2, { instance: { status: "suspended", currentState: "paid" } }),
    ]);
    const now = [...rows.slice(0, 3), { ...rows[3], status: "suspended", currentState: "paid" }] as const;
    for (const stateMachineId of [undefined, "order", "loan"]) {
      for (const status of [undefined, "active", "completed", "suspended"] as const) {
        for (const currentState of [undefined, "open", "done", "paid"]) {
          const query = {
            ...(stateMachineId === undefined ? {} : { stateMachineId }),
            ...(status === undefined ? {} : { status }),
            ...(currentState === undefined ? {} : { currentState }),
          };
          const expected = now
            .filter((row) => stateMachineId === undefined || row.stateMachineId === stateMachineId)
            .filter((row) => status === undefined || row.status === status)
            .filter((row) => currentState === undefined || row.currentState === currentState)
            .map((row) => row.instanceId);
          expect(await listed(query)).toEqual(expected);
          expect(await listed({ ...query, afterInstanceId: "1" })).toEqual(expected.filter((id) => id > "1"));
        }
      }
    }
  });

  test("children are found by their parent, and who has none has no parent", async () => {
    const { store, lease } = current();
    const child = (instanceId: string, parentId: string) =>
      instanceCommit(instanceId, 1, { instance: { parentId } });
    await store.commit(lease, [child("c2", "p"), child("c1", "p"), child("d", "q"), instanceCommit("p", 1)]);
    // A later commit says nothing else of the parent.
    await store.commit(lease, [
      instanceCommit("c2", 2, { instance: { parentId: "p", status: "completed" } }),
    ]);
    expect(await listed({ parentId: "p" })).toEqual(["c1", "c2"]);
    expect(await listed({ parentId: "p", status: "completed" })).toEqual(["c2"]);
    expect(await listed({ parentId: "p", afterInstanceId: "c1" })).toEqual(["c2"]);
    expect(await listed({ parentId: "none" })).toEqual([]);
    const rows = await store.loadInstances(["c2", "p"]);
    expect(rows[0]?.parentId).toBe("p");
    expect(rows[1]).not.toHaveProperty("parentId");
  });

  test("rows that are asked for come in the order of the question, with a gap where there is none", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("a", 1, { answer: answerRow("a", "k", 1) }),
      instanceCommit("b", 1, { answer: answerRow("b", "k", 1) }),
    ]);
    const instances = await store.loadInstances(["b", "none", "a", "b"]);
    expect(instances.map((row) => row?.instanceId)).toEqual(["b", undefined, "a", "b"]);
    const answers = await store.loadAnswers([
      { instanceId: "b", key: "k" },
      { instanceId: "b", key: "other" },
      { instanceId: "a", key: "k" },
    ]);
    expect(answers.map((row) => row?.instanceId)).toEqual(["b", undefined, "a"]);
    expect(await store.loadInstances([])).toEqual([]);
  });

  test("history and audit come in pages, by number and not by letter, of one instance alone", async () => {
    const { store, lease } = current();
    const items = [...Array(12).keys()].flatMap((index) =>
      ["a", "b"].map((instanceId) =>
        instanceCommit(instanceId, index + 1, {
          history: [{ instanceId, ordinal: index, text: `[${index}]` }],
        }),
      ),
    );
    await store.commit(lease, items);
    const history = await store.loadHistory("a", { afterOrdinal: 8, limit: 2 });
    expect(history).toEqual([
      { instanceId: "a", ordinal: 9, text: "[9]" },
      { instanceId: "a", ordinal: 10, text: "[10]" },
    ]);
    expect((await store.loadHistory("a", { afterOrdinal: -1, limit: 100 })).length).toBe(12);
    const audit = await store.loadAudit("b", { afterSeq: 9, limit: 2 });
    expect(audit.map((row) => [row.instanceId, row.seq])).toEqual([
      ["b", 10],
      ["b", 11],
    ]);
    expect((await store.loadAudit("b", { afterSeq: 0, limit: 100 })).map((row) => row.seq)).toEqual(
      [...Array(12).keys()].map((index) => index + 1),
    );
    expect(await store.loadAudit("none", { afterSeq: 0, limit: 9 })).toEqual([]);
  });

  test("incidents come by opening, instance and id, narrowed by instance and by being open", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("b", 1, {
        incidents: [
          incidentRow("b", "2", { openedAt: "2026-01-02" }),
          incidentRow("b", "1", { openedAt: "2026-01-02" }),
        ],
      }),
      instanceCommit("a", 1, {
        incidents: [
          incidentRow("a", "3", { openedAt: "2026-01-03" }),
          incidentRow("a", "9", { openedAt: "2026-01-02" }),
        ],
      }),
      instanceCommit("a", 2, {
        incidents: [incidentRow("a", "9", { openedAt: "2026-01-02", isOpen: false, text: '"closed"' })],
      }),
    ]);
    const ids = async (query: { instanceId?: string; isOpen?: boolean; limit?: number }) =>
      (await store.listIncidents({ limit: 100, ...query })).map((row) => row.incidentId);
    expect(await ids({})).toEqual(["9", "1", "2", "3"]);
    expect(await ids({ limit: 2 })).toEqual(["9", "1"]);
    expect(await ids({ isOpen: true })).toEqual(["1", "2", "3"]);
    expect(await ids({ isOpen: false })).toEqual(["9"]);
    expect(await ids({ instanceId: "a" })).toEqual(["9", "3"]);
    expect(await ids({ instanceId: "a", isOpen: true })).toEqual(["3"]);
    expect((await store.listIncidents({ isOpen: false, limit: 1 }))[0]?.text).toBe('"closed"');
  });

  test("a published version never changes, and the highest is the newest", async () => {
    const { store } = current();
    expect(await store.saveDefinition(definitionRow("order", 9))).toBe("saved");
    expect(await store.saveDefinition(definitionRow("order", 10))).toBe("saved");
    expect(await store.saveDefinition(definitionRow("loan", 1))).toBe("saved");
    expect(await store.saveDefinition(definitionRow("order", 9, { author: "eve", note: "again" }))).toBe(
      "same",
    );
    const other = definitionRow("order", 9, { hash: "b".repeat(64), text: "[]" });
    expect(await store.saveDefinition(other)).toBe("different");

    expect(await store.loadDefinition("order", 9)).toEqual(definitionRow("order", 9));
    expect(await store.loadDefinition("order")).toEqual(definitionRow("order", 10));
    expect(await store.loadDefinition("order", 3)).toBeUndefined();
    expect(await store.loadDefinition("none")).toBeUndefined();
    expect(await store.listNewestVersions()).toEqual([
      { stateMachineId: "loan", version: 1 },
      { stateMachineId: "order", version: 10 },
    ]);
    expect(await store.listVersions()).toEqual([
      { stateMachineId: "loan", version: 1 },
      { stateMachineId: "order", version: 9 },
      { stateMachineId: "order", version: 10 },
    ]);
    expect((await store.listDefinitions()).map((row) => `${row.stateMachineId}@${row.version}`)).toEqual([
      "loan@1",
      "order@9",
      "order@10",
    ]);
  });

  test("pruning forgets what expired before the instant, at most so many, the oldest first", async () => {
    const { store, lease } = current();
    const keys = [30, 10, 20, 40];
    await store.commit(
      lease,
      keys.map((expiresAtMs, index) =>
        instanceCommit("i", index + 1, {
          answer: answerRow("i", `k${expiresAtMs}`, index + 1, { expiresAtMs }),
        }),
      ),
    );
    const left = async () =>
      (await store.loadAnswers(keys.map((at) => ({ instanceId: "i", key: `k${at}` })))).flatMap((row) =>
        row === undefined ? [] : [row.expiresAtMs],
      );
    expect(await store.pruneAnswers(10, 100)).toBe(0);
    expect(await store.pruneAnswers(31, 2)).toBe(2);
    expect(await left()).toEqual([30, 40]);
    expect(await store.pruneAnswers(31, 100)).toBe(1);
    expect(await left()).toEqual([40]);
    const again = instanceCommit("i", 5, { answer: answerRow("i", "k10", 5) });
    expect(await store.commit(lease, [again])).toEqual([{ outcome: "committed" }]);
  });

  test("texts are kept byte for byte, whatever is in them and however long they are", async () => {
    const { store, place, lease, kind } = current();
    const texts = [
      "",
      " ",
      "😀👩‍👩‍👧 ä\u0308",
      "\u2028\u2029\uFEFF",
      "'\"\\%_;--",
      "\r\n\t\u0001\u007F",
      "\uFFFF",
      "x😀".repeat(400_000),
    ];
    const items = texts.map((text, index) =>
      instanceCommit(`i${index}😀`, 1, {
        instance: { snapshot: text, currentState: text.slice(0, 60) },
        history: [{ instanceId: `i${index}😀`, ordinal: 0, text }],
      }),
    );
    await store.commit(lease, items);
    let reader = store;
    if (kind.keepsRows === "in a file") {
      await store.close();
      reader = place.store();
      await reader.open();
    }
    for (const [index, text] of texts.entries()) {
      const [row] = await reader.loadInstances([`i${index}😀`]);
      expect(row?.snapshot === text).toBe(true);
      expect(row?.currentState).toBe(text.slice(0, 60));
      const [visit] = await reader.loadHistory(`i${index}😀`, { afterOrdinal: -1, limit: 1 });
      expect(visit?.text === text).toBe(true);
    }
  });
});
