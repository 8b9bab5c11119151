/** Both stores are given the same random batches, valid and conflicting, and must answer and hold the same. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { CommitItem, EffectId } from "../../src/ports/store.js";
import { openedWithLease, STORE_KINDS } from "./places.js";
import { answerRow, contents, effectRow, incidentRow, instanceCommit, signal, timerRow } from "./rows.js";

const INSTANCES = ["a", "b", "\uFFFD", "😀"];
const KEYS = ["k", "l", "m\nn"];
const TIMERS = ["t", "u"];

const instanceId = fc.constantFrom(...INSTANCES);
const dueAtMs = fc.integer({ min: 0, max: 6 });
const effectId: fc.Arbitrary<EffectId> = fc.record({
  instanceId,
  seq: fc.integer({ min: 1, max: 6 }),
  ordinal: fc.integer({ min: 0, max: 2 }),
});

const delivery: fc.Arbitrary<CommitItem> = fc.record({
  kind: fc.constant("delivery" as const),
  effectId,
  change: fc.oneof(
    fc.constant("ended" as const),
    fc.record({ dueAtMs, attempts: fc.integer({ min: 1, max: 3 }) }),
  ),
});

/** `lag` makes the expected seq wrong; otherwise it is what the instance would have if every commit before succeeded. */
const plan = fc.record({
  instanceId,
  lag: fc.constantFrom(0, 0, 0, 0, 1, -1),
  status: fc.constantFrom("active" as const, "suspended" as const, "completed" as const),
  currentState: fc.constantFrom("open", "paid"),
  text: fc.string({ unit: "grapheme", maxLength: 5 }),
  visits: fc.integer({ min: 0, max: 2 }),
  effects: fc.uniqueArray(
    fc.record({
      ordinal: fc.integer({ min: 0, max: 2 }),
      purpose: fc.constantFrom("action" as const, "delivery" as const, "link" as const),
      isOrdered: fc.boolean(),
      dueAtMs,
    }),
    {
      selector: ({ ordinal }) => ordinal,
    },
  ),
  ended: fc.array(effectId, { maxLength: 2 }),
  set: fc.array(fc.record({ timerId: fc.constantFrom(...TIMERS), dueAtMs }), { maxLength: 2 }),
  cleared: fc.array(fc.constantFrom(...TIMERS), { maxLength: 1 }),
  incident: fc.option(
    fc.record({
      incidentId: fc.constantFrom("n", "o"),
      isOpen: fc.boolean(),
      openedAt: fc.constantFrom("1", "2"),
    }),
  ),
  awaits: fc.option(fc.subarray([signal("go"), signal("stop")]), { nil: undefined }),
  key: fc.option(fc.constantFrom(...KEYS), { freq: 2 }),
  expiresAtMs: dueAtMs,
});

type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;
type Step =
  | { readonly batch: readonly (Plan | CommitItem)[] }
  | { readonly prune: { readonly beforeMs: number; readonly limit: number } };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      batch: fc.array(fc.oneof({ weight: 4, arbitrary: plan }, delivery), { maxLength: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ prune: fc.record({ beforeMs: dueAtMs, limit: fc.integer({ min: 1, max: 3 }) }) }),
  },
);

/** `seqs` is what the plan believes the instance to have; it is kept true from the outcomes, between batches. */
function item(planned: Plan, seqs: Map<string, number>): CommitItem {
  const { instanceId: id } = planned;
  const seq = Math.max(1, (seqs.get(id) ?? 0) + 1 + planned.lag);
  if (planned.lag === 0) seqs.set(id, seq);
  return instanceCommit(id, seq, {
    instance: { status: planned.status, currentState: planned.currentState, snapshot: planned.text },
    history: [...Array(planned.visits).keys()].map((index) => ({
      instanceId: id,
      ordinal: seq * 2 + index,
      text: planned.text,
    })),
    effectsAdded: planned.effects.map(({ ordinal, ...change }) => effectRow(id, seq, ordinal, change)),
    effectsEnded: planned.ended.filter((ended) => ended.instanceId === id && ended.seq < seq),
    timersSet: planned.set.map((timer) => timerRow(id, timer.timerId, timer.dueAtMs)),
    timersCleared: planned.cleared,
    incidents:
      planned.incident === null ? [] : [incidentRow(id, planned.incident.incidentId, planned.incident)],
    awaits: planned.awaits,
    answer:
      planned.key === null
        ? undefined
        : answerRow(id, planned.key, seq, { expiresAtMs: planned.expiresAtMs, text: planned.text }),
  });
}

/** Runs the steps on a fresh store; gives every outcome, what was there after each step, and how often each outcome came. */
async function run(kind: (typeof STORE_KINDS)[number], steps: readonly Step[]): Promise<readonly unknown[]> {
  const place = kind.make();
  try {
    const { store, lease } = await openedWithLease(place);
    const seen: unknown[] = [];
    for (const one of steps) {
      if ("prune" in one) {
        seen.push(await store.pruneAnswers(one.prune.beforeMs, one.prune.limit));
      } else {
        const seqs = new Map<string, number>();
        for (const row of await store.loadInstances(INSTANCES))
          if (row !== undefined) seqs.set(row.instanceId, row.seq);
        const items = one.batch.map((entry) => ("kind" in entry ? entry : item(entry, seqs)));
        const answers = await store.commit(lease, items);
        for (const { outcome } of answers) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
        seen.push(answers);
      }
      seen.push(await contents(store, lease, INSTANCES));
      seen.push(await store.dueEffects(lease, { purpose: "delivery", dueBeforeMs: 3, limit: 4 }));
      const keys = INSTANCES.flatMap((id) => KEYS.map((key) => ({ instanceId: id, key })));
      seen.push(await store.loadAnswers(keys));
      seen.push(await Promise.all(KEYS.map((key) => store.findAnswers(key))));
    }
    return seen;
  } finally {
    await place.remove();
  }
}

const counts = new Map<string, number>();

test("the same commits have the same outcomes and leave the same contents in every store", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const [first, ...others] = STORE_KINDS;
      if (first === undefined) throw new Error("There is no store to compare.");
      const expected = await run(first, steps);
      for (const kind of others) expect(await run(kind, steps)).toEqual(expected);
    }),
    { numRuns: 100 },
  );
  // A campaign that never met a conflict would show nothing.
  for (const outcome of ["committed", "seq-conflict", "answered"]) {
    expect(counts.get(outcome) ?? 0, outcome).toBeGreaterThan(50);
  }
});
