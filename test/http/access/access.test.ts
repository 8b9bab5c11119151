/** A real server with keys and tenants: who gets in, what they may do, and that nothing crosses. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessGate } from "../../../src/http/access/access-gate.js";
import { checkExposure } from "../../../src/http/access/exposure.js";
import { type KeyRequest, KeyRing } from "../../../src/http/access/key-ring.js";
import { Tenants } from "../../../src/http/access/tenants.js";
import { createEngine, type Engine, memory, type Store, sqlite } from "../../../src/index.js";
import { type HttpBench, openHttpBench } from "../../kit/http-bench.js";

const ORDER = {
  id: "order",
  states: {
    draft: { type: "initial", transitions: [{ target: "review", event: "submit" }] },
    review: {
      type: "userTask",
      candidateGroups: ["desk"],
      transitions: [{ target: "done", event: "approve", distinctFrom: "submit" }],
    },
    done: { type: "final" },
  },
};

let directory: string;
let store: Store;
let tenants: Tenants | undefined;
let bench: HttpBench;
let keys: KeyRing;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "statewright-access-"));
  store = memory();
  await store.open();
  keys = new KeyRing(store);
});
afterEach(async () => {
  await bench?.close();
  await tenants?.close();
  tenants = undefined;
  await rm(directory, { recursive: true });
});

async function open(rateLimit?: { readonly max: number; readonly windowMs: number }): Promise<void> {
  const gate = accessGate({
    keys,
    tenants: {
      engineOf: (tenant?: string) => {
        tenants ??= new Tenants(bench.engine, {
          maxTenants: 2,
          open: async (name) =>
            (await createEngine({ store: sqlite(join(directory, "tenants", `${name}.db`)) })) as Engine,
        });
        return tenants.engineOf(tenant);
      },
    } as Tenants,
  });
  bench = await openHttpBench({
    store,
    definitions: [ORDER],
    server: { gate, ...(rateLimit === undefined ? {} : { rateLimit }) },
  });
}

/** The header of a new key. */
async function keyOf(name: string, request: Omit<KeyRequest, "name">): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${(await keys.create({ name, ...request })).key}` };
}

describe("who gets in", () => {
  it("nobody without a credential, and nobody with a wrong one; all hear the same, with a challenge", async () => {
    await open();
    const { key, keyId } = await keys.create({ name: "ada", roles: ["admin"] });
    const { key: other } = await keys.create({ name: "bob", roles: ["admin"] });
    const wrong = [
      undefined,
      "Bearer",
      "Basic YTpi",
      `Bearer ${key.slice(0, -1)}`,
      `Bearer ${key.replace(keyId, other.slice(4, 16))}`,
      `Bearer ${key.toUpperCase()}`,
      "Bearer swk_000000000000_00",
      `Bearer ${"x".repeat(9_000)}`,
      `Bearer ${key} ${key}`,
    ];
    for (const authorization of wrong) {
      const answer = await bench.get("/v1/instances", authorization === undefined ? {} : { authorization });
      expect([answer.status, answer.body.code]).toEqual([401, "UNAUTHENTICATED"]);
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
      expect(JSON.stringify(answer.body)).not.toContain(key.slice(20, 40));
    }
    expect((await bench.get("/v1/instances", { authorization: `Bearer ${key}` })).status).toBe(200);
    expect((await bench.get("/health/live")).status).toBe(200);
  });

  it("a key that was revoked, or has expired, is refused with the next request", async () => {
    let nowMs = Date.now();
    keys = new KeyRing(store, () => nowMs);
    await open();
    const revoked = await keyOf("ada", { roles: ["viewer"] });
    const expiring = await keyOf("bob", {
      roles: ["viewer"],
      expiresAt: new Date(nowMs + 60_000).toISOString(),
    });
    for (const headers of [revoked, expiring])
      expect((await bench.get("/v1/instances", headers)).status).toBe(200);
    await keys.revoke("ada");
    nowMs += 60_000;
    for (const headers of [revoked, expiring])
      expect((await bench.get("/v1/instances", headers)).status).toBe(401);
  });

  it("the store holds no key", async () => {
    const { key } = await keys.create({ name: "ada", roles: ["viewer"] });
    expect(JSON.stringify(await store.listKeys())).not.toContain(key.slice(17, 81));
  });
});

describe("what they may do", () => {
  it("is what their roles and grants say, and a refusal names what is missing", async () => {
    await open();
    const viewer = await keyOf("vera", { roles: ["viewer"] });
    const shop = await keyOf("shop", { grants: ["order:start", "order:send:submit"] });
    const refused = await bench.post("/v1/instances", { stateMachineId: "order" }, viewer);
    expect([refused.status, refused.body.code]).toEqual([403, "FORBIDDEN"]);
    expect(refused.body.detail).toContain("start");
    const started = await bench.post("/v1/instances", { stateMachineId: "order", instanceId: "o1" }, shop);
    expect(started.status).toBe(201);
    const approve = await bench.post("/v1/instances/o1/events", { event: "approve" }, shop);
    expect([approve.status, approve.body.detail]).toEqual([
      403,
      expect.stringContaining('"order:send:approve"'),
    ]);
    expect((await bench.post("/v1/instances/o1/events", { data: {} }, shop)).status).toBe(403);
    expect((await bench.post("/v1/instances/o1/events", { event: "submit" }, shop)).status).toBe(200);
    expect((await bench.get("/v1/instances/o1", shop)).status).toBe(403);
    expect((await bench.post("/v1/definitions", ORDER, viewer)).status).toBe(403);
  });

  it("the trail names the key's owner and the key, whatever a header says", async () => {
    await open();
    const { key, keyId } = await keys.create({ name: "ada", roles: ["admin"] });
    const headers = { authorization: `Bearer ${key}` };
    const feigned = await bench.post(
      "/v1/instances",
      { stateMachineId: "order" },
      { ...headers, "statewright-actor": "bob" },
    );
    expect([feigned.status, feigned.body.code]).toEqual([403, "FORBIDDEN"]);
    await bench.post(
      "/v1/instances",
      { stateMachineId: "order", instanceId: "o1" },
      { ...headers, "statewright-actor": "ada" },
    );
    const [entry] = await bench.engine.audit("o1");
    expect(JSON.parse(entry?.entry ?? "{}")).toMatchObject({ actor: "ada", source: `http (key ${keyId})` });
  });

  it("four eyes and the groups of a task hold for an admin too", async () => {
    await open();
    const ada = await keyOf("ada", { roles: ["admin"], groups: ["desk"] });
    const eve = await keyOf("eve", { roles: ["admin"] });
    const bob = await keyOf("bob", { grants: ["order:send"], groups: ["desk"] });
    await bench.post("/v1/instances", { stateMachineId: "order", instanceId: "o1" }, ada);
    await bench.post("/v1/instances/o1/events", { event: "submit" }, ada);
    const approve = (headers: { authorization: string }) =>
      bench.post("/v1/instances/o1/events", { event: "approve" }, headers);
    expect((await approve(ada)).body).toMatchObject({ status: 403, code: "NOT_DISTINCT" });
    expect((await approve(eve)).body).toMatchObject({ status: 403, code: "NOT_ASSIGNED" });
    expect((await approve(bob)).status).toBe(200);
  });

  it("a key uses up its own allowance, and nobody else's", async () => {
    await open({ max: 3, windowMs: 60_000 });
    const ada = await keyOf("ada", { roles: ["viewer"] });
    const bob = await keyOf("bob", { roles: ["viewer"] });
    const statuses = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await bench.get("/v1/instances", ada)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await bench.get("/v1/instances", bob)).status).toBe(200);
  });
});

describe("tenants", () => {
  it("with the same ids see nothing of each other, by any route", async () => {
    await open();
    const acme = await keyOf("ada", { roles: ["admin"], tenant: "acme" });
    const zeta = await keyOf("ada", { roles: ["admin"], tenant: "zeta" });
    const own = await keyOf("ada", { roles: ["admin"] });
    expect((await bench.get("/v1/definitions", acme)).body.items).toEqual([]);
    for (const headers of [acme, zeta])
      expect((await bench.post("/v1/definitions", ORDER, headers)).status).toBe(201);
    const start = (headers: { authorization: string }, key: string) =>
      bench.post(
        "/v1/instances",
        { stateMachineId: "order", instanceId: "o1" },
        { ...headers, "idempotency-key": key },
      );
    expect((await start(acme, "k")).status).toBe(201);
    for (const headers of [zeta, own]) {
      expect((await bench.get("/v1/instances", headers)).body.items).toEqual([]);
      const paths = ["", "/history", "/audit"].map((rest) => `/v1/instances/o1${rest}`);
      for (const path of paths)
        expect((await bench.get(path, headers)).body).toMatchObject({
          code: "INSTANCE_UNKNOWN",
          status: 404,
        });
      const sent = await bench.post("/v1/instances/o1/events", { event: "submit" }, headers);
      expect(sent.body).toMatchObject({ code: "INSTANCE_UNKNOWN", status: 404 });
    }
    // The same id and the same idempotency key are another instance, not the first answer.
    expect((await start(zeta, "k")).status).toBe(201);
    await bench.post("/v1/instances/o1/events", { event: "submit" }, zeta);
    expect((await bench.get("/v1/instances/o1", acme)).body.currentState).toBe("draft");
    expect((await bench.get("/v1/instances/o1", zeta)).body.currentState).toBe("review");
    expect((await bench.get("/v1/instances", own)).body.items).toEqual([]);
  });

  it("are as many as the server has place for", async () => {
    await open();
    for (const tenant of ["a", "b"])
      expect(
        (await bench.get("/v1/instances", await keyOf("ada", { roles: ["viewer"], tenant }))).status,
      ).toBe(200);
    const third = await bench.get("/v1/instances", await keyOf("ada", { roles: ["viewer"], tenant: "c" }));
    expect([third.status, third.body.code]).toEqual([503, "TENANT_UNAVAILABLE"]);
  });

  it("that a server does not serve are not let in at all", async () => {
    bench = await openHttpBench({ store, definitions: [ORDER], server: { gate: accessGate({ keys }) } });
    const answer = await bench.get("/v1/instances", await keyOf("ada", { roles: ["admin"], tenant: "acme" }));
    expect(answer.status).toBe(403);
  });
});

describe("keys", () => {
  it.each([
    [{ name: "system", roles: ["admin"] }, /name of a key/],
    [{ name: "", roles: ["admin"] }, /name of a key/],
    [{ name: "ada" }, /could do nothing/],
    [{ name: "ada", roles: ["root"] }, /no role "root"/],
    [{ name: "ada", grants: ["order"] }, /no grant/],
    [{ name: "ada", grants: ["order:signal:x"] }, /no grant/],
    [{ name: "ada", roles: ["admin"], tenant: "../x" }, /no name of a tenant/],
    [{ name: "ada", roles: ["admin"], expiresAt: "2001-01-01T00:00:00Z" }, /expired already/],
    [{ name: "ada", roles: ["admin"], expiresAt: "soon" }, /expired already/],
  ] as [KeyRequest, RegExp][])("%j is refused", async (request, why) => {
    bench = await openHttpBench({});
    await expect(keys.create(request)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(why),
    });
    expect(await keys.list()).toEqual([]);
  });
});

describe("where a server may listen without authentication", () => {
  it("on the loopback, and nowhere else", async () => {
    bench = await openHttpBench({});
    for (const host of ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"]) checkExposure(host, false);
    for (const host of [
      "0.0.0.0",
      "::",
      "10.0.0.1",
      "example.com",
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "",
    ]) {
      expect(() => checkExposure(host, false)).toThrow(
        expect.objectContaining({ code: "USAGE", exitCode: 2 }),
      );
      checkExposure(host, true);
    }
  });
});
