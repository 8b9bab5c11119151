/** Callback addresses of a running engine: given out with each try, posted to once, twice, late, forged. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { FunctionContext } from "../../src/channels/function/function-channel.js";
import type { JsonObject } from "../../src/core/json/json.js";
import { createEngine, type EngineOptions } from "../../src/engine.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";

const BASE_URL = "https://flows.example/engine/";

function machine(action: JsonObject = {}): JsonObject {
  return {
    id: "approval",
    states: {
      begun: { type: "initial", transitions: [{ target: "asking", event: "ask" }] },
      asking: {
        type: "task",
        entryActions: [
          {
            actionId: "approve",
            type: "function",
            function: "approve",
            callback: {
              webhook: { await: true, timeout: "PT1H", expectedResponse: { body: { type: "object" } } },
            },
            output: { by: "$response.body.by" },
            timeout: "PT10S",
            onError: "abort",
            ...action,
          },
        ],
        transitions: [{ target: "approved" }, { target: "waiting", event: "later", interrupts: true }],
      },
      waiting: { type: "wait", transitions: [{ target: "approved", event: "go" }] },
      approved: { type: "final" },
      failed: { type: "error" },
    },
  };
}

/** Tries with the addresses that they gave out. */
class Office {
  readonly contexts: FunctionContext[] = [];
  approve = (context: FunctionContext): null => {
    this.contexts.push(context);
    return null;
  };

  token(number = 1): string {
    const url = this.contexts[number - 1]?.callbackUrl;
    if (url === undefined) throw new Error(`Try ${number} gave out no address.`);
    return url.slice(url.lastIndexOf("/") + 1);
  }
}

async function begun(
  kind: (typeof STORE_KINDS)[number] = "memory",
  action: JsonObject = {},
  options: Partial<EngineOptions> = {},
): Promise<EngineBench & { readonly office: Office }> {
  const office = new Office();
  const bench = await openBench(kind, [machine(action)], {
    functions: { approve: office.approve },
    callbacks: { baseUrl: BASE_URL },
    ...options,
  });
  onTestFinished(() => bench.close());
  await bench.engine.start("approval", { instanceId: "case/ä 1" });
  await bench.engine.send("case/ä 1", "ask");
  await bench.settle();
  return { ...bench, office };
}

describe.each(STORE_KINDS)("on %s, an address", (kind) => {
  test("is of letters and digits, and what is posted there ends the action, once and for all", async () => {
    const { engine, office } = await begun(kind);
    expect(office.contexts[0]?.callbackUrl).toMatch(/^https:\/\/flows\.example\/engine\/callbacks\/[\w.-]+$/);
    const first = await engine.callback(office.token(), { by: "ada" }, { actor: "clerk", source: "http" });
    expect(first).toEqual({
      outcome: "accepted",
      instanceId: "case/ä 1",
      answer: { outcome: "done", seq: 4 },
      isRepeated: false,
    });
    // Whatever is posted, at the end of the instance too.
    const again = await engine.callback(office.token(), { error: "no" });
    expect(again).toEqual({ ...first, isRepeated: true });
    expect(await engine.get("case/ä 1")).toMatchObject({ status: "completed", data: { by: "ada" }, seq: 4 });
    const trail = await engine.audit("case/ä 1");
    expect(JSON.parse(trail.at(-1)?.entry ?? "")).toMatchObject({
      type: "callback",
      actor: "clerk",
      source: "http",
      command: { tryNumber: 1, body: { $digest: expect.any(String) } },
    });
    expect(JSON.stringify(trail)).not.toContain(office.token());
  });

  test("that was posted twice at once acts once", async () => {
    const { engine, office } = await begun(kind);
    const outcomes = await Promise.all([1, 2, 3].map(() => engine.callback(office.token(), { by: "ada" })));
    expect(outcomes.map((outcome) => outcome.outcome === "accepted" && outcome.isRepeated)).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe("an address", () => {
  test("that was forged, cut or invented is unknown", async () => {
    const { engine, office } = await begun();
    const token = office.token();
    const [text = "", signature = ""] = token.split(".");
    const other = Buffer.from(text, "base64url").toString().replace(",1]", ",2]");
    const forged = [
      `${Buffer.from(other).toString("base64url")}.${signature}`,
      text,
      "",
      "x",
      token.slice(0, -1),
      "x".repeat(10_000),
    ];
    for (const bad of forged) {
      expect(await engine.callback(bad, {}), bad).toMatchObject({
        outcome: "refused",
        code: "CALLBACK_UNKNOWN",
      });
    }
    expect((await engine.get("case/ä 1")).currentState).toBe("asking");
  });

  test("of another database is unknown, unless both were given the same secret", async () => {
    const secret = "s".repeat(32);
    const [one, other, shared] = [
      await begun(),
      await openBench("memory", [], {
        callbacks: { baseUrl: BASE_URL },
        random: { hex: (count) => "7".repeat(2 * count) },
      }),
      await begun("memory", {}, { callbacks: { baseUrl: BASE_URL, secret } }),
    ];
    onTestFinished(() => other.close());
    expect(await other.engine.callback(one.office.token(), {})).toMatchObject({ code: "CALLBACK_UNKNOWN" });
    const same = await openBench("memory", [], { callbacks: { baseUrl: BASE_URL, secret } });
    onTestFinished(() => same.close());
    // It is genuine there, and yet of no instance.
    expect(await same.engine.callback(shared.office.token(), {})).toMatchObject({ code: "CALLBACK_UNKNOWN" });
    expect(await shared.engine.callback(shared.office.token(), {})).toMatchObject({ outcome: "accepted" });
  });

  test("of an older try is gone, and the new try has another one", async () => {
    const { engine, office, clock } = await begun("memory", { onTimeout: "retry", retryCount: 1 });
    await clock.advanceBy(2 * 3_600_000);
    expect(office.contexts).toHaveLength(2);
    expect(office.token(2)).not.toBe(office.token(1));
    expect(await engine.callback(office.token(1), {})).toMatchObject({
      outcome: "refused",
      code: "CALLBACK_GONE",
    });
    const before = (await engine.audit("case/ä 1")).length;
    // Again and again: it is recorded once.
    expect(await engine.callback(office.token(1), {})).toMatchObject({
      outcome: "refused",
      code: "CALLBACK_GONE",
    });
    expect(await engine.audit("case/ä 1")).toHaveLength(before);
    expect(await engine.callback(office.token(2), { by: "ada" })).toMatchObject({ outcome: "accepted" });
    expect((await engine.get("case/ä 1")).data).toEqual({ by: "ada" });
  });

  test("is gone when the action was left, and when the instance has ended", async () => {
    const { engine, office } = await begun();
    await engine.send("case/ä 1", "later");
    expect(await engine.callback(office.token(), {})).toMatchObject({ code: "CALLBACK_GONE" });
    expect((await engine.audit("case/ä 1")).at(-1)?.entry).toContain("late-callback");
    const ended = await begun();
    await ended.engine.cancel("case/ä 1", {});
    expect(await ended.engine.callback(ended.office.token(), {})).toMatchObject({ code: "CALLBACK_GONE" });
  });

  test("takes back what was posted in another form, and what is too large, and stays good", async () => {
    const { engine, office } = await begun();
    expect(await engine.callback(office.token(), "text")).toMatchObject({
      code: "VALIDATION_FAILED",
      violations: [{ path: "", message: expect.stringContaining("object") }],
    });
    expect(await engine.callback(office.token(), { by: "x".repeat(300_000) })).toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
    expect(await engine.callback(office.token(), undefined as never)).toMatchObject({
      code: "VALIDATION_FAILED",
    });
    expect(await engine.callback(office.token(), { by: "ada" })).toMatchObject({ outcome: "accepted" });
  });
});

test("an engine without an address of its own fails the action, sends nothing and says how to configure it", async () => {
  for (const settings of [{}, { callbacks: { baseUrl: () => undefined } }]) {
    const office = new Office();
    const bench = await openBench("memory", [machine({ retryCount: 3 })], {
      functions: { approve: office.approve },
      ...settings,
    });
    onTestFinished(() => bench.close());
    const { instanceId } = await bench.engine.start("approval");
    await bench.engine.send(instanceId, "ask");
    await bench.settle();
    expect(office.contexts).toEqual([]);
    expect((await bench.engine.get(instanceId)).data).toMatchObject({
      errorCode: "CALLBACK_UNCONFIGURED",
      errorMessage: expect.stringContaining("callbacks.baseUrl"),
    });
  }
});

test.each<NonNullable<EngineOptions["callbacks"]>>([
  { baseUrl: "flows.example" },
  { baseUrl: "ftp://flows.example" },
  { baseUrl: "https://flows.example/?x=1" },
  { baseUrl: "https://flows.example", secret: "short" },
])("%j is no setting for callbacks", async (callbacks) => {
  await expect(openBench("memory", [], { callbacks })).rejects.toMatchObject({ code: "USAGE" });
});

test("a webhook tells its address in a header and in its payload, and it is good after a restart too", async () => {
  const directory = mkdtempSync(join(tmpdir(), "statewright-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const seen: { headers: IncomingHttpHeaders; body: JsonObject }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => {
      text += part.toString();
    });
    request.on("end", () => {
      seen.push({ headers: request.headers, body: JSON.parse(text) as JsonObject });
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/work`;
  const open = () =>
    createEngine({
      store: sqlite(join(directory, "test.db")),
      definitions: [
        machine({
          type: "webhook",
          function: undefined as never,
          trigger: { webhook: { url, payload: { case: 1 } } },
        }),
      ].map((definition) => JSON.parse(JSON.stringify(definition)) as JsonObject),
      callbacks: { baseUrl: () => "http://127.0.0.1:1" },
    });
  const first = await open();
  const { instanceId } = await first.start("approval");
  await first.send(instanceId, "ask");
  await first.waitUntil(
    instanceId,
    ({ tokens }) => tokens[0]?.agenda?.running?.progress === "awaiting",
    10_000,
  );
  await first.close();
  const [{ headers, body } = { headers: {}, body: {} }] = seen;
  expect(headers["statewright-callback"]).toMatch(/^http:\/\/127\.0\.0\.1:1\/callbacks\//);
  expect(body).toEqual({ case: 1, callbackUrl: headers["statewright-callback"] });
  const second = await open();
  const token = String(headers["statewright-callback"]).split("/").at(-1) ?? "";
  expect(await second.callback(token, { by: "ada" })).toMatchObject({ outcome: "accepted" });
  expect((await second.get(instanceId)).status).toBe("completed");
  await second.close();
});
