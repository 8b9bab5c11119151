import { afterEach, describe, expect, it } from "vitest";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";

const DOOR = {
  id: "door",
  states: {
    closed: { type: "initial", transitions: [{ target: "open", event: "push" }] },
    open: { type: "final" },
  },
};

interface Message {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly instanceId?: string; readonly type?: string };
}

/** Follows until `count` messages have come. */
async function follow(
  bench: HttpBench,
  count: number,
  options: {
    readonly query?: string;
    readonly lastId?: string;
    readonly onOpen?: () => Promise<unknown>;
  } = {},
): Promise<readonly Message[]> {
  const gone = new AbortController();
  const headers = options.lastId === undefined ? {} : { "last-event-id": options.lastId };
  const response = await fetch(`${bench.server.url}/v1/stream${options.query ?? ""}`, {
    headers,
    signal: gone.signal,
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const messages: Message[] = [];
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.event === undefined) continue;
      messages.push({ event: fields.event, id: fields.id, data: JSON.parse(fields.data) });
      if (messages.length === 1) await options.onOpen?.();
    }
    if (messages.length >= count) break;
  }
  gone.abort();
  return messages;
}

describe("the stream", () => {
  let bench: HttpBench;
  afterEach(() => bench.close());

  async function live(instanceId: string): Promise<void> {
    await bench.post("/v1/instances", { stateMachineId: "door", instanceId });
    await bench.post(`/v1/instances/${instanceId}/events`, { event: "push" });
  }

  it("tells what happens, in the order of the commits, and goes on after any message with no gap and nothing twice", async () => {
    bench = await openHttpBench();
    await bench.post("/v1/definitions", DOOR);
    const messages = await follow(bench, 7, {
      onOpen: async () => {
        await live("d-1");
        await live("d-2");
      },
    });
    const told = messages.map(({ event, data }) => `${event} ${data.instanceId ?? ""}`.trim());
    expect(told).toEqual([
      "open",
      "started d-1",
      "transition d-1",
      "ended d-1",
      "started d-2",
      "transition d-2",
      "ended d-2",
    ]);
    for (const [index, { id }] of messages.entries()) {
      const rest = messages.slice(index + 1).map(({ id: later }) => later);
      const resumed = await follow(bench, rest.length + 1, { lastId: id });
      expect(resumed.slice(1).map(({ id: later }) => later)).toEqual(rest);
    }
  });

  it("is narrowed as the list is", async () => {
    bench = await openHttpBench();
    await bench.post("/v1/definitions", DOOR);
    const messages = await follow(bench, 4, {
      query: "?instanceId=d-2",
      onOpen: async () => {
        await live("d-1");
        await live("d-2");
      },
    });
    expect(messages.slice(1).map(({ data }) => data.instanceId)).toEqual(["d-2", "d-2", "d-2"]);
  });

  it("says that it begins anew where this database has not been yet", async () => {
    bench = await openHttpBench();
    const [first] = await follow(bench, 1, { lastId: "99-0" });
    expect(first?.event).toBe("reset");
    expect(await bench.get("/v1/stream?after=nonsense")).toMatchObject({
      status: 400,
      body: { code: "REQUEST_INVALID" },
    });
    expect((await bench.get("/v1/stream?where=1%2B")).body.code).toBe("USAGE");
  });

  it("ends when the server closes", async () => {
    bench = await openHttpBench();
    const response = await fetch(`${bench.server.url}/v1/stream`);
    const text = response.text();
    await bench.server.close({ graceMs: 5_000 });
    expect(await text).toContain("event: open");
  });
});
