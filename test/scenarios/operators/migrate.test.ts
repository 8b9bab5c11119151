/** Moving running instances to another version, on a real engine: who can be moved, who cannot and why, and what goes on. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { RefusedError } from "../../../src/core/refused.js";
import type { Engine } from "../../../src/runtime/engine.js";
import { failed, type TestEngine, testEngine } from "../../../src/testing.js";
import { webhookAction } from "../../kit/definitions.js";

let run: TestEngine<Engine>;

afterEach(() => run.close());

async function begin(...definitions: readonly JsonObject[]): Promise<Engine> {
  run = (await testEngine({ definitions })) as unknown as TestEngine<Engine>;
  return run.engine;
}

/** ask --answer--> done; `ask` has a name that a version can change. */
function asking(
  version: number,
  ask: string,
  more: JsonObject = {},
  extra: readonly JsonObject[] = [],
): JsonObject {
  return {
    stateMachineId: "asking",
    version,
    states: [
      { stateId: "init", baseStateType: "initial" },
      { stateId: ask, baseStateType: "wait", ...more },
      { stateId: "done", baseStateType: "final" },
    ],
    transitions: [
      { transitionId: "begin", fromStateId: "init", toStateId: ask },
      {
        transitionId: "answer",
        fromStateId: ask,
        toStateId: "done",
        event: [{ eventId: "answer", trigger: "manual" }],
      },
      ...extra,
    ],
  };
}

const MOVE = { stateMachineId: "asking", from: 1, to: 2 } as const;

async function reasons(promise: Promise<unknown>): Promise<readonly string[]> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RefusedError)) throw new Error(`It was not refused: ${String(error)}`);
  expect(error.code).toBe("MIGRATION_BLOCKED");
  return (error.rejection.violations ?? []).map(({ message }) => message);
}

describe("a migration", () => {
  test("moves an instance by one audited commit, and its trail still replays and verifies", async () => {
    const engine = await begin(asking(1, "ask"), asking(2, "question"));
    await engine.start("asking", { version: 1, instanceId: "a" });
    await engine.setData("a", { data: { amount: 2 } });
    const before = (await engine.get("a")).seq;
    const plan = { states: { ask: "question" }, data: { total: "${data.amount}" }, unset: ["amount"] };
    await engine.migrate("a", { ...MOVE, plan }, { actor: "eve", reason: "they have moved" });
    const moved = await engine.get("a");
    expect(moved).toMatchObject({
      version: 2,
      currentState: "question",
      data: { total: 2 },
      seq: before + 1,
    });
    expect(moved.data).not.toHaveProperty("amount");
    expect(await engine.replay("a")).toMatchObject({ isEqual: true });
    await engine.send("a", "answer");
    expect((await engine.get("a")).status).toBe("completed");
    expect(await engine.replay("a")).toMatchObject({ isEqual: true });
    expect(await engine.verifyAudit("a")).toMatchObject({ isValid: true });
  });

  test("says in a dry run who cannot be moved and why, and changes nothing", async () => {
    const schema = { type: "object", properties: { amount: { type: "number" } } };
    const engine = await begin(
      asking(1, "ask"),
      asking(2, "ask", { data: { schema } }),
      asking(3, "question"),
    );
    await engine.start("asking", { version: 1, instanceId: "a" });
    await engine.start("asking", { version: 1, instanceId: "b", data: { amount: "much" } });
    const two = await engine.operateAll({
      act: "migrate",
      ...MOVE,
      filter: { stateMachineId: "asking" },
      dryRun: true,
    });
    expect(two.results).toMatchObject([
      { instanceId: "a", outcome: "would", foreseen: { currentState: "ask" } },
      {
        instanceId: "b",
        outcome: "refused",
        error: { code: "MIGRATION_BLOCKED", violations: [{ path: "/data/amount" }] },
      },
    ]);
    const three = await engine.operateAll({
      act: "migrate",
      ...MOVE,
      to: 3,
      instanceIds: ["a"],
      dryRun: true,
    });
    expect(three.results[0]?.error?.message).toContain('version 3 has no state "ask"');
    expect(await engine.get("a")).toMatchObject({ version: 1, seq: 1 });
  });

  test("goes on from the step that failed, which is sent as the new version says", async () => {
    const working = (version: number, actions: readonly JsonObject[]): JsonObject => ({
      ...asking(version, "ask", { entryActions: actions }),
    });
    const held = { onError: "notify" };
    const engine = await begin(
      working(1, [webhookAction("call", held)]),
      working(2, [
        webhookAction("call", { ...held, trigger: { webhook: { url: "http://127.0.0.1:1/new" } } }),
        webhookAction("after", held),
      ]),
      working(3, [webhookAction("other", held)]),
    );
    run.webhooks.on("/call", failed("it is closed", { isFinal: true }));
    await engine.start("asking", { version: 1, instanceId: "a" });
    await run.settle();
    expect((await engine.get("a")).status).toBe("suspended");
    expect(await reasons(engine.migrate("a", { ...MOVE, to: 3 }))).toEqual([
      'action "call" is not among the entry actions there in version 3',
    ]);
    await engine.migrate("a", MOVE);
    expect(await engine.get("a")).toMatchObject({ version: 2, status: "suspended" });
    await engine.retry("a");
    await run.settle();
    expect(await engine.get("a")).toMatchObject({ status: "active", currentState: "ask" });
    expect(await engine.replay("a")).toMatchObject({ isEqual: true });
  });
});
