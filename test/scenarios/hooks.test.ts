/** Webhooks in: whom a message is for, what it does there, and that it does it once. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { ANSWER_RETENTION_MS } from "../../src/runtime/commit/prepare-commit.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { sendPlain } from "../kit/hook-sender.js";

const objectOf = (properties: JsonObject): JsonObject => ({
  data: { schema: { type: "object", properties } },
});

const PAID = {
  eventId: "paid",
  trigger: "webhook",
  path: "payments/:id",
  correlate: "$data.orderId",
  message: "message.params.id",
};

/** placed --prepare--> waiting --webhook payments/:id--> paid --webhook again--> paid; placed --close--> over */
const ORDER: JsonObject = {
  stateMachineId: "order",
  states: [
    { stateId: "placed", baseStateType: "initial", ...objectOf({ orderId: {} }) },
    { stateId: "waiting", baseStateType: "wait", ...objectOf({ orderId: {}, amount: { type: "integer" } }) },
    { stateId: "paid", baseStateType: "wait", ...objectOf({ orderId: {}, amount: {} }) },
    { stateId: "over", baseStateType: "final" },
  ],
  transitions: [
    { transitionId: "wait", fromStateId: "placed", toStateId: "waiting", event: [manual("wait")] },
    { transitionId: "pay", fromStateId: "waiting", toStateId: "paid", event: [PAID] },
    {
      transitionId: "payAgain",
      fromStateId: "paid",
      toStateId: "paid",
      event: [{ ...PAID, condition: "message.body.kind !== 'final'" }],
    },
    { transitionId: "close", fromStateId: ["waiting", "paid"], toStateId: "over", event: [manual("close")] },
  ],
};

function manual(eventId: string): JsonObject {
  return { eventId, trigger: "manual" };
}

describe.each(STORE_KINDS)("on %s", (kind) => {
  const benches: EngineBench[] = [];
  afterEach(async () => {
    for (const bench of benches.splice(0)) await bench.close();
  });

  async function open(definitions: readonly JsonObject[]): Promise<EngineBench> {
    const bench = await openBench(kind, definitions);
    benches.push(bench);
    return bench;
  }

  async function waiting(bench: EngineBench, orderId: string, instanceId = orderId): Promise<void> {
    await bench.engine.start("order", { instanceId, data: { orderId } });
    await bench.engine.send(instanceId, "wait");
  }

  async function commands(bench: EngineBench, instanceId: string): Promise<number> {
    return (await bench.engine.audit(instanceId)).length;
  }

  test("a message goes to the instance that waits with its value, and what the states declare becomes data", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    await waiting(bench, "o-2");
    const body = { amount: 5, note: "nobody has a place for this" };
    expect(await sendPlain(bench.engine, { path: "payments/o-2", id: "m-1", body })).toMatchObject({
      outcome: "accepted",
      isRepeated: false,
      receivers: [{ instanceId: "o-2", answer: { outcome: "taken", transitionId: "pay", to: "paid" } }],
    });
    expect(await bench.engine.get("o-2")).toMatchObject({
      currentState: "paid",
      data: { orderId: "o-2", amount: 5 },
    });
    expect((await bench.engine.get("o-1")).currentState).toBe("waiting");
    const [, , entry] = await bench.engine.audit("o-2");
    const { command } = JSON.parse(entry?.entry ?? "{}");
    expect(command).toMatchObject({
      actor: "webhook",
      source: "webhook",
      inbound: { channel: "webhook", name: "payments/:id", messageId: "m-1" },
    });
    expect(entry?.entry).not.toContain('o-2","takesPart');
  });

  test("the same message acts once, and gets its first answer whatever has happened since", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    const message = { path: "payments/o-1", id: "m-1", body: { amount: 5 } };
    const first = await sendPlain(bench.engine, message);
    const copies = await Promise.all([1, 2, 3].map(() => sendPlain(bench.engine, message)));
    await bench.engine.send("o-1", "close");
    // The longest schedule of a sender is 76 hours.
    await bench.clock.advanceBy(76 * 3_600_000);
    const last = await sendPlain(bench.engine, message);
    for (const copy of [...copies, last]) expect(copy).toEqual({ ...first, isRepeated: true });
    expect(await commands(bench, "o-1")).toBe(4);
    expect(ANSWER_RETENTION_MS).toBeGreaterThan(76 * 3_600_000);
  });

  test("copies that come at the same time act once", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    const message = { path: "payments/o-1", id: "m-1", body: { amount: 5 } };
    const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => sendPlain(bench.engine, message)));
    expect(outcomes.map((outcome) => "isRepeated" in outcome && outcome.isRepeated)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(await commands(bench, "o-1")).toBe(3);
  });

  test("another message under the same id is refused, and one with another id is another message", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    await sendPlain(bench.engine, { path: "payments/o-1", id: "m-1", body: { amount: 5 } });
    expect(
      await sendPlain(bench.engine, { path: "payments/o-1", id: "m-1", body: { amount: 6 } }),
    ).toMatchObject({
      outcome: "refused",
      code: "IDEMPOTENCY_MISMATCH",
      status: 409,
    });
    expect(
      await sendPlain(bench.engine, { path: "payments/o-1", id: "m-2", body: { amount: 6 } }),
    ).toMatchObject({
      receivers: [{ answer: { transitionId: "payAgain" } }],
    });
  });

  test("without an id of its sender two equal messages are one, and a different query makes another", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    const message = { path: "payments/o-1", body: { amount: 5 } };
    expect(await sendPlain(bench.engine, message)).toMatchObject({ isRepeated: false });
    expect(await sendPlain(bench.engine, message)).toMatchObject({ isRepeated: true });
    expect(await sendPlain(bench.engine, { ...message, query: { part: "2" } })).toMatchObject({
      isRepeated: false,
    });
  });

  test("one for nobody is refused without a trace, and is taken when the instance waits", async () => {
    const bench = await open([ORDER]);
    await bench.engine.start("order", { instanceId: "o-1", data: { orderId: "o-1" } });
    const message = { path: "payments/o-1", id: "m-1", body: { amount: 5 } };
    const refused = { outcome: "refused", code: "MESSAGE_UNMATCHED", status: 404 };
    expect(await sendPlain(bench.engine, message)).toMatchObject(refused);
    expect(await commands(bench, "o-1")).toBe(1);
    await bench.engine.send("o-1", "wait");
    expect(await sendPlain(bench.engine, message)).toMatchObject({ outcome: "accepted", isRepeated: false });
    await bench.engine.send("o-1", "close");
    expect(await sendPlain(bench.engine, { ...message, id: "m-2" })).toMatchObject(refused);
  });

  test("one for several is refused and goes to none", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "same", "first");
    await waiting(bench, "same", "second");
    expect(await sendPlain(bench.engine, { path: "payments/same", id: "m-1" })).toMatchObject({
      outcome: "refused",
      code: "MESSAGE_AMBIGUOUS",
      status: 409,
    });
    expect([await commands(bench, "first"), await commands(bench, "second")]).toEqual([2, 2]);
    await bench.engine.send("first", "close");
    expect(await sendPlain(bench.engine, { path: "payments/same", id: "m-1" })).toMatchObject({
      receivers: [{ instanceId: "second" }],
    });
  });

  test("values are equal by their JSON: a number is not the text that looks like it", async () => {
    const machine = {
      ...ORDER,
      transitions: [
        ...(ORDER.transitions as JsonObject[]).filter(({ transitionId }) => transitionId !== "pay"),
        {
          transitionId: "pay",
          fromStateId: "waiting",
          toStateId: "paid",
          event: [{ ...PAID, path: "paid", message: "message.body.order" }],
        },
      ],
    };
    const bench = await open([machine]);
    await bench.engine.start("order", { instanceId: "number", data: { orderId: 7 } });
    await bench.engine.send("number", "wait");
    await bench.engine.start("order", { instanceId: "object", data: { orderId: { b: 1, a: [2] } } });
    await bench.engine.send("object", "wait");
    expect(await sendPlain(bench.engine, { path: "paid", body: { order: "7" } })).toMatchObject({
      status: 404,
    });
    expect(await sendPlain(bench.engine, { path: "paid", body: {} })).toMatchObject({ status: 404 });
    expect(await sendPlain(bench.engine, { path: "paid", body: { order: 7 } })).toMatchObject({
      receivers: [{ instanceId: "number" }],
    });
    expect(await sendPlain(bench.engine, { path: "paid", body: { order: { a: [2], b: 1 } } })).toMatchObject({
      receivers: [{ instanceId: "object" }],
    });
  });

  test("an instance is found by what its data is now", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    await bench.engine.setData("o-1", { data: { orderId: "o-9" }, variables: {}, unset: [] });
    expect(await sendPlain(bench.engine, { path: "payments/o-1", id: "m-1" })).toMatchObject({ status: 404 });
    expect(await sendPlain(bench.engine, { path: "payments/o-9", id: "m-1" })).toMatchObject({
      receivers: [{ instanceId: "o-1" }],
    });
  });

  test("an instance on an old version is found when a newer one is published", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    await bench.engine.publish({
      ...ORDER,
      version: 2,
      transitions: (ORDER.transitions as JsonObject[]).filter(
        ({ transitionId }) => transitionId !== "payAgain",
      ),
    });
    expect(await sendPlain(bench.engine, { path: "payments/o-1", id: "m-1" })).toMatchObject({
      receivers: [{ instanceId: "o-1" }],
    });
  });

  test("data that a state does not take is refused with what is wrong, and leaves no trace", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    const refused = await sendPlain(bench.engine, {
      path: "payments/o-1",
      id: "m-1",
      body: { amount: "much" },
    });
    expect(refused).toMatchObject({
      outcome: "refused",
      code: "VALIDATION_FAILED",
      status: 422,
      violations: [{ path: "/amount" }],
    });
    const right = { path: "payments/o-1", id: "m-1", body: { amount: 5 } };
    expect(await sendPlain(bench.engine, right)).toMatchObject({ outcome: "accepted", isRepeated: false });
  });

  test("a condition over the message decides whether it counts", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    await sendPlain(bench.engine, { path: "payments/o-1", id: "m-1" });
    expect(
      await sendPlain(bench.engine, { path: "payments/o-1", id: "m-2", body: { kind: "final" } }),
    ).toMatchObject({
      status: 404,
      code: "MESSAGE_UNMATCHED",
    });
    expect(
      await sendPlain(bench.engine, { path: "payments/o-1", id: "m-3", body: { kind: "part" } }),
    ).toMatchObject({
      outcome: "accepted",
    });
  });

  test("nobody sends it as a plain event", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    await expect(bench.engine.send("o-1", "paid", { data: { amount: 5 } })).rejects.toMatchObject({
      rejection: { code: "NOT_ENABLED" },
    });
  });

  test("an instance that an operator holds refuses it until it goes on", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    await bench.engine.suspend("o-1", { reason: "look" });
    const message = { path: "payments/o-1", id: "m-1" };
    expect(await sendPlain(bench.engine, message)).toMatchObject({ code: "INSTANCE_SUSPENDED", status: 409 });
    await bench.engine.resume("o-1");
    expect(await sendPlain(bench.engine, message)).toMatchObject({ outcome: "accepted", isRepeated: false });
  });

  test("a path that nothing receives at, and a body that is no JSON, are refused", async () => {
    const bench = await open([ORDER]);
    await waiting(bench, "o-1");
    expect(await sendPlain(bench.engine, { path: "nothing/here" })).toMatchObject({
      code: "HOOK_UNKNOWN",
      status: 404,
    });
    expect(await sendPlain(bench.engine, { path: "payments/%ZZ" })).toMatchObject({
      code: "HOOK_UNKNOWN",
      status: 404,
    });
    const refusals: [string, number][] = [
      ['{"a":1,"a":2}', 422],
      ["{", 422],
      ['{"__proto__":{}}', 422],
      ['{"n":1e400}', 422],
      [JSON.stringify("x".repeat(1_048_576)), 413],
    ];
    for (const [text, status] of refusals) {
      expect(await sendPlain(bench.engine, { path: "payments/o-1", text })).toMatchObject({
        outcome: "refused",
        status,
      });
    }
    const xml = { path: "payments/o-1", text: "<a/>", headers: { "Content-Type": "application/xml" } };
    expect(await sendPlain(bench.engine, xml)).toMatchObject({ status: 415 });
    expect(await commands(bench, "o-1")).toBe(2);
  });
});
