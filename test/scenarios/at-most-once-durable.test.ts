/** Delivery at most once on every store: what is written before a try is sent, and what a row that has begun means. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { Incident } from "../../src/core/message/incident.js";
import type { Engine, EngineOptions } from "../../src/engine.js";
import type { FaultPoint } from "../../src/ports/faults.js";
import type { CommitItem, CommitOutcome, Lease, Store } from "../../src/ports/store.js";
import { memory } from "../../src/stores/memory/memory-store.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { failed, never, ok } from "../kit/scripted-channel.js";

const ASK = webhookAction("ask", {
  trigger: {
    webhook: {
      url: "http://127.0.0.1:1/ask",
      payload: { key: "$actions.work.key" },
      condition: "response.body.found",
    },
  },
});

function machine(settings: JsonObject = {}): JsonObject {
  return workMachine({ delivery: "atMostOnce", ...settings });
}

function onceAt(point: FaultPoint, happen: () => void): NonNullable<EngineOptions["faults"]> {
  let isOver = false;
  return {
    reach: (reached) => {
      if (reached !== point || isOver) return;
      isOver = true;
      happen();
    },
  };
}

describe.each(STORE_KINDS)("on %s", (kind) => {
  let bench: EngineBench | undefined;

  async function started(definition: JsonObject, options: Partial<EngineOptions> = {}) {
    bench = await openBench(kind, [definition], options);
    return { ...bench, go: go(bench) };
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test("what is not answered in time is unknown, and sent once", async () => {
    const { channel, clock, engine, go } = await started(machine({ retryCount: 5 }));
    channel.on("/work", never);
    const instanceId = await go();
    await clock.advanceBy(86_400_000);
    expect(channel.paths()).toEqual(["/work"]);
    expect((await engine.get(instanceId)).status).toBe("suspended");
    expect(await openIncidents(engine, instanceId)).toMatchObject([{ code: "OUTCOME_UNKNOWN" }]);
  });

  test("a failure that is certain to have done nothing is retried; one that is not is unknown", async () => {
    const { channel, clock, go, engine } = await started(machine({ retryCount: 5, retryDelay: "PT1S" }));
    channel.on("/work", (attempt) =>
      attempt < 3 ? { ...failed("refused"), mayHaveActed: false } : failed("reset"),
    );
    const instanceId = await go();
    await clock.advanceBy(60_000);
    expect(channel.paths()).toEqual(["/work", "/work", "/work"]);
    expect(new Set(channel.sent.map(({ key }) => key)).size).toBe(1);
    expect(await openIncidents(engine, instanceId)).toMatchObject([{ code: "OUTCOME_UNKNOWN", tries: 3 }]);
  });

  test("its reconcile action is asked with its key, and decides", async () => {
    const { channel, clock, go, engine } = await started(machine({ reconcile: ASK }));
    channel.on("/work", () => failed("reset"));
    channel.on("/ask", () => ok({ found: true }));
    const instanceId = await go();
    await clock.advanceBy(0);
    const [work, ask] = channel.sent;
    expect(ask?.payload).toEqual({ key: work?.key });
    expect((await engine.get(instanceId)).status).toBe("completed");
  });

  test("a try that an engine let go of after it had begun is not sent by the next one: it is unknown", async () => {
    const faults = onceAt("effect.after-begin", () => {
      throw new Error("gone");
    });
    const { channel, clock, go, engine } = await started(machine(), { faults });
    const instanceId = await go();
    await clock.advanceBy(60_000);
    expect(channel.paths()).toEqual([]);
    expect(await openIncidents(engine, instanceId)).toMatchObject([
      { code: "OUTCOME_UNKNOWN", message: expect.stringContaining("let go of it after the try had begun") },
    ]);
  });

  test("a result that could not be written at once is not forgotten", async () => {
    const faults = onceAt("effect.before-result", () => {
      throw new Error("no room");
    });
    const { channel, clock, go, engine } = await started(machine(), { faults });
    const instanceId = await go();
    await clock.advanceBy(60_000);
    expect(channel.paths()).toEqual(["/work"]);
    expect((await engine.get(instanceId)).status).toBe("completed");
  });
});

describe("the write before the send", () => {
  test.each<[string, (inner: () => Promise<readonly CommitOutcome[]>) => Promise<readonly CommitOutcome[]>]>([
    [
      "whose outcome is unknown",
      async (inner) => {
        await inner();
        throw new Error("the connection died in the commit");
      },
    ],
    ["that is fenced", async () => [{ outcome: "fenced" }]],
    [
      "that finds it begun already",
      async (inner) => {
        await inner();
        return [{ outcome: "gone" }];
      },
    ],
  ])("%s: nothing is sent", async (_, change) => {
    const store = changedStore(change);
    const bench = await openBench("memory", [machine()], { store });
    await go(bench)().catch(() => {});
    await bench.clock.advanceBy(3_000);
    expect(bench.channel.paths()).toEqual([]);
    await bench.engine.close({ graceMs: 0 });
  });
});

async function openIncidents(engine: Engine, instanceId: string): Promise<Incident[]> {
  const rows = await engine.incidents({ instanceId, isOpen: true, limit: 10 });
  return rows.map(({ text }) => JSON.parse(text) as Incident);
}

function go({ engine }: EngineBench): () => Promise<string> {
  return async () => {
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    return instanceId;
  };
}

/** The first commit that begins an effect goes as the test says. */
function changedStore(
  change: (inner: () => Promise<readonly CommitOutcome[]>) => Promise<readonly CommitOutcome[]>,
): Store {
  let isOver = false;
  return new Proxy(memory(), {
    get(store, name) {
      const value: unknown = Reflect.get(store, name);
      if (typeof value !== "function") return value;
      if (name !== "commit") return value.bind(store);
      return (lease: Lease, items: readonly CommitItem[]) => {
        const commit = () => store.commit(lease, items);
        const begins = items.some((item) => item.kind === "delivery" && item.change === "begun");
        if (isOver || !begins) return commit();
        isOver = true;
        return change(commit);
      };
    },
  });
}
