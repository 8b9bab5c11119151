/** Messages: to the one instance they name, or to the machines that begin with them; nobody loses one without a word. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { EngineOptions } from "../../src/engine.js";
import type { Faults } from "../../src/ports/faults.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

/** quiet --send--> sent, which emits the message `order` with the instance's amount, and stays there */
function sender(emits: JsonObject = {}): JsonObject {
  return {
    stateMachineId: "sender",
    version: 1,
    states: [
      { stateId: "quiet", baseStateType: "initial" },
      {
        stateId: "sent",
        baseStateType: "task",
        emits: { message: "order", payload: { amount: "$data.amount" }, ...emits },
      },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      { transitionId: "send", fromStateId: "quiet", toStateId: "sent", event: manual("send") },
      { transitionId: "finish", fromStateId: "sent", toStateId: "end", event: manual("finish") },
    ],
  };
}

/** ready --order--> ordered */
const RECEIVER: JsonObject = {
  stateMachineId: "receiver",
  states: [
    { stateId: "ready", baseStateType: "initial" },
    { stateId: "ordered", baseStateType: "wait" },
    { stateId: "end", baseStateType: "final" },
  ],
  transitions: [
    { transitionId: "order", fromStateId: "ready", toStateId: "ordered", event: manual("order") },
    { transitionId: "finish", fromStateId: "ordered", toStateId: "end", event: manual("finish") },
  ],
};

/** Begins with the message `order`, with a whole amount. */
const STARTER: JsonObject = {
  stateMachineId: "starter",
  states: [
    {
      stateId: "begun",
      baseStateType: "initial",
      startOn: { trigger: "message", message: "order" },
      data: { schema: { type: "object", properties: { amount: { type: "integer" } }, required: ["amount"] } },
    },
    { stateId: "end", baseStateType: "final" },
  ],
  transitions: [{ transitionId: "finish", fromStateId: "begun", toStateId: "end", event: manual("finish") }],
};

describe.each(STORE_KINDS)("on %s", (kind) => {
  let bench: EngineBench | undefined;

  async function open(
    definitions: readonly JsonObject[],
    options: Partial<EngineOptions> = {},
  ): Promise<EngineBench> {
    bench = await openBench(kind, definitions, options);
    return bench;
  }

  /** A sender that names its receiver. */
  function openAddressed(to: string, options: Partial<EngineOptions> = {}): Promise<EngineBench> {
    return open([RECEIVER, sender({ to })], options);
  }

  async function send({ engine, settle }: EngineBench, data: JsonObject = { amount: 3 }): Promise<void> {
    await engine.start("sender", { instanceId: "s", data });
    await engine.send("s", "send");
    await settle();
  }

  async function incidentsOf({ engine }: EngineBench, instanceId: string) {
    const incidents = await engine.incidents({ instanceId, limit: 10 });
    return incidents.map(({ text }) => JSON.parse(text) as JsonObject);
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test("a message to nobody by name starts the machines that begin with it", async () => {
    const opened = await open([sender(), STARTER, RECEIVER]);
    await send(opened);
    const begun = await opened.engine.list({ stateMachineId: "starter" });
    expect(begun.map(({ currentState }) => currentState)).toEqual(["begun"]);
    expect(await opened.engine.get(begun[0]?.instanceId ?? "")).toMatchObject({ data: { amount: 3 } });
    expect(await incidentsOf(opened, "s")).toEqual([]);
    expect((await opened.engine.pending("s")).effects).toEqual([]);
  });

  test("a start without a message's name begins with the message that is its event's id", async () => {
    const named = JSON.parse(JSON.stringify(STARTER).replace('"message":"order"', '"eventId":"order"'));
    const opened = await open([sender(), named]);
    await send(opened);
    expect(await opened.engine.list({ stateMachineId: "starter" })).toHaveLength(1);
  });

  test("one with which nothing begins comes back to its sender, which goes on", async () => {
    const opened = await open([sender(), RECEIVER]);
    await send(opened);
    expect(await incidentsOf(opened, "s")).toEqual([
      expect.objectContaining({ message: expect.stringContaining('Message "order"'), suspends: false }),
    ]);
    expect((await opened.engine.pending("s")).effects).toEqual([]);
    await opened.engine.send("s", "finish");
    expect((await opened.engine.get("s")).status).toBe("completed");
  });

  test("one whose data is refused comes back with the reason", async () => {
    const opened = await open([sender(), STARTER]);
    await send(opened, { amount: "three" });
    expect(await opened.engine.list({ stateMachineId: "starter" })).toEqual([]);
    expect(await incidentsOf(opened, "s")).toEqual([
      expect.objectContaining({ message: expect.stringContaining("starter") }),
    ]);
  });

  test("a message to an instance is an event of it", async () => {
    const opened = await openAddressed("r");
    await opened.engine.start("receiver", { instanceId: "r" });
    await send(opened);
    expect(await opened.engine.get("r")).toMatchObject({ currentState: "ordered", data: { amount: 3 } });
    expect((await opened.engine.history("r")).at(-1)).toMatchObject({ event: "order", actor: "system" });
    expect(await incidentsOf(opened, "s")).toEqual([]);
  });

  test("one that the instance refuses, or that names none, is an incident of the sender alone", async () => {
    const opened = await openAddressed("r");
    await send(opened);
    expect(await incidentsOf(opened, "s")).toEqual([
      expect.objectContaining({ message: expect.stringContaining('There is no instance "r"') }),
    ]);
    await opened.engine.start("receiver", { instanceId: "r" });
    await opened.engine.send("r", "order");
    await opened.engine.start("sender", { instanceId: "s2" });
    await opened.engine.send("s2", "send", { data: { amount: 1 } });
    await opened.settle();
    expect(await incidentsOf(opened, "s2")).toEqual([
      expect.objectContaining({ message: expect.stringContaining("is not enabled") }),
    ]);
    expect(await incidentsOf(opened, "r")).toEqual([]);
    expect((await opened.engine.get("r")).seq).toBe(2);
  });

  test("one that is sent again after a crash acts once, and is no incident", async () => {
    let crashes = 1;
    const faults: Faults = {
      reach: (point) => {
        if (point === "link.before-end" && crashes-- > 0) throw new Error("the process dies");
      },
    };
    const opened = await openAddressed("r", { faults });
    await opened.engine.start("receiver", { instanceId: "r" });
    await send(opened);
    expect((await opened.engine.pending("s")).effects.length).toBe(1);
    await opened.clock.advanceBy(2_000);
    expect((await opened.engine.pending("s")).effects).toEqual([]);
    expect((await opened.engine.audit("r")).map(({ type }) => type)).toEqual(["start", "event"]);
    expect(await incidentsOf(opened, "s")).toEqual([]);
  });
});
