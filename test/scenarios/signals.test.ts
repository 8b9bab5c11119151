/** Signals: to whoever waits, to whoever begins with them, from outside and from other instances, and through crashes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { StatewrightError } from "../../src/core/errors.js";
import type { JsonObject } from "../../src/core/json/json.js";
import type { EngineOptions } from "../../src/engine.js";
import type { Store } from "../../src/ports/store.js";
import { memory, memoryTables } from "../../src/stores/memory/memory-store.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { type EngineBench, openBench, STORE_KINDS, type StoreKind } from "../kit/engine-bench.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];
const ofSignal = (signal: string) => [{ eventId: `on-${signal}`, trigger: "signal", signal }];

/** waiting --signal go--> moved --again--> waiting; --signal stop--> over */
const WAITER: JsonObject = {
  stateMachineId: "waiter",
  states: [
    { stateId: "waiting", baseStateType: "initial" },
    { stateId: "moved", baseStateType: "wait" },
    { stateId: "over", baseStateType: "final" },
  ],
  transitions: [
    { transitionId: "move", fromStateId: "waiting", toStateId: "moved", event: ofSignal("go") },
    { transitionId: "again", fromStateId: "moved", toStateId: "waiting", event: manual("again") },
    { transitionId: "stop", fromStateId: ["waiting", "moved"], toStateId: "over", event: ofSignal("stop") },
  ],
};

/** Waits for `go` again as soon as it has taken it. */
const LOOPER: JsonObject = {
  stateMachineId: "looper",
  states: [
    { stateId: "waiting", baseStateType: "initial" },
    { stateId: "over", baseStateType: "final" },
  ],
  transitions: [
    { transitionId: "move", fromStateId: "waiting", toStateId: "waiting", event: ofSignal("go") },
    { transitionId: "stop", fromStateId: "waiting", toStateId: "over", event: ofSignal("stop") },
  ],
};

/** quiet --speak--> said, which broadcasts `go` with the instance's word */
const SPEAKER: JsonObject = {
  stateMachineId: "speaker",
  states: [
    { stateId: "quiet", baseStateType: "initial" },
    {
      stateId: "said",
      baseStateType: "final",
      emits: { signal: "go", payload: { word: "$data.word" } },
    },
  ],
  transitions: [{ transitionId: "speak", fromStateId: "quiet", toStateId: "said", event: manual("speak") }],
};

/** Begins by hand, or with the signal `go`, and has a place for its word alone. */
function starter(stateMachineId: string, version: number, signal: string): JsonObject {
  const schema = {
    type: "object",
    properties: { word: { type: "string", maxLength: 10 } },
    additionalProperties: false,
  };
  return {
    stateMachineId,
    version,
    states: [
      { stateId: "byHand", baseStateType: "initial" },
      {
        stateId: "bySignal",
        baseStateType: "initial",
        data: { schema },
        startOn: { trigger: "signal", signal },
      },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "finish",
        fromStateId: ["byHand", "bySignal"],
        toStateId: "end",
        event: manual("finish"),
      },
    ],
  };
}

describe.each(STORE_KINDS)("on %s", (kind) => {
  const benches: EngineBench[] = [];

  async function open(
    definitions: readonly JsonObject[],
    options: Partial<EngineOptions> = {},
  ): Promise<EngineBench> {
    const bench = await openBench(kind, definitions, options);
    benches.push(bench);
    return bench;
  }

  afterEach(async () => {
    for (const bench of benches.splice(0)) await bench.close();
  });

  async function startWaiters(
    { engine }: EngineBench,
    count: number,
    machineId = "waiter",
  ): Promise<readonly string[]> {
    const ids = Array.from({ length: count }, (_, index) => `w-${String(index).padStart(4, "0")}`);
    await Promise.all(ids.map((instanceId) => engine.start(machineId, { instanceId })));
    return ids;
  }

  async function signalsIn({ engine }: EngineBench, instanceId: string): Promise<number> {
    return (await engine.audit(instanceId)).filter(({ type }) => type === "signal").length;
  }

  test("every instance that waits for a signal takes it, with its data, and no other one hears of it", async () => {
    const bench = await open([WAITER]);
    const { engine } = bench;
    const [first = "", second = "", third = ""] = await startWaiters(bench, 3);
    await engine.signal("go");
    await engine.send(second, "again");
    const outcome = await engine.signal("go", { data: { word: "now" }, actor: "ada", source: "test" });
    expect(outcome).toEqual({ taken: 1, started: [] });
    expect(await engine.get(second)).toMatchObject({ currentState: "moved", data: { word: "now" } });
    expect((await engine.history(second)).at(-1)).toMatchObject({ actor: "ada" });
    expect(await signalsIn(bench, first)).toBe(1);
    expect(await engine.signal("stop")).toEqual({ taken: 3, started: [] });
    expect((await engine.get(third)).status).toBe("completed");
    expect(await engine.signal("go")).toEqual({ taken: 0, started: [] });
  });

  test("a signal that nobody waits for does nothing, from outside or from an instance", async () => {
    const { engine, settle } = await open([WAITER, SPEAKER]);
    expect(await engine.signal("unheard-of")).toEqual({ taken: 0, started: [] });
    const { instanceId } = await engine.start("speaker", { data: { word: "now" } });
    await engine.send(instanceId, "speak");
    await settle();
    expect((await engine.pending(instanceId)).effects).toEqual([]);
    expect(await engine.get(instanceId)).toMatchObject({ status: "completed" });
  });

  test("repeated under one key it acts once in each instance, also in those that wait for it again", async () => {
    const bench = await open([WAITER, starter("starter", 1, "go")]);
    const { engine } = bench;
    const [first = "", second = ""] = await startWaiters(bench, 2);
    const once = await engine.signal("go", { idempotencyKey: "k" });
    expect(once.taken).toBe(2);
    await engine.send(first, "again");
    expect(await engine.signal("go", { idempotencyKey: "k" })).toEqual({ taken: 1, started: once.started });
    expect((await engine.get(first)).currentState).toBe("waiting");
    expect([await signalsIn(bench, first), await signalsIn(bench, second)]).toEqual([1, 1]);
    await expect(engine.signal("go", { idempotencyKey: "k", data: { word: "x" } })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
    // A key of somebody else's event is another key.
    await engine.send(second, "again", { idempotencyKey: "k" });
    expect((await engine.signal("go", { idempotencyKey: "l" })).taken).toBe(2);
  });

  test("machines that begin with the signal begin once, each in its newest version, with the part of the data they take", async () => {
    const { engine } = await open([
      starter("a", 1, "go"),
      starter("a", 2, "go"),
      starter("b", 1, "go"),
      starter("b", 2, "stop"),
      starter("c", 1, "go"),
    ]);
    const { taken, started } = await engine.signal("go", { data: { word: "now", other: 1 } });
    expect(taken).toBe(0);
    expect(started.length).toBe(2);
    const [a = "", c = ""] = started;
    expect(await engine.get(a)).toMatchObject({
      stateMachineId: "a",
      version: 2,
      currentState: "bySignal",
      data: { word: "now" },
    });
    expect(await engine.get(a)).not.toMatchObject({ data: { other: 1 } });
    expect(await engine.get(c)).toMatchObject({ stateMachineId: "c", version: 1 });
    expect((await engine.list()).length).toBe(2);
    await engine.start("b");
    await engine.publish(starter("c", 2, "stop"));
    expect((await engine.signal("stop")).started.length).toBe(2);
  });

  test("a start without a signal's name begins with the signal that is its event's id", async () => {
    const named = JSON.parse(
      JSON.stringify(starter("named", 1, "launch")).replace('"signal":"launch"', '"eventId":"launch"'),
    );
    const { engine } = await open([named]);
    expect((await engine.signal("launch")).started).toHaveLength(1);
    expect((await engine.signal("signal")).started).toEqual([]);
  });

  test("a machine that refuses the data does not begin, and keeps nobody else from it", async () => {
    const bench = await open([WAITER, starter("a", 1, "go")]);
    await startWaiters(bench, 1);
    expect(await bench.engine.signal("go", { data: { word: "much too long" } })).toEqual({
      taken: 1,
      started: [],
    });
  });

  test("an instance that broadcasts reaches those that wait, and those that begin with it", async () => {
    const bench = await open([WAITER, SPEAKER, starter("starter", 1, "go")]);
    const { engine, settle } = bench;
    const ids = await startWaiters(bench, 3);
    const { instanceId } = await engine.start("speaker", { data: { word: "now" } });
    await engine.send(instanceId, "speak");
    await settle();
    for (const id of ids) {
      expect(await engine.get(id)).toMatchObject({ currentState: "moved", data: { word: "now" } });
    }
    const begun = await engine.list({ stateMachineId: "starter" });
    expect(begun.map(({ currentState }) => currentState)).toEqual(["bySignal"]);
    expect((await engine.pending(instanceId)).effects).toEqual([]);
  });

  test("an instance that an operator holds takes the signal when it is resumed", async () => {
    const bench = await open([WAITER]);
    const { engine, settle } = bench;
    const [id = ""] = await startWaiters(bench, 1);
    await engine.suspend(id, { reason: "wait" });
    expect((await engine.signal("go")).taken).toBe(1);
    expect((await engine.get(id)).currentState).toBe("waiting");
    await engine.resume(id);
    await settle();
    expect((await engine.get(id)).currentState).toBe("moved");
  });

  test("what is no name, no data or no key is refused", async () => {
    const { engine } = await open([WAITER]);
    const refused = (code: string) => expect.objectContaining({ code });
    await expect(engine.signal("")).rejects.toEqual(refused("VALIDATION_FAILED"));
    await expect(engine.signal("a\nb")).rejects.toEqual(refused("VALIDATION_FAILED"));
    await expect(engine.signal("x".repeat(300))).rejects.toEqual(refused("LIMIT_EXCEEDED"));
    await expect(engine.signal("go", { data: [] as unknown as JsonObject })).rejects.toEqual(
      refused("VALIDATION_FAILED"),
    );
    await expect(engine.signal("go", { idempotencyKey: "signal\nk" })).rejects.toEqual(
      refused("VALIDATION_FAILED"),
    );
  });

  test.each([
    ["of an instance", "link"],
    ["from outside", "call"],
  ] as const)(
    "a broadcast %s to 500 that dies on the way and is taken up again acts once in each",
    async (_whose, way) => {
      const place = placeOf(kind);
      try {
        const first = await open([LOOPER, SPEAKER, starter("starter", 1, "go")], {
          store: dyingAfter(place.store(), 300),
        });
        const ids = await startWaiters(first, 500, "looper");
        await first.engine.start("speaker", { instanceId: "speaker", data: { word: "now" } });
        const request = { idempotencyKey: "k", data: { word: "now" } };
        if (way === "link") await first.engine.send("speaker", "speak");
        else {
          const died = expect.objectContaining({ code: "STORE_UNAVAILABLE" });
          await expect(first.engine.signal("go", request)).rejects.toEqual(died);
        }
        await first.settle();
        const taken = await Promise.all(ids.map((id) => signalsIn(first, id)));
        const half = taken.reduce((sum, count) => sum + count, 0);
        expect(half).toBeGreaterThanOrEqual(200);
        expect(half).toBeLessThan(500);
        await first.engine.close({ graceMs: 0 });
        benches.splice(benches.indexOf(first), 1);

        const second = await open([], { store: place.store() });
        await second.settle();
        if (way === "call") {
          expect(await second.engine.signal("go", request)).toMatchObject({ taken: 500 });
        }
        for (const id of ids) expect(await signalsIn(second, id)).toBe(1);
        expect((await second.engine.list({ stateMachineId: "starter" })).length).toBe(1);
        expect((await second.engine.pending("speaker")).effects).toEqual([]);
        await second.close();
        benches.splice(benches.indexOf(second), 1);
      } finally {
        place.remove();
      }
    },
  );
});

/** Where a process can die and another one go on. */
function placeOf(kind: StoreKind): { readonly store: () => Store; readonly remove: () => void } {
  if (kind === "memory") {
    const tables = memoryTables();
    return { store: () => memory(tables), remove: () => {} };
  }
  const directory = mkdtempSync(join(tmpdir(), "statewright-signals-"));
  return {
    store: () => sqlite(join(directory, "state.db")),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** When more signals than so many would be taken, nothing is written any more: who has this store is as good as dead. */
function dyingAfter(store: Store, signals: number): Store {
  let taken = 0;
  let isDead = false;
  const commit: Store["commit"] = (lease, items) => {
    taken += items.filter((item) => item.kind === "instance" && item.audit.type === "signal").length;
    isDead ||= taken > signals;
    if (!isDead) return store.commit(lease, items);
    return Promise.reject(new StatewrightError("STORE_UNAVAILABLE", "The disk is gone."));
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "commit") return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
