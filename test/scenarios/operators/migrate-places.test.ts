/** Migration of instances that are in several places, run children, or have something to undo. On a real engine. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { RefusedError } from "../../../src/core/refused.js";
import { webhookAction } from "../../kit/definitions.js";
import { type EngineBench, openBench } from "../../kit/engine-bench.js";
import { failed } from "../../kit/scripted-channel.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];
const ENOUGH_TURNS = 20;

let bench: EngineBench | undefined;

afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

async function open(...definitions: readonly JsonObject[]): Promise<EngineBench> {
  bench = await openBench("memory", definitions);
  return bench;
}

async function quiet({ settle }: EngineBench): Promise<void> {
  for (let turn = 0; turn < ENOUGH_TURNS; turn += 1) await settle();
}

async function move(
  { engine }: EngineBench,
  stateMachineId: string,
  states: { readonly [name: string]: string } = {},
): Promise<readonly string[]> {
  const target = { stateMachineId, from: 1, to: 2, plan: { states } };
  try {
    await engine.migrate("i", target, { reason: "a new version" });
    return [];
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return (error.rejection.violations ?? []).map(({ message }) => message);
  }
}

/** both: a parallel state with a region of two steps (named by the version) and one that waits. */
function nested(version: number, [box, first, second]: readonly [string, string, string]): JsonObject {
  return {
    stateMachineId: "nested",
    version,
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: box,
        baseStateType: "parallel",
        regions: [
          {
            regionId: "steps",
            initial: first,
            states: [
              { stateId: first, baseStateType: "userTask" },
              { stateId: second, baseStateType: "userTask" },
              { stateId: "stepped", baseStateType: "final" },
            ],
            transitions: [
              { transitionId: "next", fromStateId: first, toStateId: second, event: manual("next") },
              { transitionId: "last", fromStateId: second, toStateId: "stepped", event: manual("last") },
            ],
          },
          {
            regionId: "waits",
            initial: "waiting",
            states: [
              { stateId: "waiting", baseStateType: "userTask" },
              { stateId: "waited", baseStateType: "final" },
            ],
            transitions: [
              { transitionId: "stop", fromStateId: "waiting", toStateId: "waited", event: manual("stop") },
            ],
          },
        ],
      },
      { stateId: "done", baseStateType: "final" },
    ],
    transitions: [
      { transitionId: "in", fromStateId: "init", toStateId: box },
      { transitionId: "out", fromStateId: box, toStateId: "done" },
    ],
  };
}

describe("nested scopes", () => {
  test("move with their states: what is inside goes on where it was, under the new names", async () => {
    const opened = await open(nested(1, ["box", "a", "b"]), nested(2, ["bin", "one", "two"]));
    const { engine } = opened;
    await engine.start("nested", { version: 1, instanceId: "i" });
    await engine.send("i", "next");
    expect(await move(opened, "nested", { box: "bin", a: "one", b: "two" })).toEqual([]);
    expect((await engine.get("i")).activeStates).toEqual(["two", "waiting"]);
    await engine.send("i", "last");
    await engine.send("i", "stop");
    expect(await engine.get("i")).toMatchObject({ status: "completed", version: 2 });
  });

  test("cannot move to a version in which something else is inside, and then nothing has changed", async () => {
    const two = nested(2, ["box", "a", "b"]);
    const states = (two.states as JsonObject[]).map((state) =>
      state.stateId === "box" ? { ...state, regions: (state.regions as JsonObject[]).slice(0, 1) } : state,
    );
    const opened = await open(nested(1, ["box", "a", "b"]), { ...two, states });
    await opened.engine.start("nested", { version: 1, instanceId: "i" });
    const before = await opened.engine.get("i");
    expect((await move(opened, "nested")).join()).toContain(`what is inside of state "box" is not the same`);
    expect(await opened.engine.get("i")).toEqual(before);
  });
});

const CHILD: JsonObject = {
  stateMachineId: "child",
  states: [
    { stateId: "in", baseStateType: "initial" },
    { stateId: "mid", baseStateType: "userTask", exitActions: [undoable("deed")] },
    { stateId: "out", baseStateType: "final" },
  ],
  transitions: [
    { transitionId: "a", fromStateId: "in", toStateId: "mid" },
    { transitionId: "b", fromStateId: "mid", toStateId: "out", event: manual("finish") },
  ],
};

function undoable(actionId: string): JsonObject {
  return webhookAction(actionId, { compensate: webhookAction(`undo-${actionId}`) });
}

/** init (automatic) → first (`first`) → work (children, or not) → after, --fall--> fails and rolls everything back */
function parent(version: number, work: JsonObject, undoes = true): JsonObject {
  return {
    stateMachineId: "parent",
    version,
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "first",
        baseStateType: "task",
        entryActions: [undoes ? undoable("first") : webhookAction("first")],
      },
      { stateId: "work", baseStateType: "task", ...work },
      { stateId: "after", baseStateType: "userTask" },
      {
        stateId: "fall",
        baseStateType: "task",
        entryActions: [webhookAction("fails", { onError: { strategy: "rollback", rollbackTo: "start" } })],
      },
      { stateId: "done", baseStateType: "final" },
      { stateId: "broken", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "t1", fromStateId: "init", toStateId: "first" },
      { transitionId: "t2", fromStateId: "first", toStateId: "work" },
      { transitionId: "t3", fromStateId: "work", toStateId: "after" },
      { transitionId: "t4", fromStateId: "after", toStateId: "fall", event: manual("fall") },
      { transitionId: "t5", fromStateId: "fall", toStateId: "done" },
    ],
  };
}

const ONE = { subMachine: { stateMachineId: "child" } };
const MANY = { forEach: { items: "$data.items", subMachine: { stateMachineId: "child" } } };

async function childIds({ engine }: EngineBench): Promise<readonly string[]> {
  return (await engine.list({ parentId: "i", limit: 10 })).map(({ instanceId }) => instanceId);
}

describe("a parent with running children", () => {
  test.each([
    ["one", ONE, 1],
    ["a list", MANY, 2],
  ])("moves, and takes the ends of %s in the new version", async (_what, work, count) => {
    const opened = await open(CHILD, parent(1, work), parent(2, work));
    const { engine } = opened;
    await engine.start("parent", { version: 1, instanceId: "i", data: { items: [1, 2] } });
    await quiet(opened);
    const children = await childIds(opened);
    expect(children).toHaveLength(count);
    expect(await move(opened, "parent")).toEqual([]);
    for (const child of children) {
      expect((await engine.get(child)).status).toBe("active");
      await engine.send(child, "finish");
    }
    await quiet(opened);
    expect(await engine.get("i")).toMatchObject({ currentState: "after", version: 2 });
  });

  test.each([
    ["runs none", {}],
    ["runs a list", MANY],
  ])("cannot move to a version whose state %s", async (_what, work) => {
    const opened = await open(CHILD, parent(1, ONE), parent(2, work));
    await opened.engine.start("parent", { version: 1, instanceId: "i", data: { items: [1, 2] } });
    await quiet(opened);
    expect((await move(opened, "parent")).join()).toContain("children are under way");
    expect((await opened.engine.get("i")).version).toBe(1);
  });
});

describe("an instance with something to undo", () => {
  async function fallen(two: JsonObject): Promise<EngineBench> {
    const opened = await open(CHILD, parent(1, ONE), two);
    const { engine, channel } = opened;
    channel.on("/fails", () => failed("no", true));
    await engine.start("parent", { version: 1, instanceId: "i" });
    await quiet(opened);
    for (const child of await childIds(opened)) await engine.send(child, "finish");
    await quiet(opened);
    expect(await move(opened, "parent")).toEqual([]);
    await engine.send("i", "fall");
    await quiet(opened);
    return opened;
  }

  const undone = ({ channel }: EngineBench) => channel.paths().filter((path) => path.startsWith("/undo-"));

  test("moves with it: what was done before is undone after, its children too", async () => {
    const opened = await fallen(parent(2, ONE));
    expect(undone(opened)).toEqual(["/undo-deed", "/undo-first"]);
    expect(await opened.engine.get("i")).toMatchObject({ status: "error", version: 2 });
    expect((await opened.engine.get("i")).incidents).toBeUndefined();
  });

  test("and what the new version does not know how to undo has an incident that names it", async () => {
    const opened = await fallen(parent(2, ONE, false));
    expect(undone(opened)).toEqual(["/undo-deed"]);
    const [incident] = (await opened.engine.get("i")).incidents ?? [];
    expect(incident).toMatchObject({ code: "NOT_COMPENSATED", suspends: false });
    expect(String(incident?.message)).toContain(`"first"`);
  });

  test("cannot move while a rollback is under way, also while it waits for a child or an operator holds it", async () => {
    const opened = await open(CHILD, parent(1, ONE), parent(2, ONE));
    const { engine, channel } = opened;
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    channel.on("/fails", () => failed("no", true));
    channel.on("/undo-deed", async () => {
      await held;
      return { outcome: "completed", response: { status: 200, headers: {}, body: {} } };
    });
    await engine.start("parent", { version: 1, instanceId: "i" });
    await quiet(opened);
    for (const child of await childIds(opened)) await engine.send(child, "finish");
    await quiet(opened);
    await engine.send("i", "fall");
    await quiet(opened);
    expect((await move(opened, "parent")).join()).toContain("a rollback is under way");
    await engine.suspend("i", { reason: "look" });
    expect((await move(opened, "parent")).join()).toContain("a rollback is under way");
    letGo();
    await quiet(opened);
    await engine.resume("i", { reason: "looked" });
    await quiet(opened);
    expect(undone(opened)).toEqual(["/undo-deed", "/undo-first"]);
  });
});
