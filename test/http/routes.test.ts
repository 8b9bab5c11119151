import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";

const DOOR = {
  id: "door",
  states: {
    closed: {
      type: "initial",
      transitions: [{ target: "open", event: "push", condition: "data.strength > 1" }],
    },
    open: { type: "final" },
  },
};
const STUCK = {
  id: "stuck",
  states: {
    calling: {
      type: "initial",
      entryActions: [
        {
          actionId: "call",
          trigger: { webhook: { url: "http://127.0.0.1:9/", method: "POST" } },
          onError: "notify",
        },
      ],
      transitions: [{ target: "done", event: "finish" }],
    },
    done: { type: "final" },
  },
};

describe("the routes", () => {
  let bench: HttpBench;
  let count = 0;

  beforeAll(async () => {
    bench = await openHttpBench();
    await bench.post("/v1/definitions", DOOR);
    await bench.post("/v1/definitions?note=calls", STUCK);
  });
  afterAll(() => bench.close());

  async function door(): Promise<string> {
    count += 1;
    const instanceId = `door-${String(count).padStart(3, "0")}`;
    await bench.post("/v1/instances", { stateMachineId: "door", instanceId });
    return instanceId;
  }

  async function stuck(): Promise<string> {
    count += 1;
    const instanceId = `stuck-${count}`;
    await bench.post("/v1/instances?wait=settled", { stateMachineId: "stuck", instanceId });
    return instanceId;
  }

  it("tell every finding with its place in the text that was sent", async () => {
    const { status, body } = await bench.post("/v1/definitions", '{\n  "id": "x",\n  "states": 5\n}');
    expect([status, body.code]).toEqual([422, "DEFINITION_INVALID"]);
    expect(body.findings[0]).toMatchObject({ pointer: "/states", line: 3 });
  });

  it("refuse other content under a version that is there, and say what changed to another", async () => {
    const changed = { ...DOOR, description: "new" };
    expect(await bench.post("/v1/definitions", changed)).toMatchObject({
      status: 409,
      body: { code: "VERSION_EXISTS" },
    });
    expect((await bench.post("/v1/definitions", { ...changed, version: 2 })).status).toBe(201);
    const diff = await bench.get("/v1/definitions/door/diff?from=1&to=2");
    expect(diff.body).toMatchObject({ from: "door@1", to: "door@2" });
    expect(diff.body.changes.map((change: { id: string }) => change.id).sort()).toEqual([
      "description",
      "version",
    ]);
    expect((await bench.get("/v1/definitions/door")).body.version).toBe(2);
    expect((await bench.get("/v1/definitions/door/versions/9")).body.code).toBe("DEFINITION_UNKNOWN");
  });

  it("give the first answer to a repeated key, and refuse another request under it", async () => {
    const instanceId = await door();
    const push = { event: "push", data: { strength: 2 } };
    const key = { "idempotency-key": "k-1" };
    const first = await bench.post(`/v1/instances/${instanceId}/events`, push, key);
    const again = await bench.post(`/v1/instances/${instanceId}/events`, push, key);
    expect([first.body.isRepeated, again.body.isRepeated, again.body.seq]).toEqual([
      false,
      true,
      first.body.seq,
    ]);
    expect(await bench.post(`/v1/instances/${instanceId}/events`, { event: "pull" }, key)).toMatchObject({
      status: 409,
      body: { code: "IDEMPOTENCY_MISMATCH" },
    });
  });

  it("answer 412 when the instance has moved on since the seq of If-Match", async () => {
    const instanceId = await door();
    const update = { data: { strength: 1 } };
    const path = `/v1/instances/${instanceId}/events`;
    expect(await bench.post(path, update, { "if-match": '"7"' })).toMatchObject({
      status: 412,
      body: { code: "SEQ_MISMATCH" },
    });
    expect(await bench.post(path, update, { "if-match": '"1"' })).toMatchObject({
      status: 200,
      body: { outcome: "updated" },
    });
    expect((await bench.post(path, update, { "if-match": "seven" })).body.code).toBe("REQUEST_INVALID");
  });

  it("page through a list that grows, without gaps or doubles", async () => {
    for (let n = 0; n < 5; n += 1) await door();
    const all = (await bench.get("/v1/instances?stateMachineId=door&limit=1000")).body.items;
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await bench.get(`/v1/instances?stateMachineId=door&limit=2${cursor}`);
      seen.push(...body.items.map(({ instanceId }: { instanceId: string }) => instanceId));
      // An id before everything that is still to come moves nothing.
      await bench.post("/v1/instances", { stateMachineId: "door", instanceId: `door-000-${seen.length}` });
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(all.map(({ instanceId }: { instanceId: string }) => instanceId));
    expect((await bench.get("/v1/instances?cursor=bm8")).body.code).toBe("REQUEST_INVALID");
  });

  it("narrow a list by a condition", async () => {
    const instanceId = await door();
    await bench.post(`/v1/instances/${instanceId}/events`, { data: { strength: 0.5 } });
    const where = encodeURIComponent("data.strength === 0.5");
    const { body } = await bench.get(`/v1/instances?where=${where}`);
    expect(body.items.map((item: { instanceId: string }) => item.instanceId)).toEqual([instanceId]);
    expect((await bench.get("/v1/instances?where=1%2B")).status).toBe(400);
  });

  it("show history and trail in pages", async () => {
    const instanceId = await door();
    await bench.post(`/v1/instances/${instanceId}/events`, { event: "push", data: { strength: 2 } });
    const history = await bench.get(`/v1/instances/${instanceId}/history?limit=1`);
    expect([history.body.items[0].state, history.body.nextCursor]).toEqual(["closed", expect.any(String)]);
    const rest = await bench.get(`/v1/instances/${instanceId}/history?cursor=${history.body.nextCursor}`);
    expect([rest.body.items[0].state, rest.body.nextCursor]).toEqual(["open", null]);
    const audit = await bench.get(`/v1/instances/${instanceId}/audit`);
    expect(audit.body.items.map((item: { entry: { type: string } }) => item.entry.type)).toEqual([
      "start",
      "event",
    ]);
  });

  it("hold, let go and end an instance, in the name of the actor", async () => {
    const instanceId = await door();
    const ada = { "statewright-actor": "ada" };
    const act = (verb: string, body?: { reason: string }) =>
      bench.post(`/v1/instances/${instanceId}/${verb}`, body, ada);
    expect((await act("suspend", { reason: "wait" })).body.instance.status).toBe("suspended");
    expect((await bench.post(`/v1/instances/${instanceId}/events`, { event: "push" })).body.code).toBe(
      "INSTANCE_SUSPENDED",
    );
    expect((await act("resume")).body.instance.status).toBe("active");
    expect((await act("resume")).status).toBe(409);
    expect((await act("cancel", { reason: "enough" })).body.instance).toMatchObject({
      status: "cancelled",
      reason: "enough",
    });
    expect((await act("cancel")).body.code).toBe("INSTANCE_ENDED");
    const { body } = await bench.get(`/v1/instances/${instanceId}/audit?limit=1000`);
    expect(body.items.at(-1).entry.actor).toBe("ada");
  });

  it("correct data, and move an instance to another version", async () => {
    const instanceId = await door();
    await bench.post("/v1/definitions", { ...DOOR, description: "third", version: 3 });
    const set = await bench.post(`/v1/instances/${instanceId}/set`, { data: { strength: 3 } });
    expect(set.body.instance.data).toEqual({ strength: 3 });
    const version = set.body.instance.version;
    const moved = await bench.post(`/v1/instances/${instanceId}/migrate`, { to: version === 3 ? 1 : 3 });
    expect(moved).toMatchObject({ status: 200, body: { outcome: "done" } });
    expect((await bench.post(`/v1/instances/${instanceId}/migrate`, {})).body.code).toBe("REQUEST_INVALID");
  });

  it("list incidents, count them, and skip one", async () => {
    const instanceId = await stuck();
    const { body } = await bench.get(`/v1/incidents?instanceId=${instanceId}`);
    expect(body.items[0]).toMatchObject({ instanceId, code: "ACTION_FAILED", isOpen: true });
    expect((await bench.get("/v1/incidents/summary")).body.items[0]).toMatchObject({ code: "ACTION_FAILED" });
    const id = encodeURIComponent(body.items[0].incidentId);
    expect((await bench.post(`/v1/incidents/${id}/skip`)).body.instance.status).toBe("active");
    expect((await bench.post(`/v1/incidents/${id}-no/retry`)).body.code).toBe("INCIDENT_UNKNOWN");
  });

  it("do one act on many, after a dry run that changes nothing", async () => {
    const ids = [await door(), await door(), "nobody"];
    const asked = { act: "cancel", instanceIds: ids, reason: "all" };
    const dry = await bench.post("/v1/batches", { ...asked, dryRun: true });
    expect(dry.body.results.map((result: { outcome: string }) => result.outcome)).toEqual([
      "would",
      "would",
      "refused",
    ]);
    const done = await bench.post("/v1/batches?wait=settled", asked);
    expect(done.body.results[0]).toMatchObject({ outcome: "done", status: "cancelled" });
    expect((await bench.post("/v1/batches", { act: "cancel" })).body.code).toBe("USAGE");
    expect((await bench.post("/v1/batches", { ...asked, plan: {} })).body.violations).toEqual([
      { path: "/plan", message: '"plan" does not go with cancel' },
    ]);
  });

  it("know their methods", async () => {
    const refused = await bench.request("DELETE", "/v1/instances/x");
    expect([refused.status, refused.headers.get("allow"), refused.body.code]).toEqual([
      405,
      "GET, HEAD, OPTIONS",
      "METHOD_NOT_ALLOWED",
    ]);
    expect((await bench.request("OPTIONS", "/v1/instances")).status).toBe(204);
    expect(await bench.request("HEAD", "/health/live")).toMatchObject({ status: 200, body: "" });
    expect(await bench.get("/v1/nothing")).toMatchObject({ status: 404, body: { code: "PATH_UNKNOWN" } });
  });

  it("refuse what they do not know by its name", async () => {
    const query = await bench.get("/v1/instances?limt=1&limit=0");
    expect(query.body.violations.map(({ path }: { path: string }) => path).sort()).toEqual([
      "/limit",
      "/limt",
    ]);
    const body = await bench.post("/v1/instances", { stateMachineId: "door", instanceID: "x" });
    expect(body.body.violations).toEqual([
      { path: "/instanceID", message: expect.stringContaining("instanceID") },
    ]);
  });
});

describe("the door of the server", () => {
  let bench: HttpBench;
  beforeAll(async () => {
    bench = await openHttpBench({ server: { rateLimit: { max: 20, windowMs: 60_000 } } });
  });
  afterAll(() => bench.close());

  it.each([
    ["another type", { "content-type": "text/plain" }, 415, "MEDIA_TYPE_UNSUPPORTED"],
    ["a compressed body", { "content-encoding": "gzip" }, 415, "MEDIA_TYPE_UNSUPPORTED"],
    [
      "another charset",
      { "content-type": "application/json; charset=utf-16" },
      415,
      "MEDIA_TYPE_UNSUPPORTED",
    ],
    ["a page of another origin", { origin: "https://evil.example" }, 403, "ORIGIN_FOREIGN"],
  ])("refuses %s", async (_, headers, status, code) => {
    expect(
      await bench.post("/v1/instances", "{}", headers as unknown as Record<string, string>),
    ).toMatchObject({ status, body: { code } });
  });

  it("refuses more than 1 MiB", async () => {
    const answer = await bench.post("/v1/instances", `{"data":"${"x".repeat(1_100_000)}"}`);
    expect(answer).toMatchObject({ status: 413, body: { code: "LIMIT_EXCEEDED" } });
  });

  it("has security headers on every answer", async () => {
    const { headers } = await bench.get("/v1/nothing");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("limits the requests of one sender, and says when to go on", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => bench.get("/v1/instances")));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(Number(limited[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(limited[0]?.body.code).toBe("RATE_LIMITED");
    expect((await bench.get("/health/live")).status).toBe(200);
  });
});
