import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";

describe("what comes over the wire", () => {
  let bench: HttpBench;
  beforeAll(async () => {
    bench = await openHttpBench({ server: { receiveTimeoutMs: 300 } });
  });
  afterAll(() => bench.close());

  /** Everything that comes back until the connection ends. */
  function exchange(text: string): Promise<string> {
    const { port } = new URL(bench.server.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
      let answer = "";
      socket.setEncoding("utf8").on("data", (chunk: string) => {
        answer += chunk;
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });
  }

  it("for a name that somebody else has pointed here is refused", async () => {
    const answer = await exchange(
      "GET /v1/instances HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1.1 421 [\s\S]*HOST_UNKNOWN/);
  });

  it("too slowly is cut with 408", async () => {
    expect(await exchange("GET /v1/instances HTTP/1.1\r\nHost: localhost\r\n")).toMatch(
      /^HTTP\/1.1 408 [\s\S]*REQUEST_TIMEOUT/,
    );
  });

  it("with headers over the limit is refused with 431", async () => {
    const answer = await exchange(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 [\s\S]*LIMIT_EXCEEDED/);
  });

  it.each([
    ["no HTTP at all", "HELLO\r\n\r\n"],
    [
      "two lengths",
      "POST /v1/instances HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    ],
  ])("as %s is refused, and the connection closed", async (_, text) => {
    expect(await exchange(text)).toMatch(/^HTTP\/1.1 400 [\s\S]*REQUEST_INVALID/);
  });
});
