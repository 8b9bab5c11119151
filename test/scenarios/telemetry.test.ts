/** What the engine tells of its work, on every store, on a virtual clock. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { EngineOptions } from "../../src/engine.js";
import { memory } from "../../src/stores/memory/memory-store.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { RecordingTelemetry } from "../kit/recording-telemetry.js";
import { failed, never, ok } from "../kit/scripted-channel.js";

let bench: EngineBench | undefined;
let told = new RecordingTelemetry();

async function open(
  kind: (typeof STORE_KINDS)[number],
  definition: JsonObject,
  options: Partial<EngineOptions> = {},
): Promise<EngineBench> {
  told = new RecordingTelemetry();
  bench = await openBench(kind, [definition], { telemetry: told, ...options });
  return bench;
}

afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

describe.each(STORE_KINDS)("on %s", (kind) => {
  it("commands are told by type and outcome, each once", async () => {
    const { engine, settle } = await open(kind, workMachine());
    const { instanceId } = await engine.start("workMachine", { idempotencyKey: "s" });
    await engine.start("workMachine", { idempotencyKey: "s" });
    await expect(engine.send(instanceId, "nonsense")).rejects.toMatchObject({ code: "NOT_ENABLED" });
    await expect(engine.send("nobody", "go")).rejects.toMatchObject({ code: "INSTANCE_UNKNOWN" });
    await engine.send(instanceId, "go");
    await settle();
    expect(told.commands).toEqual([
      "start started",
      "start repeated",
      "event rejected",
      "event failed",
      "event taken",
      "actionResult done",
    ]);
    expect(told.steps).toEqual(["start", "event", "event", "actionResult"]);
  });

  it("commits are told with the size of their groups, and everything that is written is in one of them", async () => {
    const { engine, settle } = await open(
      kind,
      workMachine({ callback: { webhook: { url: "http://x.example/told" } } }),
    );
    const started = await Promise.all(Array.from({ length: 20 }, () => engine.start("workMachine")));
    await settle();
    expect(Math.max(...told.commits)).toBeGreaterThan(5);
    for (const { instanceId } of started) await engine.send(instanceId, "go");
    await settle();
    // A start, an event, a result and the end of a delivery each.
    expect(told.commits.reduce((sum, items) => sum + items, 0)).toBe(20 * 4);
  });

  it("tries and deliveries are told by channel, purpose and outcome", async () => {
    const { engine, channel, clock } = await open(
      kind,
      workMachine(
        { retryCount: 2, retryDelay: "PT1S", callback: { webhook: { url: "http://x.example/told" } } },
        {
          machine: { globalCallbackHandler: { webhook: { url: "http://x.example/all" }, events: ["error"] } },
        },
      ),
    );
    channel.on("/work", (attempt) => (attempt === 1 ? failed("down") : never()));
    channel.on("/told", (attempt) => (attempt === 1 ? failed("down") : ok()));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(60_000);
    expect(told.attempts).toEqual([
      "webhook action failed",
      "webhook action timeout",
      "webhook global completed",
      "webhook callback failed",
      "webhook callback completed",
    ]);
    expect(new Set(told.launches.map(({ purpose }) => purpose))).toEqual(new Set(["action", "delivery"]));
    expect(told.launches.every(({ lagMs }) => lagMs >= 0)).toBe(true);
  });

  it("a timer that was due while the engine did not come to it is told with its lag", async () => {
    const { engine, clock } = await open(kind, {
      stateMachineId: "waiting",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "done", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "expire",
          fromStateId: "init",
          toStateId: "done",
          event: [{ eventId: "expired", trigger: "time-based", after: "PT1H" }],
        },
      ],
    });
    await engine.start("waiting");
    await clock.advanceBy(3_600_000);
    expect(told.timerLags).toEqual([0]);
  });

  it("incidents are told as they open and close, and their number is the store's", async () => {
    const { engine, channel, settle } = await open(kind, workMachine({ onError: "notify" }));
    channel.on("/work", (attempt) => (attempt < 4 ? failed("no", true) : ok()));
    const started = await Promise.all([1, 2, 3].map(() => engine.start("workMachine")));
    for (const { instanceId } of started) await engine.send(instanceId, "go");
    await settle();
    expect([told.incidentsAtStartWere, told.incidentsOpen]).toEqual([0, 3]);
    expect(told.incidentCodes).toEqual(["ACTION_FAILED", "ACTION_FAILED", "ACTION_FAILED"]);
    await engine.retry(started[0]?.instanceId ?? "");
    await settle();
    expect(told.incidentsOpen).toBe(2);
    expect((await engine.incidents({ isOpen: true, limit: 10 })).length).toBe(2);
  });
});

it("the incidents that an earlier process left open are counted at the start", async () => {
  const store = memory();
  const first = await open("memory", workMachine({ onError: "notify" }), { store });
  first.channel.on("/work", () => failed("no", true));
  const { instanceId } = await first.engine.start("workMachine");
  await first.engine.send(instanceId, "go");
  await first.settle();
  await first.close();
  await open("memory", workMachine({ onError: "notify" }), { store });
  expect([told.incidentsAtStartWere, told.incidentsOpen]).toEqual([1, 1]);
});

it("what is measured takes the very steps of what is not", async () => {
  const trails: string[] = [];
  for (const options of [{}, { telemetry: new RecordingTelemetry() }]) {
    const { engine, channel, clock, close } = await openBench(
      "memory",
      [workMachine({ retryCount: 1 })],
      options,
    );
    channel.on("/work", (attempt) => (attempt === 1 ? failed("down") : ok()));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(60_000);
    trails.push(JSON.stringify(await engine.audit(instanceId)));
    await close();
  }
  expect(trails[1]).toBe(trails[0]);
});

it("a change of a circuit breaker is told, and the listener of the embedder hears it too", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  await new Promise((resolve) => closed.close(resolve));
  const heard: string[] = [];
  const action = webhookAction("work", { trigger: { webhook: { url: `${origin}/work` } } });
  const { engine, store } = await open("memory", workMachine(action), {
    channels: new Map(),
    outbound: {
      breaker: { failures: 1, openForMs: 10_000 },
      onBreakerChange: (of, state) => heard.push(`${of} ${state}`),
    },
  });
  const { instanceId } = await engine.start("workMachine");
  await engine.send(instanceId, "go");
  const ended = new Promise<void>((resolve) => {
    const stop = engine.watch(({ snapshot }) => {
      if (snapshot.status !== "error") return;
      stop();
      resolve();
    });
  });
  if ((await store.loadInstances([instanceId]))[0]?.status !== "error") await ended;
  expect(told.breakers).toEqual([`${origin} open`]);
  expect(heard).toEqual(told.breakers);
});
