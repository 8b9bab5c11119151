/** Callback addresses over HTTP: what another system sees that posts to one. */
import { afterEach, describe, expect, it } from "vitest";
import { type HttpAnswer, type HttpBench, openHttpBench } from "../kit/http-bench.js";

const APPROVAL = {
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
          onError: "abort",
        },
      ],
      transitions: [{ target: "approved" }, { target: "stopped", event: "stop", interrupts: true }],
    },
    approved: { type: "final" },
    stopped: { type: "wait", transitions: [{ target: "approved", event: "go" }] },
    failed: { type: "error" },
  },
};

const JSON_TYPE = { "content-type": "application/json" };
const benches: HttpBench[] = [];

async function open(server: Parameters<typeof openHttpBench>[0] = {}) {
  const addresses = new Map<string, string>();
  let bench: HttpBench | undefined;
  bench = await openHttpBench({
    ...server,
    callbacks: { baseUrl: () => bench?.server.url },
    functions: {
      approve: ({ instanceId, callbackUrl }) => {
        addresses.set(instanceId, callbackUrl ?? "");
        return null;
      },
    },
  });
  benches.push(bench);
  const { engine } = bench;
  await engine.publish(APPROVAL);
  const asking = async (instanceId: string): Promise<string> => {
    await engine.start("approval", { instanceId });
    await engine.send(instanceId, "ask");
    await expect.poll(() => addresses.get(instanceId)).toBeTruthy();
    return addresses.get(instanceId) ?? "";
  };
  return { bench, engine, asking };
}

async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = JSON_TYPE,
): Promise<HttpAnswer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method: "POST", body: text, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe("a callback address", () => {
  afterEach(async () => {
    for (const bench of benches.splice(0)) await bench.close();
  });

  it("takes an answer once, gives it again, and the trail says where it came from", async () => {
    const { engine, asking } = await open();
    const url = await asking("a-1");
    const first = await post(url, { by: "ada" });
    expect([first.status, first.body]).toEqual([
      200,
      { instanceId: "a-1", outcome: "done", seq: expect.any(Number), isRepeated: false },
    ]);
    const again = await post(url, { by: "somebody else" });
    expect([again.status, again.body]).toEqual([200, { ...first.body, isRepeated: true }]);
    expect(await engine.get("a-1")).toMatchObject({ status: "completed", data: { by: "ada" } });
    const trail = await engine.audit("a-1");
    expect(JSON.parse(trail.at(-1)?.entry ?? "")).toMatchObject({ actor: "callback", source: "callback" });
  });

  it("fails the action with an error, refuses what is not expected, and may be posted again then", async () => {
    const { engine, asking } = await open();
    const url = await asking("a-1");
    const wrong = await post(url, [1]);
    expect(wrong).toMatchObject({
      status: 422,
      body: { code: "VALIDATION_FAILED", violations: [{ path: "" }] },
    });
    expect((await post(url, "{")).body.code).toBe("REQUEST_INVALID");
    expect((await post(url, "by=ada", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(
      415,
    );
    expect((await post(url, { error: { code: "NO_MONEY", message: "empty" } })).status).toBe(200);
    await expect
      .poll(async () => (await engine.get("a-1")).data)
      .toMatchObject({ errorCode: "NO_MONEY", failedState: "asking" });
  });

  it("is gone when the action is over, or the instance was cancelled", async () => {
    const { engine, asking } = await open();
    const left = await asking("a-1");
    await engine.send("a-1", "stop");
    const cancelled = await asking("a-2");
    await engine.cancel("a-2", { reason: "no" });
    for (const url of [left, cancelled, left])
      expect(await post(url, { by: "ada" })).toMatchObject({ status: 410, body: { code: "CALLBACK_GONE" } });
    expect((await engine.get("a-1")).data).toEqual({});
  });

  it("that was never given out is answered alike, whatever is wrong with it", async () => {
    const { bench, asking } = await open();
    const url = await asking("a-1");
    const [text = "", signature = ""] = (url.split("/").at(-1) ?? "").split(".");
    const other = Buffer.from(text, "base64url").toString("utf8").replace("a-1", "a-2");
    const forged = [
      `${text}.${signature.slice(1)}${signature.slice(0, 1)}`,
      `${Buffer.from(other).toString("base64url")}.${signature}`,
      text,
      `${text}.${signature}.${signature}`,
      `${text}.${"A".repeat(signature.length)}`,
      "x",
      "%C3%A4",
      "x".repeat(8_192),
    ];
    const answers = await Promise.all(
      forged.map((token) => post(`${bench.server.url}/callbacks/${token}`, { by: "eve" })),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, body: { code: "CALLBACK_UNKNOWN" } });
    expect((await post(url, { by: "ada" })).status).toBe(200);
  });

  it("has room for the longest id of an instance", async () => {
    const { asking } = await open();
    expect((await post(await asking("ä".repeat(255)), { by: "ada" })).status).toBe(200);
  });

  it("counts who posts by their address", async () => {
    const { bench } = await open({ server: { rateLimit: { max: 3, windowMs: 60_000 } } });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await post(`${bench.server.url}/callbacks/x`, {})).status);
    expect(statuses).toEqual([404, 404, 404, 429, 429]);
    expect((await post(`${bench.server.url}/hooks/x`, {})).status).toBe(429);
    expect((await bench.get("/health/live")).status).toBe(200);
  });
});
