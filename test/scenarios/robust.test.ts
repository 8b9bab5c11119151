/** What must not take the runtime with it: channels that throw or hang, poisoned timers, a lost store, odd clocks. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { EngineOptions } from "../../src/engine.js";
import { workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { ok } from "../kit/scripted-channel.js";

describe.each(STORE_KINDS)("on %s", (kind) => {
  let bench: EngineBench | undefined;

  async function open(definitions: JsonObject[], options: Partial<EngineOptions> = {}): Promise<EngineBench> {
    bench = await openBench(kind, definitions, options);
    return bench;
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test("a channel that throws has failed, and its tries count", async () => {
    const { engine, channel, clock } = await open([workMachine({ retryCount: 2, retryDelay: "PT1S" })]);
    channel.on("/work", () => {
      throw new Error("broken channel");
    });
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(60_000);
    expect(channel.sent.length).toBe(3);
    expect(await engine.get(instanceId)).toMatchObject({
      status: "error",
      variables: { lastError: { errorCode: "ACTION_FAILED" } },
    });
  });

  test("a function that never returns runs out of time, and one that returns later is not looked at", async () => {
    const definition = workMachine();
    const states = (definition.states as JsonObject[]).map((state) => {
      if (state.stateId !== "work") return state;
      return {
        ...state,
        entryActions: [
          { actionId: "work", function: "slow", timeout: "PT5S", onTimeout: "abort", onError: "abort" },
        ],
      };
    });
    let finish: () => void = () => {};
    const slow = () => new Promise<null>((resolve) => (finish = () => resolve(null)));
    const { engine, clock, settle } = await open([{ ...definition, states }], { functions: { slow } });
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(5_000);
    finish();
    await settle();
    expect(await engine.get(instanceId)).toMatchObject({
      status: "error",
      variables: { lastError: { errorCode: "ACTION_TIMEOUT" } },
    });
  });

  test("a closing engine lets go of what never ends", async () => {
    const { engine, channel, settle, clock } = await open([workMachine()]);
    channel.on("/work", () => new Promise(() => {}));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await settle();
    const closing = engine.close({ graceMs: 1_000 });
    await clock.advanceBy(1_000);
    await closing;
    bench = undefined;
  });

  test("a process that has lost the store does nothing more", async () => {
    const { engine, channel, clock, settle } = await open(
      [workMachine({}, { machine: { globalCallbackHandler: { webhook: { url: "http://x.example/all" } } } })],
      {},
    );
    let answer: () => void = () => {};
    channel.on("/all", () => new Promise((resolve) => (answer = () => resolve(ok()))));
    await engine.start("workMachine");
    await settle();
    if (kind === "memory") {
      await bench?.store.acquireLease({ workerId: "another", nowMs: clock.now() });
      answer();
      await clock.advanceBy(600_000);
      expect(channel.sent.length).toBe(1);
      await expect(engine.start("workMachine")).rejects.toMatchObject({
        code: expect.stringMatching(/STORE_LOCKED|ENGINE_STOPPED/),
      });
      bench = undefined;
    }
  });

  test("work is sent at once although an instance's time is ahead of the clock", async () => {
    const { engine, channel, clock, settle } = await open([workMachine()]);
    const { instanceId } = await engine.start("workMachine");
    const later = clock.now() + 3_600_000;
    await clock.advanceTo(later);
    const { instanceId: second } = await engine.start("workMachine");
    expect(second).not.toBe(instanceId);
    await engine.send(instanceId, "go");
    await settle();
    expect(channel.paths()).toEqual(["/work"]);
  });

  test("the same key for another machine is another request", async () => {
    const { engine } = await open([workMachine(), { ...workMachine(), stateMachineId: "other" }]);
    await engine.start("workMachine", { instanceId: "i1", idempotencyKey: "k" });
    await expect(engine.start("other", { instanceId: "i1", idempotencyKey: "k" })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
  });

  test("answers are forgotten when their time is over", async () => {
    const { engine, clock } = await open([workMachine()]);
    const { instanceId } = await engine.start("workMachine", { idempotencyKey: "k" });
    await clock.advanceBy(8 * 86_400_000);
    expect(await bench?.store.loadAnswers([{ instanceId, key: "k" }])).toEqual([undefined]);
  });
});
