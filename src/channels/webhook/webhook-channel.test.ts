import EventEmitter from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../core/json/json.js";
import { ajvSchemaCompiler } from "../../platform/ajv-schema-compiler.js";
import type { Channel, ChannelOutcome } from "../../ports/channel.js";
import { type WebhookSettings, webhookChannel } from "./webhook-channel.js";

const closers: (() => Promise<void>)[] = [];

function never(): AbortSignal {
  return new AbortController().signal;
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serve(listener: RequestListener): Promise<string> {
  return listening(createServer(listener));
}

/** Answers everything with one response. */
function answering(
  status: number,
  body: string | Buffer = "",
  headers: Record<string, string> = {},
): Promise<string> {
  return serve((_, response) => response.writeHead(status, headers).end(body));
}

function answeringJson(status: number, body: Json, headers: Record<string, string> = {}): Promise<string> {
  return answering(status, JSON.stringify(body), { "content-type": "application/json", ...headers });
}

function channelWith(settings: Partial<WebhookSettings> = {}): Channel {
  const channel = webhookChannel({
    rewrite: [],
    privateAddresses: "allow",
    allow: [],
    deny: [],
    schemas: ajvSchemaCompiler(),
    ...settings,
  });
  closers.push(() => channel.close());
  return channel;
}

function send(settings: JsonObject, channel = channelWith(), signal = never()): Promise<ChannelOutcome> {
  const ids = { idempotencyKey: "i-1/3.0/verify", instanceId: "i-1", stateMachineId: "transfers" };
  return channel.send({ ...ids, settings }, signal);
}

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

async function recording(): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = [];
  const origin = await serve((request, response) => {
    readAll(request).then((body) => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.end();
    });
  });
  return { origin, received };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

/** Speaks bytes: whatever HTTP cannot say. */
function talking(speak: (socket: import("node:net").Socket) => void): Promise<string> {
  return listening(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => speak(socket));
    }),
  );
}

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

/** Lets whatever else could arrive do so. */
async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

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
    ["auth", { url: "http://127.0.0.1/", auth: { bearer: "x" } }, '"auth"'],
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

describe("an answer", () => {
  it("comes with status, lower-case headers and the parsed body", async () => {
    const origin = await serve((_, response) => {
      response.setHeader("X-Twice", ["a", "b"]);
      response
        .writeHead(201, { "Content-Type": "application/problem+json; charset=utf-8" })
        .end('{"id":"7","n":[1]}');
    });
    const outcome = await send({ url: origin });
    expect(outcome).toMatchObject({
      outcome: "completed",
      response: { status: 201, body: { id: "7", n: [1] }, headers: { "x-twice": "a, b" } },
    });
  });

  it.each<[string, string, string, Json]>([
    ["empty", "application/json", "", null],
    ["text", "text/plain", "hello", "hello"],
    ["JSON that is called text", "text/plain", '{"a":1}', '{"a":1}'],
    ["text that is called JSON", "application/json", "{oops", "{oops"],
    ["a key that would poison", "application/json", '{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
    [
      "a number that would lose its value",
      "application/json",
      '{"id":12345678901234567890}',
      '{"id":12345678901234567890}',
    ],
    ["a number beyond all", "application/json", "[1e999]", "[1e999]"],
    ["NUL", "text/plain", "a\0b", "a\uFFFDb"],
    [
      "deep",
      "application/json",
      `${"[".repeat(500)}${"]".repeat(500)}`,
      `${"[".repeat(500)}${"]".repeat(500)}`,
    ],
  ])("has a body as it can be kept: %s", async (_, contentType, sent, body) => {
    const origin = await answering(200, sent, { "content-type": contentType });
    expect(await send({ url: origin })).toMatchObject({ outcome: "completed", response: { body } });
  });

  it.each<[Json | undefined, number, boolean]>([
    [undefined, 204, true],
    [200, 200, true],
    ["200 OK", 200, true],
    ["200", 200, true],
    ["2xx", 299, true],
    ["2XX", 200, true],
    [201, 200, false],
    ["200 OK", 202, false],
    [{ status: [200, "202"] }, 202, true],
    [{ status: [200, 201] }, 202, false],
    [{ status: "4xx" }, 404, true],
    [{ status: 409 }, 409, true],
    [{ status: 302 }, 302, true],
    [{}, 200, true],
  ])("is expected as %j, is %i: %s", async (expectedResponse, status, isExpected) => {
    const origin = await answering(status, "", { location: "/elsewhere" });
    const outcome = await send({
      url: origin,
      ...(expectedResponse === undefined ? {} : { expectedResponse }),
    });
    if (isExpected) expect(outcome).toMatchObject({ outcome: "completed", response: { status } });
    else expect(outcome).toMatchObject({ outcome: "failed", code: "RESPONSE_MISMATCH", isFinal: true });
  });

  it.each([
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [405, true],
    [410, true],
    [422, true],
    [301, false],
    [304, false],
    [408, false],
    [409, false],
    [425, false],
    [429, false],
    [500, false],
    [503, false],
  ])("with status %i is a failure that is final: %s", async (status, isFinal) => {
    const origin = await answering(status);
    expect(await send({ url: `${origin}/verify?secret=1` })).toMatchObject({
      outcome: "failed",
      code: "ACTION_FAILED",
      isFinal,
      message: `POST ${origin}/verify answered ${status}`,
      response: { status },
    });
  });

  it.each<[Json, string]>([
    [{ errorCode: "INSUFFICIENT_FUNDS" }, "INSUFFICIENT_FUNDS"],
    [{ errorCode: "not a code" }, "ACTION_FAILED"],
    [{ errorCode: "A".repeat(65) }, "ACTION_FAILED"],
    [{ errorCode: 7 }, "ACTION_FAILED"],
    [["INSUFFICIENT_FUNDS"], "ACTION_FAILED"],
  ])("names the code of its failure itself: %j", async (body, code) => {
    expect(await send({ url: await answeringJson(422, body) })).toMatchObject({
      outcome: "failed",
      code,
      isFinal: true,
    });
  });

  it.each<[string, Record<string, string>, number | undefined]>([
    ["seconds", { "retry-after": "7" }, 7_000],
    ["a day at most", { "retry-after": "999999999" }, 86_400_000],
    [
      "a date",
      { date: "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 06 Nov 1994 08:50:37 GMT" },
      60_000,
    ],
    [
      "an old form of date",
      { date: "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun Nov  6 08:49:39 1994" },
      2_000,
    ],
    [
      "a date that has passed",
      { date: "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 06 Nov 1994 08:49:36 GMT" },
      0,
    ],
    ["nonsense", { "retry-after": "soon" }, undefined],
    ["a negative number", { "retry-after": "-1" }, undefined],
  ])("says when to come back: %s", async (_, headers, expected) => {
    for (const status of [429, 503]) {
      const outcome = await send({ url: await answering(status, "", headers) });
      expect(outcome.outcome === "failed" ? outcome.retryAfterMs : "no failure").toBe(expected);
    }
  });

  it("must have the expected headers", async () => {
    const origin = await answering(200, "{}", {
      "content-type": "application/json; charset=utf-8",
      "x-kind": "a",
    });
    const expecting = (headers: JsonObject): Promise<ChannelOutcome> =>
      send({ url: origin, expectedResponse: { headers } });
    expect(await expecting({ "Content-Type": "application/json", "X-Kind": "a" })).toMatchObject({
      outcome: "completed",
    });
    const mismatch = { outcome: "failed", code: "RESPONSE_MISMATCH", isFinal: true };
    expect(await expecting({ "X-Kind": "b" })).toMatchObject({
      ...mismatch,
      message: expect.stringContaining('"x-kind"'),
    });
    expect(await expecting({ "X-None": "b" })).toMatchObject({
      ...mismatch,
      message: expect.stringContaining('"x-none"'),
    });
  });

  it("must have a body that fits the schema", async () => {
    const body = { type: "object", required: ["holdId"], properties: { holdId: { type: "string" } } };
    const expectedResponse = { status: [200, 201], body };
    expect(await send({ url: await answeringJson(201, { holdId: "h" }), expectedResponse })).toMatchObject({
      outcome: "completed",
    });
    const origin = await answeringJson(200, { hold: "secret" });
    expect(await send({ url: origin, expectedResponse })).toMatchObject({
      outcome: "failed",
      code: "RESPONSE_MISMATCH",
      isFinal: true,
      message: `POST ${origin} answered with a body that does not fit: "holdId" is missing`.replace(
        origin,
        `${origin}/`,
      ),
    });
    expect(await send({ url: origin, expectedResponse: { body: { type: "strin" } } })).toMatchObject({
      outcome: "failed",
      code: "ACTION_FAILED",
      isFinal: true,
    });
  });
});

describe("a large or encoded answer", () => {
  it("is refused beyond the limit, and not kept", async () => {
    const origin = await answering(200, Buffer.alloc(1_048_577, 0x61));
    expect(await send({ url: origin })).toMatchObject({
      outcome: "failed",
      code: "RESPONSE_MISMATCH",
      isFinal: true,
      message: expect.stringContaining("larger than 1 MiB"),
      response: { body: null },
    });
  });

  it("is taken up to the limit, which a request can lower and not raise", async () => {
    const origin = await answering(200, "a".repeat(2_048));
    const channel = channelWith({ maxResponseBytes: 2_048 });
    expect(await send({ url: origin }, channel)).toMatchObject({ outcome: "completed" });
    expect(await send({ url: origin, maxResponseBytes: 2_047 }, channel)).toMatchObject({
      code: "RESPONSE_MISMATCH",
    });
    const lower = channelWith({ maxResponseBytes: 1_024 });
    expect(await send({ url: origin, maxResponseBytes: 1_000_000 }, lower)).toMatchObject({
      message: expect.stringContaining("larger than 1 KiB"),
    });
  });

  it("is cut off where it never ends", async () => {
    const chunk = "a".repeat(65_536);
    const origin = await serve((_, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once("drain", pour);
      };
      pour();
    });
    expect(await send({ url: origin })).toMatchObject({ code: "RESPONSE_MISMATCH" });
  });

  it("is not unpacked, and refused", async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const origin = await answering(200, bomb, { "content-encoding": "gzip" });
    expect(await send({ url: origin })).toMatchObject({
      code: "RESPONSE_MISMATCH",
      isFinal: true,
      message: expect.stringContaining("encoded as gzip"),
    });
  });

  it("does not hide a status that is worth another try", async () => {
    const origin = await answering(503, Buffer.alloc(2_000_000), { "retry-after": "1" });
    expect(await send({ url: origin })).toMatchObject({
      code: "ACTION_FAILED",
      isFinal: false,
      retryAfterMs: 1_000,
    });
  });
});

describe("a connection that fails", () => {
  it.each<[string, () => Promise<string>, string]>([
    ["is refused", closedOrigin, "refused the connection"],
    [
      "ends before the answer",
      () => talking((socket) => socket.destroy()),
      "closed the connection before answering",
    ],
    [
      "is reset before the answer",
      () => talking((socket) => socket.resetAndDestroy()),
      "closed the connection before answering",
    ],
    [
      "ends in the headers",
      () => talking((socket) => socket.end("HTTP/1.1 200 OK\r\nX-A")),
      "closed the connection before answering",
    ],
    [
      "ends in the body",
      () => talking((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")),
      "closed the connection in the middle of its answer",
    ],
    [
      "speaks something else",
      () => talking((socket) => socket.end("220 mail ready\r\n")),
      "did not answer in HTTP",
    ],
    ["has no address", async () => "http://nowhere.invalid", "could not be resolved"],
  ])("is a failure worth another try: it %s", async (_, open, sentence) => {
    const origin = await open();
    expect(await send({ url: `${origin}/pay?secret=1` })).toMatchObject({
      outcome: "failed",
      code: "ACTION_FAILED",
      isFinal: false,
      message: `POST ${origin}/pay ${sentence}`,
    });
  });
});

async function closedOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe("the caller's signal", () => {
  it("ends a send at once, while the answer or its body is waited for", async () => {
    for (const start of [() => {}, (response: ServerResponse) => void response.writeHead(200).write("a")]) {
      const aborter = new AbortController();
      const origin = await serve((_, response) => {
        start(response);
        aborter.abort();
      });
      expect(await send({ url: origin }, channelWith(), aborter.signal)).toMatchObject({
        outcome: "failed",
        code: "ACTION_TIMEOUT",
        isFinal: false,
        message: expect.stringContaining("did not answer in time"),
      });
    }
  });

  it("ends a send that waits for its turn, which is then never made", async () => {
    let requests = 0;
    let release: () => void = () => {};
    const aborter = new AbortController();
    const origin = await serve((_, response) => {
      requests += 1;
      release = () => response.end();
      aborter.abort();
    });
    const channel = channelWith({ maxInFlightPerHost: 1 });
    const first = send({ url: origin }, channel);
    expect(await send({ url: origin }, channel, aborter.signal)).toMatchObject({ code: "ACTION_TIMEOUT" });
    release();
    expect(await first).toMatchObject({ outcome: "completed" });
    expect(await send({ url: origin }, channel, AbortSignal.abort())).toMatchObject({
      code: "ACTION_TIMEOUT",
    });
    expect(requests).toBe(1);
  });

  it("leaves no listeners behind", async () => {
    const aborter = new AbortController();
    const origin = await answering(200, "ok");
    const channel = channelWith();
    for (let count = 0; count < 3; count += 1) await send({ url: origin }, channel, aborter.signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(EventEmitter.getEventListeners(aborter.signal, "abort")).toEqual([]);
  });
});

describe("a redirect", () => {
  function redirecting(status: number, location: string, seen: string[] = []): Promise<string> {
    return serve((request, response) => {
      readAll(request).then((body) => {
        seen.push(`${request.method} ${request.url} ${body}`);
        if (request.url === "/end") response.end("arrived");
        else response.writeHead(status, { location }).end();
      });
    });
  }

  it.each([
    [303, "POST", ["POST / 1", "GET /end "]],
    [307, "POST", ["POST / 1", "POST /end 1"]],
    [308, "PUT", ["PUT / 1", "PUT /end 1"]],
    [301, "GET", ["GET / ", "GET /end "]],
    [302, "GET", ["GET / ", "GET /end "]],
  ])("%i is followed on the same host: %s", async (status, method, expected) => {
    const seen: string[] = [];
    const origin = await redirecting(status, "/end", seen);
    expect(await send({ url: origin, method, payload: 1 })).toMatchObject({
      outcome: "completed",
      response: { body: "arrived" },
    });
    expect(seen).toEqual(expected);
  });

  it.each([301, 302])("%i is not followed by a POST, which would become something else", async (status) => {
    const seen: string[] = [];
    const origin = await redirecting(status, "/end", seen);
    expect(await send({ url: origin })).toMatchObject({
      code: "ACTION_FAILED",
      isFinal: false,
      response: { status },
    });
    expect(seen).toHaveLength(1);
  });

  it("is not followed where the definition says so", async () => {
    const origin = await redirecting(307, "/end");
    expect(await send({ url: origin, followRedirects: false })).toMatchObject({ response: { status: 307 } });
  });

  it("to another host or port is a final failure that names both, and is not called", async () => {
    const { origin: other, received } = await recording();
    const origin = await redirecting(307, `${other}/take?token=secret`);
    const outcome = await send({ url: `${origin}/give?key=secret` });
    expect(outcome).toMatchObject({ outcome: "failed", code: "ACTION_FAILED", isFinal: true });
    const message = outcome.outcome === "failed" ? outcome.message : "";
    expect(message).toContain(origin);
    expect(message).toContain(other);
    expect(message).not.toContain("secret");
    expect(received).toEqual([]);
  });

  it.each(["https://127.0.0.1/", "file:///etc/passwd", "http://user@127.0.0.1/", "javascript:1"])(
    "to %s is a final failure",
    async (location) => {
      const origin = await redirecting(307, location);
      expect(await send({ url: origin })).toMatchObject({ code: "ACTION_FAILED", isFinal: true });
    },
  );

  it("that goes round is given up after five", async () => {
    const seen: string[] = [];
    const origin = await redirecting(307, "/again", seen);
    expect(await send({ url: origin })).toMatchObject({
      code: "ACTION_FAILED",
      isFinal: true,
      message: expect.stringContaining("more than 5 times"),
    });
    expect(seen).toHaveLength(6);
  });

  it("to nowhere counts as the answer", async () => {
    const origin = await answering(307);
    expect(await send({ url: origin })).toMatchObject({
      code: "ACTION_FAILED",
      isFinal: false,
      response: { status: 307 },
    });
  });
});

describe("closing", () => {
  it("lets what is in flight end, and takes nothing new", async () => {
    let answer: () => void = () => {};
    let arrived: () => void = () => {};
    const isThere = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const origin = await serve((_, response) => {
      answer = () => response.end("done");
      arrived();
    });
    const channel = channelWith();
    const inFlight = send({ url: origin }, channel);
    await isThere;
    const closed = channel.close();
    expect(await send({ url: origin }, channel)).toMatchObject({ outcome: "failed", isFinal: false });
    answer();
    expect(await inFlight).toMatchObject({ outcome: "completed", response: { body: "done" } });
    await closed;
  });
});
