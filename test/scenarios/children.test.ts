/** Parents and their children, on every store, through the loops of a running engine. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { EngineOptions } from "../../src/engine.js";
import type { Faults } from "../../src/ports/faults.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

/** ask --finish--> good, --fail--> bad */
const CHILD: JsonObject = {
  stateMachineId: "child",
  states: [
    { stateId: "ask", baseStateType: "initial" },
    { stateId: "good", baseStateType: "final" },
    { stateId: "bad", baseStateType: "error" },
  ],
  transitions: [
    { transitionId: "finish", fromStateId: "ask", toStateId: "good", event: manual("finish") },
    { transitionId: "fail", fromStateId: "ask", toStateId: "bad", event: manual("fail") },
  ],
};

/** draft --go--> work (a child, or one for each item) → done; --stop--> stopped at any time; a failed child → broken */
function parent(work: JsonObject): JsonObject {
  return {
    stateMachineId: "parent",
    states: [
      { stateId: "draft", baseStateType: "initial" },
      { stateId: "work", baseStateType: "task", ...work },
      { stateId: "done", baseStateType: "final" },
      { stateId: "stopped", baseStateType: "final" },
      { stateId: "broken", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "go", fromStateId: "draft", toStateId: "work", event: manual("go") },
      { transitionId: "finish", fromStateId: "work", toStateId: "done" },
      {
        transitionId: "stop",
        fromStateId: "work",
        toStateId: "stopped",
        event: manual("stop"),
        interrupts: true,
      },
      { transitionId: "break", fromStateId: "work", toStateId: "broken", event: manual("error") },
    ],
  };
}

const ONE = {
  subMachine: {
    stateMachineId: "child",
    input: { amount: "$data.amount" },
    output: { result: "$response.result" },
  },
};

/** A child that ends as it begins. */
const QUICK: JsonObject = {
  stateMachineId: "quick",
  states: [
    { stateId: "in", baseStateType: "initial" },
    { stateId: "out", baseStateType: "final" },
  ],
  transitions: [{ transitionId: "through", fromStateId: "in", toStateId: "out" }],
};

function manyOf(stateMachineId: string, concurrency: number): JsonObject {
  return {
    forEach: {
      items: "$data.items",
      as: "item",
      concurrency,
      subMachine: { stateMachineId, input: { item: "$data.item" }, output: { back: "$response.item" } },
    },
  };
}

describe.each(STORE_KINDS)("on %s", (kind) => {
  let bench: EngineBench | undefined;

  async function open(
    definitions: readonly JsonObject[],
    options: Partial<EngineOptions> = {},
  ): Promise<EngineBench> {
    bench = await openBench(kind, definitions, options);
    return bench;
  }

  /** A parent in `work`, and its children by id. */
  async function working(
    definitions: readonly JsonObject[],
    data: JsonObject,
    options: Partial<EngineOptions> = {},
  ): Promise<EngineBench & { readonly parentId: string; readonly children: readonly string[] }> {
    const opened = await open(definitions, options);
    const { engine, settle } = opened;
    const { instanceId: parentId } = await engine.start("parent", { data });
    await engine.send(parentId, "go");
    await settle();
    return { ...opened, parentId, children: await childrenOf(opened, parentId) };
  }

  async function childrenOf({ engine }: EngineBench, parentId: string): Promise<readonly string[]> {
    return (await engine.list({ parentId, limit: 1_000 })).map(({ instanceId }) => instanceId);
  }

  function only(ids: readonly string[]): string {
    const [id, ...others] = ids;
    if (id === undefined || others.length > 0) throw new Error(`There are ${ids.length} and not one.`);
    return id;
  }

  async function trailOf({ engine }: EngineBench, instanceId: string): Promise<readonly string[]> {
    return (await engine.audit(instanceId)).map(({ type }) => type);
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test("a child gets what its parent gives it, and what it ends with comes back", async () => {
    const work = await working([CHILD, parent(ONE)], { amount: 3 });
    const { engine, settle, parentId } = work;
    const child = only(work.children);
    expect(await engine.get(child)).toMatchObject({ stateMachineId: "child", data: { amount: 3 } });
    expect(await engine.get(parentId)).toMatchObject({ currentState: "work", status: "active" });
    await engine.send(child, "finish", { data: { result: 7 } });
    await settle();
    expect(await engine.get(parentId)).toMatchObject({ status: "completed", data: { amount: 3, result: 7 } });
    expect((await engine.pending(child)).effects).toEqual([]);
    expect((await engine.pending(parentId)).effects).toEqual([]);
  });

  test("a child that fails fails its parent's state", async () => {
    const { engine, settle, parentId, children } = await working([CHILD, parent(ONE)], { amount: 3 });
    await engine.send(only(children), "fail");
    await settle();
    expect(await engine.get(parentId)).toMatchObject({ status: "error", currentState: "broken" });
  });

  test.each([
    ["of a machine that nobody has published", [parent(ONE)], "DEFINITION_UNKNOWN"],
    [
      "that refuses its data",
      [
        {
          ...CHILD,
          states: [
            {
              stateId: "ask",
              baseStateType: "initial",
              data: { schema: { type: "object", properties: { amount: { type: "string" } } } },
            },
            ...(CHILD.states as JsonObject[]).slice(1),
          ],
        },
        parent(ONE),
      ],
      "VALIDATION_FAILED",
    ],
  ])("a child %s has failed, and its parent is told why", async (_what, definitions, code) => {
    const { engine, parentId, children } = await working(definitions, { amount: 3 });
    expect(children).toEqual([]);
    expect(await engine.get(parentId)).toMatchObject({
      currentState: "broken",
      variables: { lastError: { errorCode: code } },
    });
    expect((await engine.pending(parentId)).effects).toEqual([]);
  });

  test("an instance that somebody else began is never taken for a child", async () => {
    const opened = await open([CHILD, parent(ONE)]);
    const { engine, settle } = opened;
    await engine.start("parent", { instanceId: "p", data: { amount: 3 } });
    await engine.start("child", { instanceId: "p.2.0" });
    await engine.send("p", "go");
    await settle();
    expect(await engine.get("p")).toMatchObject({
      currentState: "broken",
      variables: { lastError: { errorCode: "INSTANCE_EXISTS" } },
    });
    expect((await engine.get("p.2.0")).status).toBe("active");
    expect(await childrenOf(opened, "p")).toEqual([]);
  });

  test("nor is it cancelled in the child's place", async () => {
    let isHeld = true;
    const faults: Faults = {
      reach: (point) => {
        if (point === "link.before-launch" && isHeld) throw new Error("not yet");
      },
    };
    const { engine, clock } = await open([CHILD, parent(ONE)], { faults });
    await engine.start("parent", { instanceId: "p", data: { amount: 3 } });
    await engine.start("child", { instanceId: "p.2.0" });
    await engine.send("p", "go");
    await engine.send("p", "stop");
    isHeld = false;
    await clock.advanceBy(5_000);
    expect((await engine.get("p.2.0")).status).toBe("active");
    expect((await engine.pending("p")).effects).toEqual([]);
  });

  test("leaving the state cancels its child, and what the child tells then is late", async () => {
    const work = await working([CHILD, parent(ONE)], { amount: 3 });
    const { engine, settle, parentId } = work;
    await engine.send(parentId, "stop");
    await settle();
    expect(await engine.get(parentId)).toMatchObject({ status: "completed", currentState: "stopped" });
    expect((await engine.get(only(work.children))).status).toBe("cancelled");
    expect((await engine.audit(parentId)).at(-1)?.entry).toContain("late-result");
  });

  test("a cancelled parent cancels its children", async () => {
    const { engine, settle, parentId, children } = await working([CHILD, parent(manyOf("child", 3))], {
      items: [1, 2, 3],
    });
    expect(children.length).toBe(3);
    await engine.cancel(parentId, { reason: "enough" });
    await settle();
    for (const child of children) expect((await engine.get(child)).status).toBe("cancelled");
  });

  test("a child that is cancelled before its start was looked at never runs on", async () => {
    let isHeld = true;
    const faults: Faults = {
      reach: (point) => {
        if (point === "link.before-launch" && isHeld) throw new Error("not yet");
      },
    };
    const work = await working([CHILD, parent(ONE)], { amount: 3 }, { faults });
    const { engine, clock, parentId } = work;
    expect(work.children).toEqual([]);
    await engine.send(parentId, "stop");
    isHeld = false;
    await clock.advanceBy(5_000);
    const child = only(await childrenOf(work, parentId));
    expect((await engine.get(child)).status).toBe("cancelled");
    expect((await engine.pending(parentId)).effects).toEqual([]);
  });

  test("children that end together are told in few commands, and their results stand in the order of the items", async () => {
    const items = Array.from({ length: 120 }, (_, index) => index);
    const work = await working([QUICK, parent(manyOf("quick", 120))], { items });
    expect(work.children.length).toBe(120);
    expect(await work.engine.get(work.parentId)).toMatchObject({
      status: "completed",
      data: { back: items },
    });
    const told = (await trailOf(work, work.parentId)).filter((type) => type === "childDone").length;
    expect(told).toBeLessThan(20);
  });

  test("what a child told before a crash is told again after it, and changes nothing", async () => {
    let isCrashing = false;
    const faults: Faults = {
      reach: (point) => {
        if (point === "link.before-end" && isCrashing) throw new Error("the process dies");
      },
    };
    const work = await working([CHILD, parent(ONE)], { amount: 3 }, { faults });
    const { engine, settle, clock, parentId } = work;
    isCrashing = true;
    const child = only(work.children);
    await engine.send(child, "finish", { data: { result: 7 } });
    await settle();
    expect((await engine.get(parentId)).status).toBe("completed");
    expect((await engine.pending(child)).effects.map(({ purpose }) => purpose)).toEqual(["link"]);
    isCrashing = false;
    await clock.advanceBy(2_000);
    expect((await engine.pending(child)).effects).toEqual([]);
    expect(await trailOf(work, parentId)).toEqual(["start", "event", "childDone", "childDone"]);
    expect(await engine.get(parentId)).toMatchObject({ status: "completed", data: { result: 7 } });
  });

  test("a child whose start is repeated after a crash is one child", async () => {
    let crashes = 1;
    const faults: Faults = {
      reach: (point) => {
        if (point === "link.before-end" && crashes-- > 0) throw new Error("the process dies");
      },
    };
    const work = await working([CHILD, parent(ONE)], { amount: 3 }, { faults });
    const { engine, clock, parentId } = work;
    expect((await engine.pending(parentId)).effects.length).toBe(1);
    await clock.advanceBy(2_000);
    expect((await engine.pending(parentId)).effects).toEqual([]);
    expect(await trailOf(work, only(await childrenOf(work, parentId)))).toEqual(["start"]);
    expect(await engine.get(parentId)).toMatchObject({ currentState: "work", status: "active" });
  });
});
