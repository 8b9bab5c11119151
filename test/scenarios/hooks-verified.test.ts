/** Webhooks in whose senders are verified, that start instances, that come while actions run, and through crashes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { StatewrightError } from "../../src/core/errors.js";
import type { JsonObject } from "../../src/core/json/json.js";
import type { EngineOptions } from "../../src/engine.js";
import type { Store } from "../../src/ports/store.js";
import { type EngineBench, openBench, openStore, STORE_KINDS } from "../kit/engine-bench.js";
import { SIGNING_KEY, secretsOf, sendPlain, sendSigned } from "../kit/hook-sender.js";
import { ok } from "../kit/scripted-channel.js";

const OLD_KEY = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const VERIFY = { secret: [{ secret: "NEW" }, { secret: "OLD" }] };
const SECRETS = secretsOf({ NEW: SIGNING_KEY, OLD: OLD_KEY });

/** open (started by `orders`) --call--> busy --paid--> paid */
const ORDER: JsonObject = {
  stateMachineId: "order",
  immutable: [],
  states: [
    {
      stateId: "open",
      baseStateType: "initial",
      data: {
        schema: { type: "object", properties: { orderId: { type: "string" } }, required: ["orderId"] },
      },
      startOn: {
        trigger: "webhook",
        path: "shop",
        verify: VERIFY,
        condition: "message.body.type === 'placed'",
      },
    },
    {
      stateId: "paid",
      baseStateType: "final",
      data: {
        schema: { type: "object", properties: { orderId: { type: "string" }, cents: { type: "integer" } } },
      },
    },
  ],
  transitions: [
    {
      transitionId: "pay",
      fromStateId: "open",
      toStateId: "paid",
      event: [
        {
          eventId: "paid",
          trigger: "webhook",
          path: "shop",
          correlate: "$data.orderId",
          message: "message.body.order",
          condition: "message.body.type === 'paid'",
          data: { cents: "$message.body.amount.cents" },
          expectedMessage: { type: "object", required: ["type"] },
          verify: VERIFY,
        },
      ],
    },
  ],
};

const PLACED = { path: "shop", id: "m-placed", body: { type: "placed", orderId: "o-1", more: true } };
const PAID = { path: "shop", id: "m-paid", body: { type: "paid", order: "o-1", amount: { cents: 500 } } };

function sendTo(bench: EngineBench, sending: typeof PLACED | typeof PAID | { path: string; id: string }) {
  return sendSigned(bench.engine, sending, bench.clock.now());
}

async function only(bench: EngineBench) {
  const [row, ...others] = await bench.engine.list();
  expect(others).toEqual([]);
  return row;
}

describe.each(STORE_KINDS)("on %s", (kind) => {
  const benches: EngineBench[] = [];
  afterEach(async () => {
    for (const bench of benches.splice(0)) await bench.close();
  });

  async function open(
    definition: JsonObject = ORDER,
    options: Partial<EngineOptions> = {},
  ): Promise<EngineBench> {
    const bench = await openBench(kind, [definition], { secrets: SECRETS, ...options });
    benches.push(bench);
    return bench;
  }

  test("a message starts an instance once, with what its state declares, and another one moves it on", async () => {
    const bench = await open();
    const first = await sendTo(bench, PLACED);
    const row = await only(bench);
    expect(first).toEqual({
      outcome: "accepted",
      isRepeated: false,
      receivers: [{ instanceId: row?.instanceId, answer: { outcome: "started", seq: 1, to: "open" } }],
    });
    expect(await sendTo(bench, PLACED)).toEqual({ ...first, isRepeated: true });
    expect(await sendTo(bench, PAID)).toMatchObject({ receivers: [{ instanceId: row?.instanceId }] });
    expect(await bench.engine.get(row?.instanceId ?? "")).toMatchObject({
      currentState: "paid",
      data: { orderId: "o-1", cents: 500 },
    });
    for (const sent of [PLACED, PAID]) expect(await sendTo(bench, sent)).toMatchObject({ isRepeated: true });
    await only(bench);
    expect((await bench.engine.audit(row?.instanceId ?? "")).length).toBe(2);
  });

  test("nothing of a message is looked at before its sender is verified", async () => {
    const bench = await open();
    const refused = { outcome: "refused", code: "HOOK_UNVERIFIED", status: 401 };
    expect(await sendPlain(bench.engine, PLACED)).toMatchObject(refused);
    expect(await sendPlain(bench.engine, { path: "shop", text: "{" })).toMatchObject(refused);
    expect(await sendSigned(bench.engine, PLACED, bench.clock.now() - 300_001)).toMatchObject(refused);
    expect(await sendSigned(bench.engine, PLACED, bench.clock.now() + 301_000)).toMatchObject(refused);
    const other = { ...PLACED, headers: { "webhook-id": "m-other" } };
    expect(await sendSigned(bench.engine, other, bench.clock.now())).toMatchObject(refused);
    expect(await bench.engine.list()).toEqual([]);
    expect(JSON.stringify(await sendPlain(bench.engine, PLACED))).not.toMatch(/NEW|OLD|whsec/);
  });

  test("during a rotation both secrets are taken", async () => {
    const bench = await open();
    expect(await sendSigned(bench.engine, PLACED, bench.clock.now(), OLD_KEY)).toMatchObject({
      isRepeated: false,
    });
    expect(await sendSigned(bench.engine, PLACED, bench.clock.now(), SIGNING_KEY)).toMatchObject({
      isRepeated: true,
    });
  });

  test("a message that is sent again with its old time acts no more, within the tolerance and after it", async () => {
    const bench = await open();
    const atMs = bench.clock.now();
    await sendSigned(bench.engine, PLACED, atMs);
    await bench.clock.advanceBy(60_000);
    expect(await sendSigned(bench.engine, PLACED, atMs)).toMatchObject({ isRepeated: true });
    await bench.clock.advanceBy(300_000);
    expect(await sendSigned(bench.engine, PLACED, atMs)).toMatchObject({ status: 401 });
    await only(bench);
  });

  test("senders are asked to come again while the secret is not set", async () => {
    const bench = await open(ORDER, { secrets: secretsOf({}) });
    expect(await sendTo(bench, PLACED)).toMatchObject({ code: "SECRET_MISSING", status: 503 });
  });

  test("a start whose data is not complete is refused, and so is a mapping that finds nothing", async () => {
    const bench = await open();
    const incomplete = { path: "shop", id: "m-1", body: { type: "placed" } };
    expect(await sendTo(bench, incomplete)).toMatchObject({ code: "VALIDATION_FAILED", status: 422 });
    await sendTo(bench, PLACED);
    const unpriced = { path: "shop", id: "m-2", body: { type: "paid", order: "o-1" } };
    expect(await sendTo(bench, unpriced)).toMatchObject({ code: "EXPRESSION_ERROR", status: 422 });
    const unknown = { path: "shop", id: "m-3", body: { type: "sent" } };
    expect(await sendTo(bench, unknown)).toMatchObject({ code: "MESSAGE_UNMATCHED", status: 404 });
  });

  test("one that comes while actions are under way is kept, and has its turn", async () => {
    const busy = {
      ...ORDER,
      states: (ORDER.states as JsonObject[]).map((state) =>
        state.stateId === "open"
          ? {
              ...state,
              entryActions: [{ actionId: "call", trigger: { webhook: { url: "https://x.example" } } }],
            }
          : state,
      ),
    };
    const bench = await open(busy);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    bench.channel.on("/", () => finished.then(() => ok()));
    await sendTo(bench, PLACED);
    await bench.settle();
    const { instanceId = "" } = (await only(bench)) ?? {};
    expect(await sendTo(bench, PAID)).toMatchObject({ receivers: [{ answer: { outcome: "queued" } }] });
    expect(await sendTo(bench, PAID)).toMatchObject({ isRepeated: true });
    finish();
    await bench.settle();
    expect(await bench.engine.get(instanceId)).toMatchObject({ currentState: "paid", data: { cents: 500 } });
  });
});

// A database in memory is gone with the process that was to answer.
describe("on sqlite, after the process has died", () => {
  test.each(["start", "event"])(
    "a %s that was committed and not answered is answered when it is repeated",
    async (what) => {
      const directory = mkdtempSync(join(tmpdir(), "statewright-hooks-"));
      const store = openStore("sqlite", directory);
      const sent = what === "start" ? PLACED : PAID;
      const first = await openBench("sqlite", [ORDER], {
        secrets: SECRETS,
        store: losingAnswer(store, what),
      });
      if (what === "event") await sendTo(first, PLACED);
      await expect(sendTo(first, sent)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      await first.engine.close({ graceMs: 0 });

      const second = await openBench("sqlite", [], {
        secrets: SECRETS,
        store: openStore("sqlite", directory),
      });
      try {
        expect(await sendTo(second, sent)).toMatchObject({ outcome: "accepted", isRepeated: true });
        const { instanceId = "" } = (await only(second)) ?? {};
        expect((await second.engine.audit(instanceId)).length).toBe(what === "start" ? 1 : 2);
      } finally {
        await second.close();
        rmSync(directory, { recursive: true });
      }
    },
  );
});

/** Commits the first command of the type, and dies before it answers. */
function losingAnswer(store: Store, type: string): Store {
  const commit: Store["commit"] = async (lease, items) => {
    const outcomes = await store.commit(lease, items);
    if (items.some((item) => item.kind === "instance" && item.audit.type === type)) {
      throw new StatewrightError("STORE_UNAVAILABLE", "The connection is gone.");
    }
    return outcomes;
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "commit") return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
