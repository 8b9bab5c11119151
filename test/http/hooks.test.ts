/** Webhooks over HTTP: what a sender sees of this server. */
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SIGNING_KEY, secretsOf } from "../kit/hook-sender.js";
import { type HttpAnswer, type HttpBench, openHttpBench } from "../kit/http-bench.js";

const VERIFY = { secret: { secret: "SHOP" } };
const OBJECT = {
  schema: { type: "object", properties: { orderId: { type: "string" }, amount: { type: "integer" } } },
};

/** open (started at `shop/orders`) --prepare--> waiting --paid at `shop/paid/:id`--> paid */
const ORDER = {
  stateMachineId: "order",
  states: [
    {
      stateId: "open",
      baseStateType: "initial",
      data: OBJECT,
      startOn: { trigger: "webhook", path: "shop/orders", verify: VERIFY },
    },
    { stateId: "waiting", baseStateType: "wait", data: OBJECT },
    { stateId: "paid", baseStateType: "final", data: OBJECT },
  ],
  transitions: [
    {
      transitionId: "prepare",
      fromStateId: "open",
      toStateId: "waiting",
      event: [{ eventId: "prepare", trigger: "manual" }],
    },
    {
      transitionId: "pay",
      fromStateId: "waiting",
      toStateId: "paid",
      event: [
        {
          eventId: "paid",
          trigger: "webhook",
          path: "shop/paid/:id",
          correlate: "$data.orderId",
          message: "message.params.id",
          verify: VERIFY,
        },
      ],
    },
  ],
};

/** Begins with what comes in, whoever sends it. */
const NOTE = {
  stateMachineId: "note",
  states: [
    {
      stateId: "begun",
      baseStateType: "initial",
      startOn: {
        trigger: "webhook",
        path: "notes/:about",
        data: { text: "$message.body", about: "$message.params.about", tag: "$message.query.tag" },
      },
    },
    { stateId: "written", baseStateType: "final" },
  ],
  transitions: [{ transitionId: "write", fromStateId: "begun", toStateId: "written" }],
};

describe("a webhook", () => {
  let bench: HttpBench;
  let count = 0;

  beforeAll(async () => {
    bench = await openHttpBench({ secrets: secretsOf({ SHOP: SIGNING_KEY }) });
    await bench.engine.publish(ORDER);
    await bench.engine.publish(NOTE);
  });
  afterAll(() => bench.close());

  const signed = (path: string, id: string, text: string, atMs = Date.now()): Promise<HttpAnswer> =>
    bench.post(path, text, {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(atMs / 1000)),
      "webhook-signature": new Webhook(SIGNING_KEY).sign(id, new Date(atMs), text),
    });

  async function waiting(orderId: string): Promise<string> {
    count += 1;
    const instanceId = `order-${count}`;
    await bench.engine.start("order", { instanceId, data: { orderId } });
    await bench.engine.send(instanceId, "prepare");
    return instanceId;
  }

  it("that is verified goes to the instance that waits, once", async () => {
    const instanceId = await waiting("w-1");
    const text = '{ "amount": 5 }';
    const first = await signed("/hooks/shop/paid/w-1", "m-1", text);
    expect(first).toMatchObject({
      status: 200,
      body: { receivers: [{ instanceId, outcome: "taken", to: "paid" }], isRepeated: false },
    });
    const again = await signed("/hooks/shop/paid/w-1", "m-1", text);
    expect([again.status, again.body]).toEqual([200, { ...first.body, isRepeated: true }]);
    expect((await bench.engine.get(instanceId)).data).toMatchObject({ amount: 5 });
    const trail = await bench.engine.audit(instanceId);
    expect(JSON.parse(trail.at(-1)?.entry ?? "")).toMatchObject({ actor: "webhook", source: "webhook" });
    expect(trail).toHaveLength(3);
  });

  it("is verified over its bytes: the same JSON written otherwise is not the same", async () => {
    await waiting("w-2");
    const headers = {
      "webhook-id": "m-2",
      "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
      "webhook-signature": new Webhook(SIGNING_KEY).sign("m-2", new Date(), '{"amount":5}'),
    };
    expect(await bench.post("/hooks/shop/paid/w-2", '{ "amount": 5 }', headers)).toMatchObject({
      status: 401,
      body: { code: "HOOK_UNVERIFIED" },
    });
    expect((await bench.post("/hooks/shop/paid/w-2", '{"amount":5}', headers)).status).toBe(200);
  });

  it("that is old, or not signed at all, is refused before it is read", async () => {
    await waiting("w-3");
    expect((await signed("/hooks/shop/paid/w-3", "m-3", "{}", Date.now() - 301_000)).status).toBe(401);
    const plain = await bench.post("/hooks/shop/paid/w-3", "{", { "webhook-id": "m-3" });
    expect([plain.status, plain.body.code]).toEqual([401, "HOOK_UNVERIFIED"]);
    expect((await signed("/hooks/shop/paid/w-3", "m-3", "{")).status).toBe(422);
    expect((await signed("/hooks/shop/paid/w-3", "m-3", "{}")).status).toBe(200);
  });

  it("with another body under an id that was used is refused", async () => {
    await waiting("w-4");
    await signed("/hooks/shop/paid/w-4", "m-4", "{}");
    expect(await signed("/hooks/shop/paid/w-4", "m-4", '{"amount":7}')).toMatchObject({
      status: 409,
      body: { code: "IDEMPOTENCY_MISMATCH" },
    });
  });

  it("for nobody, for several and at no path is refused, each with its code", async () => {
    expect((await signed("/hooks/shop/paid/w-5", "m-5", "{}")).body).toMatchObject({
      status: 404,
      code: "MESSAGE_UNMATCHED",
    });
    await waiting("w-5");
    await waiting("w-5");
    expect((await signed("/hooks/shop/paid/w-5", "m-5", "{}")).body).toMatchObject({
      status: 409,
      code: "MESSAGE_AMBIGUOUS",
    });
    for (const path of ["/hooks/shop", "/hooks/", "/hooks/shop/paid/w-5/more", "/hooks/shop%2Fpaid/w-5"])
      expect((await signed(path, "m-5", "{}")).body).toMatchObject({ status: 404, code: "HOOK_UNKNOWN" });
    expect((await bench.get("/hooks/shop/orders")).headers.get("allow")).toBe("OPTIONS, POST");
  });

  it("starts an instance, once however often it comes", async () => {
    const text = JSON.stringify({ orderId: "w-6", note: "nobody has a place for this" });
    const first = await signed("/hooks/shop/orders", "m-6", text);
    expect(first).toMatchObject({ status: 200, body: { receivers: [{ outcome: "started", to: "open" }] } });
    const again = await signed("/hooks/shop/orders", "m-6", text);
    expect(again.body).toEqual({ ...first.body, isRepeated: true });
    const { instanceId } = first.body.receivers[0];
    expect((await bench.engine.get(instanceId)).data).toEqual({ orderId: "w-6" });
  });

  it("may be text of any kind, and its path and query come as they were encoded", async () => {
    const init = { body: "Grüße", headers: { "content-type": "text/markdown" } };
    const { status, body } = await bench.request("POST", "/hooks/notes/a%2Fb%25%C3%A4?tag=x%20y", init);
    expect(status).toBe(200);
    expect((await bench.engine.get(body.receivers[0].instanceId)).data).toEqual({
      text: "Grüße",
      about: "a/b%ä",
      tag: "x y",
    });
    const form = { body: "a=1", headers: { "content-type": "application/x-www-form-urlencoded" } };
    expect(await bench.request("POST", "/hooks/notes/x", form)).toMatchObject({
      status: 415,
      body: { code: "MEDIA_TYPE_UNSUPPORTED" },
    });
  });

  it("of more than 1 MiB is refused, and one without a body is taken", async () => {
    const large = await bench.post("/hooks/notes/large", JSON.stringify("x".repeat(1_048_576)));
    expect([large.status, large.body.code]).toEqual([413, "LIMIT_EXCEEDED"]);
    expect((await bench.request("POST", "/hooks/notes/empty?tag=1")).status).toBe(200);
  });
});
