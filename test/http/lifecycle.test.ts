import { afterEach, describe, expect, it } from "vitest";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";

const DOOR = {
  id: "door",
  states: {
    closed: { type: "initial", transitions: [{ target: "open", event: "push" }] },
    open: { type: "final" },
  },
};

let bench: HttpBench;
afterEach(() => bench.close());

describe("an instance over HTTP", () => {
  it("is published, started, sent an event and read", async () => {
    bench = await openHttpBench();
    expect(await bench.post("/v1/definitions", DOOR)).toMatchObject({
      status: 201,
      body: { stateMachineId: "door", version: 1, outcome: "published" },
    });
    expect(await bench.post("/v1/definitions", DOOR)).toMatchObject({
      status: 200,
      body: { outcome: "unchanged" },
    });
    const started = await bench.post(
      "/v1/instances",
      { stateMachineId: "door", instanceId: "d/1" },
      { "statewright-actor": "ada" },
    );
    expect(started).toMatchObject({
      status: 201,
      body: { instanceId: "d/1", outcome: "started", to: "closed" },
    });
    expect(started.headers.get("location")).toBe("/v1/instances/d%2F1");
    expect(await bench.post("/v1/instances/d%2F1/events", { event: "pull" })).toMatchObject({
      status: 409,
      body: { code: "NOT_ENABLED", enabled: ["push"] },
    });
    const sent = await bench.post("/v1/instances/d%2F1/events?wait=settled", { event: "push" });
    expect(sent).toMatchObject({
      status: 200,
      body: { outcome: "taken", instance: { status: "completed" } },
    });
    const read = await bench.get("/v1/instances/d%2F1");
    expect([read.headers.get("etag"), read.body.history[0].actor]).toEqual(['"2"', "ada"]);
  });
});
