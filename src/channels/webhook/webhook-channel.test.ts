import EventEmitter from "node:events";
import type { ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { describe, expect, it } from "vitest";
import {
  answering,
  channelWith,
  closedOrigin,
  listening,
  readAll,
  recording,
  send,
  serve,
  talking,
} from "../../../test/kit/webhook-servers.js";

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

describe("TLS", () => {
  it("is not spoken with a server whose certificate nobody vouches for", async () => {
    let requests = 0;
    const server = createTlsServer({ cert: CERTIFICATE, key: KEY }, (_, response) => {
      requests += 1;
      response.end();
    });
    const origin = (await listening(server)).replace("http:", "https:");
    expect(await send({ url: origin })).toMatchObject({
      outcome: "failed",
      code: "ACTION_FAILED",
      isFinal: false,
      message: expect.stringContaining("has a certificate that is not trusted"),
    });
    expect(requests).toBe(0);
  });
});

describe("a proxy of the environment", () => {
  it("is not used", async () => {
    const names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    const before = names.map((name) => process.env[name]);
    const proxy = await closedOrigin();
    for (const name of names) process.env[name] = proxy;
    try {
      expect(await send({ url: await answering(200) })).toMatchObject({ outcome: "completed" });
    } finally {
      names.forEach((name, index) => {
        const value = before[index];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      });
    }
  });
});

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

/** Made for this test alone, by nobody anybody trusts: it protects nothing. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUXLHiIM1TdJX619Jpfw9lnGfU34owCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDExMzA1MVoYDzIxMjYxMDMx
MTEzMDUxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARYP70dRmI/63NNt3cbV18yeFMPMfGZmiffmGrfkzEu72jaPQcD2FFf
5Orb7UEegfPv0vYac56OmQ+Lk5BifEtYo28wbTAdBgNVHQ4EFgQUeQA92Poxa5NH
4XT1f6PP4oCR3oswHwYDVR0jBBgwFoAUeQA92Poxa5NH4XT1f6PP4oCR3oswDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhALHcKO1hDXhouqYAJjmt/d73NE1EtXoG7vI1EXP5k9X8AiEA
+52sGQ9o7oAOO8TcbsPPs0NylcmYJP/khqjwJqvkQAU=
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7J8O9fP7GnsUOotm
tn1ZV63ehU/KqTBUKwFXL05bLCShRANCAARYP70dRmI/63NNt3cbV18yeFMPMfGZ
miffmGrfkzEu72jaPQcD2FFf5Orb7UEegfPv0vYac56OmQ+Lk5BifEtY
-----END PRIVATE KEY-----`;
