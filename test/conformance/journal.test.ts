import { expect, test } from "vitest";
import { describeStore } from "./describe-store.js";
import { instanceCommit } from "./rows.js";

describeStore("the journal", (current) => {
  const order = ["b", "a", "c", "a", "b"];

  async function fill(): Promise<void> {
    const { store, lease } = current();
    const seqs = new Map<string, number>();
    for (const instanceId of order) {
      const seq = (seqs.get(instanceId) ?? 0) + 1;
      seqs.set(instanceId, seq);
      await store.commit(lease, [instanceCommit(instanceId, seq)]);
    }
  }

  test("holds the entries of all instances in the order of their commits, in pages", async () => {
    await fill();
    const { store } = current();
    const seen: string[] = [];
    for (let after = 0; ; ) {
      const page = await store.loadJournal({ afterPosition: after, limit: 2 });
      for (const { instanceId, position } of page) {
        expect(position).toBeGreaterThan(after);
        after = position;
        seen.push(instanceId);
      }
      if (page.length < 2) break;
    }
    expect(seen).toEqual(order);
  });

  test("gives the entries as the trail has them", async () => {
    await fill();
    const { store } = current();
    const [, , , row] = await store.loadJournal({ afterPosition: 0, limit: 9 });
    const { position: _, ...entry } = row ?? { position: 0 };
    expect([entry]).toEqual(await store.loadAudit("a", { afterSeq: 1, limit: 1 }));
  });

  test("ends at its head, which is 0 where nothing was committed", async () => {
    const { store, lease } = current();
    expect([await store.journalHead(), await store.loadJournal({ afterPosition: 0, limit: 9 })]).toEqual([
      0,
      [],
    ]);
    await fill();
    const last = (await store.loadJournal({ afterPosition: 0, limit: 9 })).at(-1);
    expect(await store.journalHead()).toBe(last?.position);
    await store.commit(lease, [instanceCommit("a", 9)]);
    expect(await store.journalHead()).toBe(last?.position);
  });
});
