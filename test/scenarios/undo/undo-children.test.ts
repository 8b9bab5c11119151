/** A rollback reaches children: each undoes what it did, in its place. On every store, through the loops of a running engine. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import type { EngineOptions } from "../../../src/engine.js";
import type { Faults } from "../../../src/ports/faults.js";
import { webhookAction } from "../../kit/definitions.js";
import { type EngineBench, openBench, STORE_KINDS } from "../../kit/engine-bench.js";
import { failed } from "../../kit/scripted-channel.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

/** `x`, which says for whom it acts, and `undo-x`. */
function undoable(actionId: string, settings: JsonObject = {}): JsonObject {
  const webhook = (path: string) => ({
    webhook: { url: `http://127.0.0.1:1/${path}`, payload: { for: "$data.item?" } },
  });
  return webhookAction(actionId, {
    trigger: webhook(actionId),
    compensate: webhookAction(`undo-${actionId}`, { trigger: webhook(`undo-${actionId}`) }),
    ...settings,
  });
}

/** in (`one`) → mid (`two`; waits for `finish` where it must) → out (`last`) */
function child(extra: { waits?: boolean; mid?: JsonObject; last?: JsonObject } = {}): JsonObject {
  return {
    stateMachineId: "child",
    states: [
      { stateId: "in", baseStateType: "initial", exitActions: [undoable("one")] },
      { stateId: "mid", baseStateType: "task", entryActions: [undoable("two")], ...extra.mid },
      { stateId: "out", baseStateType: "final", entryActions: extra.last === undefined ? [] : [extra.last] },
      { stateId: "bad", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "begin", fromStateId: "in", toStateId: "mid" },
      {
        transitionId: "end",
        fromStateId: "mid",
        toStateId: "out",
        ...(extra.waits === true ? { event: manual("finish") } : {}),
      },
      { transitionId: "fail", fromStateId: "mid", toStateId: "bad", event: manual("fail") },
    ],
  };
}

const ONE = { subMachine: { stateMachineId: "child", input: { item: "$data.item?" } } };
const MANY = {
  forEach: {
    items: "$data.items",
    as: "item",
    concurrency: 3,
    subMachine: { stateMachineId: "child", input: { item: "$data.item" } },
  },
};

/** A rollback over several instances takes many turns of the loops. */
async function quiet({ settle }: EngineBench): Promise<void> {
  const ENOUGH_TURNS = 20;
  for (let turn = 0; turn < ENOUGH_TURNS; turn += 1) await settle();
}

/** draft --go--> before (`before`) → work (children) → after (`after`, and `fails`, which rolls back to `draft`) → done */
function parent(work: JsonObject = ONE, onError: JsonObject = { rollbackTo: "draft" }): JsonObject {
  return {
    stateMachineId: "parent",
    states: [
      { stateId: "draft", baseStateType: "initial" },
      { stateId: "before", baseStateType: "task", entryActions: [undoable("before")] },
      { stateId: "work", baseStateType: "task", ...work },
      {
        stateId: "after",
        baseStateType: "task",
        entryActions: [
          undoable("after"),
          webhookAction("fails", { onError: { strategy: "rollback", ...onError } }),
        ],
      },
      { stateId: "done", baseStateType: "final" },
      { stateId: "broken", baseStateType: "error" },
    ],
    globalErrorHandler: { onError: { strategy: "rollback", ...onError }, onTimeout: "abort" },
    transitions: [
      { transitionId: "go", fromStateId: "draft", toStateId: "before", event: manual("go") },
      { transitionId: "toWork", fromStateId: "before", toStateId: "work" },
      { transitionId: "toAfter", fromStateId: "work", toStateId: "after" },
      { transitionId: "finish", fromStateId: "after", toStateId: "done" },
    ],
  };
}

describe.each(STORE_KINDS)("on %s", (kind) => {
  let bench: EngineBench | undefined;

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  async function begun(
    definitions: readonly JsonObject[],
    data: JsonObject = {},
    options: Partial<EngineOptions> = {},
  ): Promise<EngineBench> {
    const opened = await openBench(kind, definitions, options);
    bench = opened;
    opened.channel.on("/fails", () => failed("it must not be", true));
    await opened.engine.start("parent", { instanceId: "p", data });
    await opened.engine.send("p", "go");
    await quiet(opened);
    return opened;
  }

  /** What was undone, in its order, each with what it was for. */
  function undone({ channel }: EngineBench): string[] {
    return channel.sent
      .filter(({ path }) => path.startsWith("/undo-"))
      .map(
        ({ path, payload }) =>
          `${path.slice("/undo-".length)}${payload.for === undefined || payload.for === null ? "" : ` ${String(payload.for)}`}`,
      );
  }

  async function childIds({ engine }: EngineBench, parentId = "p"): Promise<readonly string[]> {
    return (await engine.list({ parentId, limit: 100 })).map(({ instanceId }) => instanceId);
  }

  test("a completed child is undone in its place between what its parent undoes itself", async () => {
    const opened = await begun([child({ last: undoable("last") }), parent()]);
    expect(undone(opened)).toEqual(["after", "last", "two", "one", "before"]);
    expect(await opened.engine.get("p")).toMatchObject({ currentState: "draft", status: "active" });
    const [childId = ""] = await childIds(opened);
    expect(await opened.engine.get(childId)).toMatchObject({ status: "completed", outcome: "compensated" });
    expect((await opened.engine.incidents({ limit: 10 })).length).toBe(0);
    expect((await opened.engine.pending(childId)).effects).toEqual([]);
    expect((await opened.engine.pending("p")).effects).toEqual([]);
  });

  test("the children of a list are undone in the reverse order in which they were completed", async () => {
    const opened = await begun([child({ waits: true }), parent(MANY)], { items: ["a", "b", "c"] });
    const { engine } = opened;
    const ids = new Map<unknown, string>();
    for (const id of await childIds(opened)) ids.set((await engine.get(id)).data.item, id);
    for (const item of ["b", "c", "a"]) {
      await engine.send(ids.get(item) ?? "", "finish");
      await quiet(opened);
    }
    expect(undone(opened)).toEqual(["after", "two a", "one a", "two c", "one c", "two b", "one b", "before"]);
  });

  test("children of children are undone too, each in its place", async () => {
    const middle = {
      stateMachineId: "child",
      states: [
        { stateId: "in", baseStateType: "initial", exitActions: [undoable("middle")] },
        { stateId: "sub", baseStateType: "task", subMachine: { stateMachineId: "grandchild" } },
        { stateId: "late", baseStateType: "task", entryActions: [undoable("late")] },
        { stateId: "out", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "a", fromStateId: "in", toStateId: "sub" },
        { transitionId: "b", fromStateId: "sub", toStateId: "late" },
        { transitionId: "c", fromStateId: "late", toStateId: "out" },
      ],
    };
    const opened = await begun([{ ...child(), stateMachineId: "grandchild" }, middle, parent()]);
    expect(undone(opened)).toEqual(["after", "late", "two", "one", "middle", "before"]);
  });

  test("what a failed child had done is undone by its parent's rollback", async () => {
    const opened = await begun([child({ waits: true }), parent()]);
    const [childId = ""] = await childIds(opened);
    await opened.engine.send(childId, "fail");
    await quiet(opened);
    expect(undone(opened)).toEqual(["two", "one", "before"]);
    expect(await opened.engine.get(childId)).toMatchObject({ status: "error", outcome: "compensated" });
    expect(await opened.engine.get("p")).toMatchObject({ currentState: "draft" });
  });

  test("a running child is cancelled, and undoes what it had done by then, before those that were completed", async () => {
    const opened = await begun([child({ waits: true }), parent(MANY)], { items: ["a", "b", "c"] });
    const { engine } = opened;
    const ids = new Map<unknown, string>();
    for (const id of await childIds(opened)) ids.set((await engine.get(id)).data.item, id);
    await engine.send(ids.get("b") ?? "", "finish");
    await quiet(opened);
    await engine.send(ids.get("a") ?? "", "fail");
    await quiet(opened);
    expect(undone(opened)).toEqual(["two c", "one c", "two a", "one a", "two b", "one b", "before"]);
    const told = await Promise.all(["a", "b", "c"].map((item) => engine.get(ids.get(item) ?? "")));
    expect(told.map(({ status, outcome }) => [status, outcome])).toEqual([
      ["error", "compensated"],
      ["completed", "compensated"],
      ["cancelled", "compensated"],
    ]);
  });

  test("the parent's token waits until its child is through, and the parent goes on with what comes next", async () => {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const opened = await openBench(kind, [child(), parent()]);
    bench = opened;
    opened.channel.on("/fails", () => failed("no", true));
    opened.channel.on("/undo-two", async () => {
      await held;
      return { outcome: "completed", response: { status: 200, headers: {}, body: {} } };
    });
    await opened.engine.start("parent", { instanceId: "p" });
    await opened.engine.send("p", "go");
    await quiet(opened);
    expect(undone(opened)).toEqual(["after", "two"]);
    const [childId = ""] = await childIds(opened);
    expect((await opened.engine.get(childId)).outcome).toBe("compensating");
    expect(await opened.engine.get("p")).toMatchObject({ currentState: "after", status: "active" });
    letGo();
    await quiet(opened);
    expect(undone(opened)).toEqual(["after", "two", "one", "before"]);
    expect((await opened.engine.get("p")).currentState).toBe("draft");
  });

  test("a compensation that fails has its incident in the child; the others and the parent go on", async () => {
    const opened = await openBench(kind, [child(), parent()]);
    bench = opened;
    let isDown = true;
    opened.channel.on("/fails", () => failed("no", true));
    opened.channel.on("/undo-two", () =>
      isDown
        ? failed("closed", true)
        : { outcome: "completed", response: { status: 200, headers: {}, body: {} } },
    );
    await opened.engine.start("parent", { instanceId: "p" });
    await opened.engine.send("p", "go");
    await quiet(opened);
    expect(undone(opened)).toEqual(["after", "two", "one", "before"]);
    const [childId = ""] = await childIds(opened);
    expect((await opened.engine.get(childId)).outcome).toBe("compensated");
    expect((await opened.engine.get("p")).incidents).toBeUndefined();
    expect((await opened.engine.get(childId)).incidents).toMatchObject([
      { actionId: "undo-two", suspends: false },
    ]);
    const trail = (await opened.engine.audit("p")).map(({ entry }) => entry).join("\n");
    expect(trail).toContain(`"notUndone":1`);
    isDown = false;
    await opened.engine.retry(childId, { reason: "open again" });
    await quiet(opened);
    expect((await opened.engine.get(childId)).incidents).toBeUndefined();
  });

  test("a child that has nothing to undo is not asked", async () => {
    const plain = {
      stateMachineId: "child",
      states: [
        { stateId: "in", baseStateType: "initial", exitActions: [webhookAction("look")] },
        { stateId: "out", baseStateType: "final" },
      ],
      transitions: [{ transitionId: "t", fromStateId: "in", toStateId: "out" }],
    };
    const opened = await begun([plain, parent()]);
    expect(undone(opened)).toEqual(["after", "before"]);
    const [childId = ""] = await childIds(opened);
    expect((await opened.engine.get(childId)).outcome).toBeUndefined();
    expect((await opened.engine.incidents({ limit: 10 })).length).toBe(0);
  });

  test("a child of a parent that cannot roll back keeps nothing", async () => {
    const definition = parent();
    const { globalErrorHandler: _, ...rest } = definition;
    const states = (definition.states as JsonObject[]).map((state) =>
      state.stateId === "after" ? { stateId: "after", baseStateType: "userTask" } : state,
    );
    const transitions = (definition.transitions as JsonObject[]).map((transition) =>
      transition.transitionId === "finish" ? { ...transition, event: manual("finish") } : transition,
    );
    const opened = await begun([child(), { ...rest, states, transitions }]);
    const [childId = ""] = await childIds(opened);
    const [row] = await opened.store.loadInstances([childId]);
    expect(row?.snapshot).toContain('"status":"completed"');
    expect(row?.snapshot).not.toContain("compensations");
  });

  test("last actions of a child that are under way end first, and are undone too", async () => {
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const opened = await openBench(kind, [child({ last: undoable("last") }), parent()]);
    bench = opened;
    opened.channel.on("/fails", () => failed("no", true));
    opened.channel.on("/last", async () => {
      await held;
      return { outcome: "completed", response: { status: 200, headers: {}, body: {} } };
    });
    await opened.engine.start("parent", { instanceId: "p" });
    await opened.engine.send("p", "go");
    await quiet(opened);
    expect(undone(opened)).toEqual(["after"]);
    letGo();
    await quiet(opened);
    expect(undone(opened)).toEqual(["after", "last", "two", "one", "before"]);
  });

  test("with start everything of everyone is undone, and the parent ends in error", async () => {
    const opened = await begun([child(), parent(ONE, { rollbackTo: "start" })]);
    expect(undone(opened)).toEqual(["after", "two", "one", "before"]);
    expect(await opened.engine.get("p")).toMatchObject({ status: "error", currentState: "broken" });
  });

  test("what a parent asks before a crash is asked again after it, and acts once", async () => {
    let crashes = 0;
    const faults: Faults = {
      reach: (point) => {
        if (point === "link.before-end" && crashes < 6) {
          crashes += 1;
          throw new Error("the process dies");
        }
      },
    };
    const opened = await begun([child(), parent()], {}, { faults });
    await opened.clock.advanceBy(60_000);
    expect(crashes).toBe(6);
    expect(undone(opened)).toEqual(["after", "two", "one", "before"]);
    const [childId = ""] = await childIds(opened);
    const asked = (await opened.engine.audit(childId)).filter(({ type }) => type === "compensate");
    expect(asked.length).toBe(1);
  });

  test("a parent that is cancelled while its child undoes has an incident that names the rest, and retry does it", async () => {
    const opened = await openBench(kind, [child(), parent()]);
    bench = opened;
    opened.channel.on("/fails", () => failed("no", true));
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    opened.channel.on("/undo-two", async () => {
      await held;
      return { outcome: "completed", response: { status: 200, headers: {}, body: {} } };
    });
    await opened.engine.start("parent", { instanceId: "p" });
    await opened.engine.send("p", "go");
    await quiet(opened);
    await opened.engine.cancel("p", { reason: "enough" });
    await quiet(opened);
    const [childId = ""] = await childIds(opened);
    const [incident] = (await opened.engine.get("p")).incidents ?? [];
    expect(incident).toMatchObject({ code: "NOT_COMPENSATED", suspends: false });
    expect(String(incident?.message)).toContain(`child "${childId}", "before"`);
    expect(undone(opened)).toEqual(["after", "two"]);
    await opened.engine.retry("p", { reason: "it has to be undone" });
    letGo();
    await quiet(opened);
    expect(undone(opened)).toEqual(["after", "two", "one", "before"]);
    expect(await opened.engine.get("p")).toMatchObject({ status: "cancelled" });
    expect((await opened.engine.get("p")).incidents).toBeUndefined();
  });
});
