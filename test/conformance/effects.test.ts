import { expect, test } from "vitest";
import type { DeliveryCommit, EffectPurpose, EffectRow } from "../../src/ports/store.js";
import { describeStore } from "./describe-store.js";
import { AT_MS, instanceCommit, effectRow as plainEffectRow } from "./rows.js";

const PURPOSES = ["action", "delivery", "link"] as const;
const ALL = { purpose: "delivery", dueBeforeMs: Number.MAX_SAFE_INTEGER, limit: 1000 } as const;

/** Deliveries, ordered or not, unless a test says otherwise. */
function effectRow(
  instanceId: string,
  seq: number,
  ordinal: number,
  other: Partial<EffectRow> = {},
): EffectRow {
  return plainEffectRow(instanceId, seq, ordinal, { purpose: "delivery", ...other });
}

function delivery(
  instanceId: string,
  seq: number,
  ordinal: number,
  change: DeliveryCommit["change"],
): DeliveryCommit {
  return { kind: "delivery", effectId: { instanceId, seq, ordinal }, change };
}

function places(rows: readonly EffectRow[]): readonly string[] {
  return rows.map((row) => `${row.instanceId} ${row.seq}.${row.ordinal}`);
}

const ordered = { isOrdered: true } as const;

describeStore("effects", (current) => {
  test("due effects come by due time, then instance, seq, ordinal, up to the limit", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("b", 1, { effectsAdded: [effectRow("b", 1, 10), effectRow("b", 1, 9)] }),
      instanceCommit("a", 1, { effectsAdded: [effectRow("a", 1, 1, { dueAtMs: AT_MS + 1 })] }),
      instanceCommit("b", 2, { effectsAdded: [effectRow("b", 2, 0), effectRow("b", 2, 1, { dueAtMs: 5 })] }),
    ]);
    const expected = ["b 2.1", "b 1.9", "b 1.10", "b 2.0", "a 1.1"];
    expect(places(await store.dueEffects(lease, ALL))).toEqual(expected);
    expect(places(await store.dueEffects(lease, { ...ALL, limit: 2 }))).toEqual(expected.slice(0, 2));
    expect(places(await store.loadEffects("b"))).toEqual(["b 1.9", "b 1.10", "b 2.0", "b 2.1"]);
    expect(await store.nextEffectAt(lease, { afterMs: 0, purposes: PURPOSES })).toBe(5);
    expect(await store.nextEffectAt(lease, { afterMs: 5, purposes: PURPOSES })).toBe(AT_MS);
    expect(await store.nextEffectAt(lease, { afterMs: AT_MS, purposes: PURPOSES })).toBe(AT_MS + 1);
    expect(await store.nextEffectAt(lease, { afterMs: AT_MS + 1, purposes: PURPOSES })).toBeUndefined();
  });

  test("an effect is due at its very instant and not a millisecond before", async () => {
    const { store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1, { effectsAdded: [effectRow("i", 1, 0)] })]);
    expect(await store.dueEffects(lease, { ...ALL, dueBeforeMs: AT_MS - 1 })).toEqual([]);
    expect(places(await store.dueEffects(lease, { ...ALL, dueBeforeMs: AT_MS }))).toEqual(["i 1.0"]);
  });

  test("tries and deliveries are asked for apart, so that many of one never hide the others", async () => {
    const { store, lease } = current();
    const rows = [effectRow("i", 1, 0), effectRow("i", 1, 1, { purpose: "action", dueAtMs: AT_MS + 7 })];
    await store.commit(lease, [instanceCommit("i", 1, { effectsAdded: rows })]);
    expect(places(await store.dueEffects(lease, { ...ALL, purpose: "action" }))).toEqual(["i 1.1"]);
    expect(places(await store.dueEffects(lease, { ...ALL, purpose: "delivery" }))).toEqual(["i 1.0"]);
    expect(await store.nextEffectAt(lease, { afterMs: AT_MS, purposes: PURPOSES })).toBe(AT_MS + 7);
  });

  test("with nothing to send there is no next instant", async () => {
    const { store, lease } = current();
    expect(await store.nextEffectAt(lease, { afterMs: 0, purposes: PURPOSES })).toBeUndefined();
    expect(await store.dueEffects(lease, ALL)).toEqual([]);
  });

  test("of the ordered ones of an instance only the first is due, and the next when that has ended", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, {
        effectsAdded: [effectRow("i", 1, 1, ordered), effectRow("i", 1, 0, ordered), effectRow("i", 1, 2)],
      }),
      instanceCommit("i", 2, { effectsAdded: [effectRow("i", 2, 0, { ...ordered, dueAtMs: 1 })] }),
      instanceCommit("j", 1, { effectsAdded: [effectRow("j", 1, 0, ordered)] }),
    ]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 1.0", "i 1.2", "j 1.0"]);
    await store.commit(lease, [delivery("i", 1, 0, "ended")]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 1.1", "i 1.2", "j 1.0"]);
    await store.commit(lease, [
      instanceCommit("i", 3, { effectsEnded: [{ instanceId: "i", seq: 1, ordinal: 1 }] }),
    ]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 2.0", "i 1.2", "j 1.0"]);
  });

  test("a first ordered one that is not due yet holds back the ones behind it, and they do not wake anybody", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, {
        effectsAdded: [effectRow("i", 1, 0, ordered), effectRow("i", 1, 1, ordered)],
      }),
      delivery("i", 1, 0, { dueAtMs: AT_MS + 60_000, attempts: 1 }),
    ]);
    expect(await store.dueEffects(lease, { ...ALL, dueBeforeMs: AT_MS })).toEqual([]);
    expect(await store.nextEffectAt(lease, { afterMs: 0, purposes: PURPOSES })).toBe(AT_MS + 60_000);
    expect((await store.dueEffects(lease, ALL)).map((row) => row.attempts)).toEqual([1]);
  });

  test("one that ends in the middle of the ordered ones lets nobody past the first", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, {
        effectsAdded: [0, 1, 2].map((ordinal) => effectRow("i", 1, ordinal, ordered)),
      }),
      delivery("i", 1, 1, "ended"),
    ]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 1.0"]);
    await store.commit(lease, [delivery("i", 1, 0, "ended")]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 1.2"]);
  });

  test("an ordered one that is added after all others have ended is due at once", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, { effectsAdded: [effectRow("i", 1, 0, ordered)] }),
      instanceCommit("i", 2, {
        effectsEnded: [{ instanceId: "i", seq: 1, ordinal: 0 }],
        effectsAdded: [effectRow("i", 2, 0, ordered)],
      }),
    ]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 2.0"]);
  });

  test("ordered ones follow each other within their purpose: a stuck notice holds up no link, nor the other way round", async () => {
    const { store, lease } = current();
    const link = { ...ordered, purpose: "link" } as const;
    const links = { ...ALL, purpose: "link" } as const;
    await store.commit(lease, [
      instanceCommit("i", 1, {
        effectsAdded: [
          effectRow("i", 1, 0, ordered),
          effectRow("i", 1, 1, link),
          effectRow("i", 1, 2, ordered),
          effectRow("i", 1, 3, link),
        ],
      }),
      instanceCommit("i", 2, { effectsAdded: [effectRow("i", 2, 0, link)] }),
    ]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 1.0"]);
    expect(places(await store.dueEffects(lease, links))).toEqual(["i 1.1"]);
    await store.commit(lease, [delivery("i", 1, 1, "ended")]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 1.0"]);
    expect(places(await store.dueEffects(lease, links))).toEqual(["i 1.3"]);
    await store.commit(lease, [
      delivery("i", 1, 0, "ended"),
      instanceCommit("i", 3, { effectsEnded: [{ instanceId: "i", seq: 1, ordinal: 3 }] }),
    ]);
    expect(places(await store.dueEffects(lease, ALL))).toEqual(["i 1.2"]);
    expect(places(await store.dueEffects(lease, links))).toEqual(["i 2.0"]);
  });

  test("the next instant is that of the purposes that are asked for", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, {
        effectsAdded: [
          effectRow("i", 1, 0, { purpose: "action", dueAtMs: 30 }),
          effectRow("i", 1, 1, { dueAtMs: 20 }),
          effectRow("i", 1, 2, { purpose: "link", dueAtMs: 10 }),
        ],
      }),
    ]);
    const next = (...purposes: EffectPurpose[]) => store.nextEffectAt(lease, { afterMs: 0, purposes });
    expect(await next("link")).toBe(10);
    expect(await next("action", "delivery")).toBe(20);
    expect(await next("action")).toBe(30);
    expect(await store.nextEffectAt(lease, { afterMs: 10, purposes: ["link"] })).toBeUndefined();
  });

  test("the first ordered ones of an instance and purpose come in order, due or not, up to the limit", async () => {
    const { store, lease } = current();
    const link = { ...ordered, purpose: "link" } as const;
    await store.commit(lease, [
      instanceCommit("i", 1, {
        effectsAdded: [
          effectRow("i", 1, 10, link),
          effectRow("i", 1, 9, { ...link, dueAtMs: AT_MS + 1 }),
          effectRow("i", 1, 1, ordered),
          effectRow("i", 1, 2, { purpose: "link" }),
        ],
      }),
      instanceCommit("i", 2, { effectsAdded: [effectRow("i", 2, 0, link)] }),
      instanceCommit("j", 1, { effectsAdded: [effectRow("j", 1, 0, link)] }),
    ]);
    const query = { instanceId: "i", purpose: "link", limit: 100 } as const;
    expect(places(await store.loadOrderedEffects(query))).toEqual(["i 1.9", "i 1.10", "i 2.0"]);
    expect(places(await store.loadOrderedEffects({ ...query, limit: 2 }))).toEqual(["i 1.9", "i 1.10"]);
    expect(places(await store.loadOrderedEffects({ ...query, purpose: "delivery" }))).toEqual(["i 1.1"]);
    expect(await store.loadOrderedEffects({ ...query, instanceId: "none" })).toEqual([]);
  });

  test("what is said of an effect that is gone changes nothing and is no error", async () => {
    const { store, lease } = current();
    await store.commit(lease, [instanceCommit("i", 1, { effectsAdded: [effectRow("i", 1, 1)] })]);
    const said = [delivery("i", 1, 0, "ended"), delivery("i", 1, 0, { dueAtMs: 1, attempts: 1 })];
    const ended = instanceCommit("i", 2, { effectsEnded: [{ instanceId: "i", seq: 1, ordinal: 0 }] });
    expect((await store.commit(lease, [...said, ended])).map(({ outcome }) => outcome)).toEqual([
      "committed",
      "committed",
      "committed",
    ]);
    expect(await store.loadEffects("i")).toEqual([effectRow("i", 1, 1)]);
  });

  test("an effect begins for the first who asks, while it is there, and stays begun", async () => {
    const { store, lease } = current();
    const action = { purpose: "action" } as const;
    await store.commit(lease, [instanceCommit("i", 1, { effectsAdded: [effectRow("i", 1, 0, action)] })]);
    const begins = [delivery("i", 1, 0, "begun"), delivery("i", 1, 0, "begun"), delivery("i", 1, 7, "begun")];
    expect((await store.commit(lease, begins)).map(({ outcome }) => outcome)).toEqual([
      "committed",
      "gone",
      "gone",
    ]);
    await store.commit(lease, [delivery("i", 1, 0, { dueAtMs: 5, attempts: 1 })]);
    const begun = effectRow("i", 1, 0, { ...action, isBegun: true, dueAtMs: 5, attempts: 1 });
    expect(await store.loadEffects("i")).toEqual([begun]);
    expect(await store.dueEffects(lease, { ...ALL, purpose: "action" })).toEqual([begun]);
    await store.commit(lease, [delivery("i", 1, 0, "ended")]);
    expect(await store.commit(lease, [delivery("i", 1, 0, "begun")])).toEqual([{ outcome: "gone" }]);
  });
});
