/** Acts on data and on many instances, on a real engine. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import type { Engine } from "../../../src/runtime/engine.js";
import type { InstanceFilter } from "../../../src/runtime/operate/instance-filter.js";
import { failed, type TestEngine, testEngine } from "../../../src/testing.js";
import { webhookAction } from "../../kit/definitions.js";

let run: TestEngine<Engine>;

afterEach(() => run.close());

const PAY: JsonObject = {
  stateMachineId: "pay",
  immutable: ["account"],
  sensitive: ["/account"],
  states: [
    { stateId: "init", baseStateType: "initial", data: { schema: dataOf("string", "number") } },
    {
      stateId: "paying",
      baseStateType: "wait",
      data: { schema: { type: "object", properties: { note: { type: "string" } } } },
      entryActions: [webhookAction("call", { onError: "notify", retryCount: 0 })],
    },
    { stateId: "paid", baseStateType: "final", data: { schema: dataOf("string", "number") } },
  ],
  transitions: [
    { transitionId: "begin", fromStateId: "init", toStateId: "paying" },
    { transitionId: "small", fromStateId: "paying", toStateId: "paid", condition: "data.amount < 10" },
  ],
  globalCallbackHandler: { webhook: { url: "http://127.0.0.1:1/notices" }, events: ["incident-opened"] },
};

function dataOf(account: string, amount: string): JsonObject {
  return { type: "object", properties: { account: { type: account }, amount: { type: amount } } };
}

async function begin(count: number, isOut = false): Promise<Engine> {
  run = (await testEngine({ definitions: [PAY] })) as unknown as TestEngine<Engine>;
  if (isOut) run.webhooks.on("/call", failed("the bank is closed", { isFinal: true }));
  for (let number = 1; number <= count; number += 1) {
    await run.engine.start("pay", {
      instanceId: `p-${number}`,
      data: { account: "DE4711", amount: 10 + number },
    });
  }
  await run.settle();
  return run.engine;
}

describe("set", () => {
  test("corrects what an earlier state has collected, and what waited for it goes on", async () => {
    const engine = await begin(1);
    await engine.setData("p-1", { data: { amount: 5 } }, { actor: "eve" });
    expect(await engine.get("p-1")).toMatchObject({ status: "completed", data: { amount: 5 } });
    expect(await engine.replay("p-1")).toMatchObject({ isEqual: true });
  });

  test("keeps what was there before in the trail, as a digest with the value beside it", async () => {
    const engine = await begin(1);
    await engine.setData("p-1", { data: { amount: 12345 }, variables: { by: "hand" } });
    const row = (await engine.audit("p-1")).at(-1);
    expect(row?.entry).toContain("data-set");
    expect(row?.entry).not.toContain("12345");
    expect(row?.disclosed).toContain('"value":11');
    expect(row?.disclosed).toContain('"value":12345');
    expect(await engine.verifyAudit("p-1")).toMatchObject({ isValid: true });
  });

  test.each([
    [{ data: { amount: "much" } }, "VALIDATION_FAILED"],
    [{ data: { nowhere: 1 } }, "VALIDATION_FAILED"],
    [{ data: { account: "other" } }, "IMMUTABLE"],
    [{ unset: ["account"] }, "IMMUTABLE"],
    [{}, "VALIDATION_FAILED"],
  ])("refuses %j with %s and leaves no trace", async (change, code) => {
    const engine = await begin(1);
    const { seq } = await engine.get("p-1");
    await expect(engine.setData("p-1", change)).rejects.toMatchObject({ code });
    expect((await engine.get("p-1")).seq).toBe(seq);
  });

  test("works while an operator holds the instance, and moves nothing until it is resumed", async () => {
    const engine = await begin(1);
    await engine.suspend("p-1", { reason: "look" });
    await engine.setData("p-1", { data: { amount: 5, note: "corrected" } });
    expect(await engine.get("p-1")).toMatchObject({ status: "suspended", currentState: "paying" });
    await engine.resume("p-1");
    expect(await engine.get("p-1")).toMatchObject({ status: "completed" });
  });
});

describe("many at once", () => {
  test("an outage of fifty is one group of incidents, and one retry after a dry run", async () => {
    const engine = await begin(50, true);
    expect(await engine.incidentGroups()).toMatchObject([
      {
        stateMachineId: "pay",
        state: "paying",
        actionId: "call",
        code: "ACTION_FAILED",
        incidents: 50,
        instances: 50,
      },
    ]);
    const order = { act: "retry", filter: { code: "ACTION_FAILED" } } as const;
    const dry = await engine.operateAll({ ...order, dryRun: true });
    expect(dry.results).toHaveLength(50);
    expect(
      new Set(
        dry.results.map(({ outcome, foreseen }) => `${outcome} ${foreseen?.status} ${foreseen?.sends}`),
      ),
    ).toEqual(new Set(["would active call"]));
    expect(await engine.findIncidents({}, 1000)).toHaveLength(50);
    run.webhooks.on("/call", { outcome: "completed", response: { status: 200, headers: {}, body: {} } });
    const done = await engine.operateAll(order);
    expect(done.results.every(({ outcome }) => outcome === "done")).toBe(true);
    await run.settle();
    expect(await engine.findIncidents()).toEqual([]);
    expect(await engine.list({ status: "active" })).toHaveLength(50);
  });

  test("each incident is told once, with the last response masked", async () => {
    const answer = failed("refused", { isFinal: true });
    run = (await testEngine({ definitions: [PAY] })) as unknown as TestEngine<Engine>;
    run.webhooks.on("/call", {
      ...answer,
      response: { status: 422, headers: {}, body: { account: "DE4711", why: "no DE4711" } },
    });
    await run.engine.start("pay", { instanceId: "p-1", data: { account: "DE4711", amount: 11 } });
    await run.settle();
    expect(await run.engine.findIncidents({ instanceId: "p-1" })).toMatchObject([
      { tries: 1, response: { status: 422, body: { account: "***", why: "no ***" } } },
    ]);
    const notices = run.webhooks.requests.filter(({ settings }) => String(settings.url).endsWith("/notices"));
    expect(notices).toHaveLength(1);
  });

  test.each<[InstanceFilter, readonly string[]]>([
    [{ stateMachineId: "pay", version: 2 }, []],
    [{ state: "paying", where: "data.amount === 12" }, ["p-2"]],
    [{ where: "data.amount > 11 && instance.version === 1" }, ["p-2", "p-3"]],
    [{ code: "ACTION_FAILED" }, []],
    [{ status: "active", unchangedForMs: 1000 }, []],
    [{ unchangedForMs: 0, stateMachineId: "pay" }, ["p-1", "p-2", "p-3"]],
  ])("the filter %j means %j", async (filter, ids) => {
    const engine = await begin(3);
    const { results } = await engine.operateAll({ act: "suspend", reason: "x", filter });
    expect(results.map(({ instanceId }) => instanceId)).toEqual(ids);
  });

  test("one that is refused does not keep the others from being done, and says why", async () => {
    const engine = await begin(2);
    const { results } = await engine.operateAll({
      act: "cancel",
      reason: "x",
      instanceIds: ["p-1", "nobody", "p-2"],
    });
    expect(results).toMatchObject([
      { outcome: "done", status: "cancelled" },
      { instanceId: "nobody", outcome: "refused", error: { code: "INSTANCE_UNKNOWN" } },
      { outcome: "done" },
    ]);
  });

  test("nothing is done without ids or a filter", async () => {
    const engine = await begin(1);
    await expect(engine.operateAll({ act: "cancel" })).rejects.toMatchObject({ code: "USAGE" });
    await expect(engine.operateAll({ act: "cancel", filter: {} })).rejects.toMatchObject({ code: "USAGE" });
  });
});
