/**
 * An engine that is asked to stop: it takes no new work, what is under way ends or is handed back to the next start,
 * and it is gone within the grace period.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEngine, openReader } from "../../src/engine.js";
import type { Store } from "../../src/ports/store.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { checkTransfers } from "./check-transfers.js";
import { type Booking, LedgerBank } from "./ledger-bank.js";
import { BANK_ORIGIN, STATE_MACHINE_ID, TRANSFER_DEFINITION } from "./transfer-definition.mjs";
import { isBuilt, TransferPlace } from "./transfer-process.js";

const AT_ONCE = 8;

let bank: LedgerBank;
let place: TransferPlace;

beforeEach(async () => {
  bank = await LedgerBank.listen();
  place = new TransferPlace(bank);
});

afterEach(async () => {
  await place.remove();
  await bank.close();
});

describe.skipIf(!isBuilt)("SIGTERM", () => {
  test("lets calls under way end, hands back those that do not, and takes nothing new", async () => {
    const calls: { readonly booking: Booking; readonly release: () => void }[] = [];
    let allCalled: () => void = () => {};
    const called = new Promise<void>((resolve) => {
      allCalled = resolve;
    });
    bank.beforeAnswer = (booking) =>
      new Promise((release) => {
        calls.push({ booking, release });
        if (calls.length === AT_ONCE) allCalled();
      });
    const life = place.start({ total: AT_ONCE, atOnce: AT_ONCE, graceMs: 1_000 });
    await Promise.race([called, life.said("never")]);
    life.signal("SIGTERM");
    await life.said("refused ENGINE_STOPPED");
    const answered = calls.slice(0, AT_ONCE / 2);
    for (const { release } of answered) release();
    const death = await life.death;
    expect(death, death.said).toMatchObject({ code: 0, signal: null });
    expect(calls.map(({ booking }) => booking.path)).toEqual(Array(AT_ONCE).fill("/hold"));
    const held = new Set(answered.map(({ booking }) => booking.transfer));
    expect(await statesAndTries(place)).toEqual(
      new Map(
        calls.map(({ booking: { transfer } }) => [
          transfer,
          held.has(transfer) ? { state: "cooling", tries: 0 } : { state: "holding", tries: 1 },
        ]),
      ),
    );

    bank.beforeAnswer = async () => {};
    const end = await place.live({ total: AT_ONCE, atOnce: AT_ONCE });
    expect(end, end.said).toMatchObject({ code: 0 });
    expect(await checkTransfers(place, bank)).toMatchObject({ transfers: AT_ONCE });
    expect(bank.repeats).toBe(AT_ONCE / 2);
  });

  test("amid a load ends the process with 0, and nothing is lost or doubled", async () => {
    for (const answers of [20, 60]) {
      const life = place.start({ total: Number.MAX_SAFE_INTEGER, atOnce: AT_ONCE, graceMs: 10_000 });
      await life.answered(answers);
      life.signal("SIGTERM");
      const death = await life.death;
      expect(death, death.said).toMatchObject({ code: 0, signal: null });
    }
    const end = await place.live({ total: 0, atOnce: AT_ONCE });
    expect(end, end.said).toMatchObject({ code: 0 });
    const { acknowledged } = await checkTransfers(place, bank);
    expect(acknowledged).toBeGreaterThanOrEqual(80);
  });
});

test("commands that were taken before the stop are answered, also those that wait for their turn", async () => {
  const engine = await createEngine({
    store: distant(sqlite(place.databasePath)),
    definitions: [TRANSFER_DEFINITION],
    outbound: { rewrite: [{ from: BANK_ORIGIN, to: bank.url }] },
  });
  const { instanceId } = await engine.start(STATE_MACHINE_ID, { data: { amount: 1 } });
  const remarks = Array.from({ length: 20 }, (_, place) =>
    engine.send(instanceId, "remark", { idempotencyKey: `remark ${place}` }),
  );
  const closed = engine.close();
  await expect(engine.send(instanceId, "remark")).rejects.toMatchObject({ code: "ENGINE_STOPPED" });
  await expect(engine.start(STATE_MACHINE_ID)).rejects.toMatchObject({ code: "ENGINE_STOPPED" });
  const seqs = (await Promise.all(remarks)).map(({ answer }) => answer.seq);
  await closed;
  expect(seqs).toEqual(seqs.map((_, index) => index + 2));
  await expect(engine.start(STATE_MACHINE_ID)).rejects.toMatchObject({ code: "ENGINE_STOPPED" });
});

/** A store whose reads take turns of the event loop, as those of a server do. */
function distant(store: Store): Store {
  const loadAnswers: Store["loadAnswers"] = async (keys) => {
    const answers = await store.loadAnswers(keys);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return answers;
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "loadAnswers") return loadAnswers;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** By instance: its state, and the tries that are still in the outbox. */
async function statesAndTries(
  from: TransferPlace,
): Promise<ReadonlyMap<string, { readonly state: string; readonly tries: number }>> {
  const store = sqlite(from.databasePath, { readOnly: true });
  const { reader, close } = await openReader(store);
  try {
    const states = new Map<string, { state: string; tries: number }>();
    for (const { instanceId, currentState } of await store.listInstances({ limit: 1_000 })) {
      const { effects } = await reader.pending(instanceId);
      const tries = effects.filter(({ purpose }) => purpose === "action").length;
      states.set(instanceId, { state: currentState, tries });
    }
    return states;
  } finally {
    await close();
  }
}
