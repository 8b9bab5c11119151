import { describe, expect, it } from "vitest";
import { channelWith, closedOrigin, send, serve } from "../../../test/kit/webhook-servers.js";
import { defaultPrivateAddresses } from "./address/private-addresses.js";

describe("the circuit breaker of the webhook channel", () => {
  it("spares an origin that fails, says for how long, and lets it come back", async () => {
    let status = 503;
    let requests = 0;
    let nowMs = 0;
    const changes: string[] = [];
    const origin = await serve((_, response) => {
      requests += 1;
      response.writeHead(status).end();
    });
    const channel = channelWith({
      now: () => nowMs,
      breaker: { failures: 3, openForMs: 20_000 },
      onBreakerChange: (of, state) => changes.push(`${of} ${state}`),
    });
    for (let count = 0; count < 3; count += 1) {
      expect(await send({ url: origin }, channel)).toMatchObject({ message: `POST ${origin}/ answered 503` });
    }
    nowMs = 5_000;
    expect(await send({ url: `${origin}/pay?key=1` }, channel)).toEqual({
      outcome: "failed",
      code: "CIRCUIT_OPEN",
      isFinal: false,
      mayHaveActed: false,
      retryAfterMs: 15_000,
      message: `POST ${origin}/pay was not sent: ${origin} has failed again and again, and is spared for another 15 s`,
    });
    expect(requests).toBe(3);
    status = 200;
    nowMs = 20_000;
    expect(await send({ url: origin }, channel)).toMatchObject({ outcome: "completed" });
    expect(changes).toEqual([`${origin} open`, `${origin} half-open`, `${origin} closed`]);
  });

  it("counts refused connections and answers that do not come, not what the definition or an operator did wrong", async () => {
    const changes: string[] = [];
    const channel = channelWith({
      breaker: { failures: 2, openForMs: 20_000 },
      deny: ["127.9.9.9"],
      onBreakerChange: (of, state) => changes.push(`${of} ${state}`),
    });
    const refusing = await closedOrigin();
    const silent = await serve(() => {});
    for (let count = 0; count < 3; count += 1) {
      await send({ url: "http://127.9.9.9:1" }, channel);
      await send({ url: silent }, channel, AbortSignal.abort());
      const rejecting = await serve((_, response) => response.writeHead(429).end());
      await send({ url: rejecting }, channel);
    }
    expect(changes).toEqual([]);
    await send({ url: refusing }, channel);
    await send({ url: refusing }, channel);
    expect(changes).toEqual([`${refusing} open`]);
    for (let count = 0; count < 2; count += 1) {
      const aborter = new AbortController();
      const slow = await serve(() => aborter.abort("timeout"));
      await send(
        { url: slow },
        channelWith({
          breaker: { failures: 1, openForMs: 1 },
          onBreakerChange: (_, state) => changes.push(state),
        }),
        aborter.signal,
      );
    }
    await expect.poll(() => changes.slice(1)).toEqual(["open", "open"]);
  });

  it("can be left out", async () => {
    const refusing = await closedOrigin();
    const channel = channelWith({ breaker: false });
    for (let count = 0; count < 12; count += 1)
      expect(await send({ url: refusing }, channel)).toMatchObject({ code: "ACTION_FAILED" });
  });
});

describe("private addresses where an operator says nothing", () => {
  it.each(["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LOCALHOST"])(
    "may be called by a server on %s",
    (host) => {
      expect(defaultPrivateAddresses(host)).toBe("allow");
    },
  );

  it.each(["0.0.0.0", "::", "10.0.0.1", "203.0.113.4", "example.com", "127.0.0.1.example.com", ""])(
    "may not be called by a server on %j",
    (host) => {
      expect(defaultPrivateAddresses(host)).toBe("deny");
    },
  );
});
