import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StatewrightError } from "../../src/core/errors.js";
import { openGate } from "../../src/http/index.js";
import { type PrometheusTelemetry, prometheusTelemetry } from "../../src/index.js";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";

const DOOR = {
  id: "door",
  states: {
    closed: { type: "initial", transitions: [{ target: "open", event: "push" }] },
    open: { type: "final" },
  },
};

describe("the metrics of a server", () => {
  let metrics: PrometheusTelemetry;
  let bench: HttpBench;

  beforeEach(async () => {
    metrics = prometheusTelemetry();
    bench = await openHttpBench({ telemetry: metrics, server: { metrics } });
  });
  afterEach(() => bench.close());

  /** Without a request, which would count itself. */
  const lines = async () => (await metrics.metricsText()).split("\n");
  const seriesValue = async (series: string) => {
    const line = (await lines()).find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length));
  };
  /** Ends of connections are heard of a moment later. */
  const becomes = (series: string, value: number) =>
    expect.poll(() => seriesValue(series), { timeout: 10_000 }).toBe(value);

  it("are the text of Prometheus, of the engine and of the process", async () => {
    await bench.post("/v1/definitions", DOOR);
    await bench.post("/v1/instances", { stateMachineId: "door", instanceId: "d-1" });
    await bench.post("/v1/instances/d-1/events", { event: "push" });
    const answer = await bench.get("/metrics");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    for (const line of String(answer.body).split("\n")) {
      expect(line).toMatch(/^($|# (HELP|TYPE) \w+ |\w+(\{.*\})? (-?[\d.e+-]+|Nan|NaN|\+Inf)$)/);
    }
    expect(await seriesValue('statewright_commands_total{type="start",outcome="started"}')).toBe(1);
    expect(await seriesValue('statewright_commands_total{type="event",outcome="taken"}')).toBe(1);
    expect(await seriesValue('statewright_commits_total{outcome="written"}')).toBe(2);
    expect(await seriesValue("process_start_time_seconds")).toBeGreaterThan(0);
  });

  it("name requests by their route, never by what stands in its place", async () => {
    for (const id of ["a", "b", "c"]) await bench.get(`/v1/instances/${id}`);
    await bench.get("/nowhere/secret-id");
    await bench.request("DELETE", "/v1/instances/a");
    const text = (await lines()).join("\n");
    const count = (route: string, method: string, status: number) =>
      seriesValue(`statewright_http_requests_total{route="${route}",method="${method}",status="${status}"}`);
    expect(await count("/v1/instances/:instanceId", "GET", 404)).toBe(3);
    expect(await count("unknown", "GET", 404)).toBe(1);
    expect(await count("unknown", "DELETE", 405)).toBe(1);
    expect(text).not.toContain("secret-id");
    expect(
      await seriesValue(
        'statewright_http_request_duration_seconds_count{route="/v1/instances/:instanceId",method="GET"}',
      ),
    ).toBe(3);
  });

  it("know how many connections and streams are open", async () => {
    const port = Number(new URL(bench.server.url).port);
    const sockets = [1, 2, 3].map(() => connect(port, "127.0.0.1"));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    await becomes("statewright_http_connections_open", 3);
    sockets[0]?.destroy();
    await becomes("statewright_http_connections_open", 2);
    for (const socket of sockets) socket.destroy();
    await becomes("statewright_http_connections_open", 0);
    const leave = new AbortController();
    const stream = await fetch(`${bench.server.url}/v1/stream`, { signal: leave.signal });
    expect(stream.status).toBe(200);
    await becomes("statewright_http_streams_open", 1);
    leave.abort();
    await becomes("statewright_http_streams_open", 0);
    await becomes('statewright_http_requests_total{route="/v1/stream",method="GET",status="200"}', 1);
    expect((await lines()).join("\n")).not.toMatch(/http_request_duration\S+route="\/v1\/stream"/);
  });
});

describe("without metrics", () => {
  it("a server answers 404, and says what is missing", async () => {
    const bench = await openHttpBench();
    try {
      expect(await bench.get("/metrics")).toMatchObject({
        status: 404,
        body: { code: "PATH_UNKNOWN", hint: expect.stringContaining("prometheusTelemetry()") },
      });
    } finally {
      await bench.close();
    }
  });
});

describe("a gate", () => {
  it("that lets somebody not observe keeps the metrics from them", async () => {
    const metrics = prometheusTelemetry();
    const gate = {
      ...openGate(),
      authorize: (_: unknown, { act }: { readonly act: string }) => {
        if (act === "observe") throw new StatewrightError("ORIGIN_FOREIGN", "You may not observe.");
      },
    };
    const bench = await openHttpBench({ telemetry: metrics, server: { metrics, gate } });
    try {
      expect((await bench.get("/metrics")).status).toBe(403);
      expect((await bench.get("/v1/instances")).status).toBe(200);
    } finally {
      await bench.close();
    }
  });
});
