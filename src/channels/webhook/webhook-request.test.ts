import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { afterTurns, channelWith, never, recording, send, serve } from "../../../test/kit/webhook-servers.js";
import type { JsonObject } from "../../core/json/json.js";

describe("what is sent", () => {
  it("is JSON by POST, with the key and the names of instance and machine", async () => {
    const { origin, received } = await recording();
    const outcome = await send({ url: `${origin}/verify`, payload: { amount: "12.50", tags: ["ü"] } });
    expect(outcome.outcome).toBe("completed");
    expect(received).toMatchObject([
      {
        method: "POST",
        url: "/verify",
        body: '{"amount":"12.50","tags":["ü"]}',
        headers: {
          "content-type": "application/json",
          "idempotency-key": "i-1/3.0/verify",
          "statewright-instance": "i-1",
          "statewright-machine": "transfers",
          "accept-encoding": "identity",
          "user-agent": "statewright",
        },
      },
    ]);
  });

  it("takes method, headers and query from the definition", async () => {
    const { origin, received } = await recording();
    await send({
      url: `${origin}/a?x=1`,
      method: "put",
      headers: { "X-Count": 3, Authorization: "Bearer t", "User-Agent": "other" },
      query: { q: "a b&c", list: [1, 2], none: null },
      payload: null,
    });
    expect(received).toMatchObject([
      {
        method: "PUT",
        url: "/a?x=1&q=a+b%26c&list=1&list=2",
        body: "null",
        headers: { "x-count": "3", authorization: "Bearer t", "user-agent": "other" },
      },
    ]);
  });

  it("is text as it stands where another content type is given, and JSON where it is one", async () => {
    const { origin, received } = await recording();
    await send({ url: origin, headers: { "content-type": "text/csv" }, payload: "a;b" });
    await send({
      url: origin,
      headers: { "content-type": "application/cloudevents+json" },
      payload: { a: 1 },
    });
    await send({ url: origin, payload: "a;b" });
    expect(received.map((request) => request.body)).toEqual(["a;b", '{"a":1}', '"a;b"']);
  });

  it.each(["GET", "HEAD"])("has no body with %s", async (method) => {
    const { origin, received } = await recording();
    await send({ url: origin, method, payload: { a: 1 } });
    expect(received).toMatchObject([{ method, body: "" }]);
    expect(received[0]?.headers["content-type"]).toBeUndefined();
  });

  it("keeps ids whole in headers, whatever characters they have", async () => {
    const { origin, received } = await recording();
    await channelWith().send(
      {
        idempotencyKey: "ä 100%\r\nx: y/1.0/Ċ",
        instanceId: "日本",
        stateMachineId: "m",
        settings: { url: origin },
      },
      never(),
    );
    expect(decodeURIComponent(String(received[0]?.headers["idempotency-key"]))).toBe("ä 100%\r\nx: y/1.0/Ċ");
    expect(decodeURIComponent(String(received[0]?.headers["statewright-instance"]))).toBe("日本");
  });

  it("goes where the longest rewriting prefix leads, up to a slash", async () => {
    const { origin, received } = await recording();
    const channel = channelWith({
      rewrite: [
        { from: "http://bank.test", to: `${origin}/short` },
        { from: "http://bank.test/v1", to: `${origin}/long/` },
      ],
      resolve: async () => [],
    });
    for (const path of ["/v1/pay?a=1", "/v1", "/v10", "/"])
      await send({ url: `http://bank.test${path}` }, channel);
    expect(received.map((request) => request.url)).toEqual([
      "/long/pay?a=1",
      "/long",
      "/short/v10",
      "/short/",
    ]);
    const other = await send({ url: "http://bank.test.evil.test/v1" }, channel);
    expect(other).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("could not be resolved"),
    });
  });

  it("goes over connections that are kept", async () => {
    const ports = new Set<number | undefined>();
    const origin = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("ok");
    });
    const channel = channelWith();
    for (let count = 0; count < 30; count += 1) await send({ url: origin }, channel);
    // Two, since the end of an answer is told a moment before its connection is free again.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it("is bounded in flight for each host, the rest waits", async () => {
    const held: ServerResponse[] = [];
    let mostAtOnce = 0;
    const origin = await serve((_, response) => {
      held.push(response);
      mostAtOnce = Math.max(mostAtOnce, held.length);
      if (held.length === 3)
        void afterTurns(20).then(() => held.splice(0).forEach((each) => void each.end()));
    });
    const channel = channelWith({ maxInFlightPerHost: 3 });
    const outcomes = await Promise.all(Array.from({ length: 9 }, () => send({ url: origin }, channel)));
    expect(outcomes.map((outcome) => outcome.outcome)).toEqual(Array(9).fill("completed"));
    expect(mostAtOnce).toBe(3);
  });
});

describe("what cannot be sent", () => {
  it.each<[string, JsonObject, string]>([
    ["no URL", {}, '"url"'],
    ["a relative URL", { url: "/verify" }, "absolute"],
    ["another scheme", { url: "file:///etc/passwd" }, "file:"],
    ["user info", { url: "http://user:pass@127.0.0.1/" }, "user name or password"],
    ["a line break in the URL", { url: "http://127.0.0.1/\r\nx" }, "control character"],
    ["an unknown method", { url: "http://127.0.0.1/", method: "CONNECT" }, "CONNECT"],
    ["headers that are a list", { url: "http://127.0.0.1/", headers: [] }, '"headers"'],
    ["a query of objects", { url: "http://127.0.0.1/", query: { a: {} } }, '"a"'],
    ["an unknown expectation", { url: "http://127.0.0.1/", expectedResponse: "fine" }, '"expectedResponse"'],
    ["auth", { url: "http://127.0.0.1/", auth: { bearer: "x" } }, '"auth.bearer" must name a secret'],
  ])("is a final failure: %s", async (_, settings, part) => {
    expect(await send(settings)).toMatchObject({
      outcome: "failed",
      code: "ACTION_FAILED",
      isFinal: true,
      message: expect.stringContaining(part),
    });
  });

  it.each([
    ["X-A", "1\r\nX-B: 2"],
    ["X-A", "1\nX-B: 2"],
    ["X-A", "a\0b"],
    ["X-A", "\u010aX-B: 2"],
    ["X-A", "\u2028"],
    ["X-A: 1\r\nX-B", "2"],
    ["X A", "1"],
    ["", "1"],
    ["Host", "other"],
    ["content-length", "0"],
    ["Transfer-Encoding", "chunked"],
    ["Connection", "upgrade"],
    ["Idempotency-Key", "mine"],
    ["Accept-Encoding", "gzip"],
  ])("is a header that would say more than it is: %j %j", async (name, value) => {
    const { origin, received } = await recording();
    const outcome = await send({ url: origin, headers: { [name]: value } });
    expect(outcome).toMatchObject({
      outcome: "failed",
      code: "ACTION_FAILED",
      isFinal: true,
      message: expect.stringContaining(JSON.stringify(name)),
    });
    expect(received).toEqual([]);
  });
});
