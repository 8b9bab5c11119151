import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";
import { callArbitrary } from "./contract-calls.js";

/** 300 in an ordinary run; `HTTP_FUZZ_RUNS=5000` is the figure to reach. */
const RUNS = Number(process.env.HTTP_FUZZ_RUNS ?? 300);

const DOOR = {
  id: "door",
  states: {
    closed: { type: "initial", transitions: [{ target: "closed", event: "push" }] },
    open: { type: "final" },
  },
};

let bench: HttpBench;
beforeAll(async () => {
  bench = await openHttpBench();
  await bench.post("/v1/definitions", DOOR);
  for (const instanceId of ["d-1", "d-2"])
    await bench.post("/v1/instances", { stateMachineId: "door", instanceId });
});
afterAll(() => bench.close());

it(
  `answers ${RUNS} drawn requests as its contract says, and none with 500`,
  async () => {
    const { document } = bench.server;
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(callArbitrary(document), async ({ method, path, template, headers, body }) => {
        const answer = await bench.request(method, path, {
          ...(body === undefined || method === "GET" ? {} : { body }),
          headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        });
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        const operation = ((document.paths as JsonObject)[template] as JsonObject)[
          method.toLowerCase()
        ] as JsonObject;
        expect(answer.status).not.toBe(500);
        expect(Object.keys(operation.responses as JsonObject)).toContain(String(answer.status));
        if (answer.status < 400) return;
        expect(answer.headers.get("content-type")).toContain("application/problem+json");
        expect(answer.body).toMatchObject({
          status: answer.status,
          code: expect.stringMatching(/^[A-Z_]+$/),
        });
        expect(JSON.stringify(answer.body)).not.toMatch(/at .*\.[jt]s:\d+/);
      }),
      { numRuns: RUNS },
    );
    // A run that only ever is refused shows nothing.
    expect([seen.get(200) ?? 0, seen.get(400) ?? 0]).toEqual([
      expect.toSatisfy(more),
      expect.toSatisfy(more),
    ]);
    expect((await bench.get("/health/live")).status).toBe(200);
  },
  60_000 + RUNS * 100,
);

function more(count: number): boolean {
  return count > RUNS / 30;
}
