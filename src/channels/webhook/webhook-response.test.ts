import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { answering, answeringJson, channelWith, send, serve } from "../../../test/kit/webhook-servers.js";
import type { Json, JsonObject } from "../../core/json/json.js";
import type { ChannelOutcome } from "../../ports/channel.js";

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
