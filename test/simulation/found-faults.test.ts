/** What the simulation has found, each as small as it can be told. */
import { afterEach, describe, expect, test } from "vitest";
import { StatewrightError } from "../../src/core/errors.js";
import { canonicalJson } from "../../src/core/json/canonical-json.js";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import type { Store } from "../../src/ports/store.js";
import { memory } from "../../src/stores/memory/memory-store.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench } from "../kit/engine-bench.js";
import { PureRun } from "../kit/pure-run.js";
import { never } from "../kit/scripted-channel.js";

describe("a commit that was written and never answered", () => {
  let bench: EngineBench | undefined;
  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  async function open(definition: JsonObject, losesAnswerOf: string) {
    let reads = 0;
    const store = watched(memory(), losesAnswerOf, () => {
      reads += 1;
    });
    bench = await openBench("memory", [definition], { store });
    return { ...bench, reads: () => reads };
  }

  test("has its effects sent, although its sender never comes back", async () => {
    const { engine, settle, channel } = await open(workMachine(), "event");
    const { instanceId } = await engine.start("workMachine");
    await settle();
    await expect(engine.send(instanceId, "go")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await settle();
    expect(channel.paths()).toEqual(["/work"]);
    expect((await engine.get(instanceId)).status).toBe("completed");
  });

  test("has its timers fired, although its sender never comes back", async () => {
    const { engine, clock } = await open(hourglass, "start");
    await expect(engine.start("hourglass", { instanceId: "i1" })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    await clock.advanceBy(3_600_000);
    expect((await engine.get("i1")).status).toBe("completed");
  });

  test("leaves no timer behind for which the loop turns for ever", async () => {
    const { engine, clock, settle, reads } = await open(hourglass, "timer");
    await engine.start("hourglass", { instanceId: "i1" });
    await clock.advanceBy(3_600_000 + 5_000);
    expect((await engine.get("i1")).status).toBe("completed");
    const before = reads();
    await settle();
    await clock.advanceBy(60_000);
    expect(reads() - before).toBeLessThan(20);
  });
});

test("an engine that stops with a broadcast to make waits for what is under way, and does not look at it all the time", async () => {
  const ringer: JsonObject = {
    id: "ringer",
    states: {
      ready: { type: "initial", transitions: [{ target: "rung", event: "pull" }] },
      rung: { type: "final", emits: { signal: "bell", payload: {} } },
    },
  };
  const store = memory();
  const dueEffects = store.dueEffects.bind(store);
  let looks = 0;
  store.dueEffects = (lease, query) => {
    if (query.purpose === "link") looks += 1;
    // Without an end to it nothing else would ever have its turn, this test included.
    if (looks > 200) throw new StatewrightError("STORE_UNAVAILABLE", "Asked too often.");
    return dueEffects(lease, query);
  };
  const { engine, clock, settle, channel } = await openBench("memory", [workMachine(), ringer], { store });
  channel.on("/work", never);
  await engine.start("workMachine", { instanceId: "busy" });
  await engine.send("busy", "go");
  await settle();
  await engine.start("ringer", { instanceId: "i1" });
  let stopping: Promise<void> | undefined;
  const pulled = engine.send("i1", "pull");
  const unwatch = engine.watch(({ command }) => {
    if (command.type === "event") stopping = engine.close({ graceMs: 5_000 });
  });
  await pulled;
  unwatch();
  await clock.advanceBy(5_000);
  await stopping;
  expect(stopping).toBeDefined();
  expect(looks).toBeLessThan(50);
  // The broadcast is still there for the next start.
  await store.open();
  expect(await store.loadEffects("i1")).toHaveLength(1);
  await store.close();
});

describe("a timer that repeats", () => {
  const watch = {
    id: "watch",
    states: {
      on: {
        type: "initial",
        transitions: [
          {
            every: "PT1H",
            actions: [{ actionId: "count", type: "assign", assign: { hours: "${(data.hours ?? 0) + 1}" } }],
          },
          { target: "off", event: "stop" },
        ],
      },
      off: { type: "final" },
    },
  };

  test("fires once for each time, also when two owners fire the one that was due", () => {
    const run = new PureRun(watch);
    run.start();
    const [timerId = ""] = run.timers.keys();
    run.fireNextTimer();
    const next = new Map(run.timers);
    run.accept({ type: "timer", timerId });
    expect(run.data.hours).toBe(1);
    expect(run.timers).toEqual(next);
    run.fireNextTimer();
    expect(run.data.hours).toBe(2);
  });
});

test("what a rollback would bring back is kept in an order that the trail gives again, whatever the order of the data", () => {
  const journey = {
    id: "journey",
    states: {
      planned: { type: "initial", transitions: [{ target: "booking", event: "depart" }] },
      booking: {
        type: "task",
        entryActions: [webhookAction("book", { onError: "rollback" })],
        transitions: [{ target: "booked" }],
      },
      booked: { type: "final" },
      failed: { type: "error" },
    },
  };
  const [one, other] = [
    { round: 1, fate: "sink" },
    { fate: "sink", round: 1 },
  ].map((data) => {
    const run = new PureRun(journey);
    run.start();
    run.send("depart", data);
    return canonicalJson(run.snapshot as unknown as Json);
  });
  expect(one).toContain('"absent":["fate","round"]');
  expect(one).toBe(other);
});

const hourglass: JsonObject = {
  stateMachineId: "hourglass",
  states: [
    { stateId: "full", baseStateType: "initial" },
    { stateId: "empty", baseStateType: "final" },
  ],
  transitions: [
    {
      transitionId: "run",
      fromStateId: "full",
      toStateId: "empty",
      event: [{ eventId: "run", trigger: "time-based", after: "PT1H" }],
    },
  ],
};

/** Loses the answer of the first commit of a command of that type, and tells of every look at the timers. */
function watched(store: Store, losesAnswerOf: string, onRead: () => void): Store {
  let hasLost = false;
  const commit = store.commit.bind(store);
  const dueTimers = store.dueTimers.bind(store);
  store.commit = async (lease, items) => {
    const outcomes = await commit(lease, items);
    const isMeant = items.some((item) => item.kind === "instance" && item.audit.type === losesAnswerOf);
    if (hasLost || !isMeant) return outcomes;
    hasLost = true;
    throw new StatewrightError("STORE_UNAVAILABLE", "The connection died in the commit.");
  };
  store.dueTimers = (lease, query) => {
    onRead();
    return dueTimers(lease, query);
  };
  return store;
}
