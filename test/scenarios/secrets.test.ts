import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { createEngine } from "../../src/engine.js";
import { environmentSecrets } from "../../src/platform/environment-secrets.js";
import { pinoLogger } from "../../src/platform/pino-logger.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { readAll, serve } from "../kit/webhook-servers.js";

const directory = mkdtempSync(join(tmpdir(), "statewright-secret-bytes-"));
afterAll(() => rmSync(directory, { recursive: true }));

const VALUES = {
  STATEWRIGHT_SECRET_BEARER: "bearer-7Zq9-value",
  STATEWRIGHT_SECRET_PASSWORD: 'pass"wörd/7Zq9+value',
  STATEWRIGHT_SECRET_CLIENT_ID: "client-7Zq9-id",
  STATEWRIGHT_SECRET_CLIENT_SECRET: "client-7Zq9-secret",
  STATEWRIGHT_SECRET_SIGNING: "whsec_N1pxOXZhbHVlN1pxOXZhbHVlN1pxOXZhbHVl",
};
const ISSUED = "issued-7Zq9-token";

describe("a secret", () => {
  it("is in nothing that is stored, shown, exported or logged, whatever the other side does with it", async () => {
    const calls: string[] = [];
    const origin = await serve((request, response) => {
      readAll(request).then((body) => {
        const sent = JSON.stringify(request.headers);
        calls.push(String(request.headers.authorization ?? request.headers["x-key"]));
        const isToken = request.url === "/token";
        const answer: Json = isToken ? { access_token: ISSUED, token_type: "bearer" } : { echo: sent, body };
        const status = request.url === "/fails" ? 500 : 200;
        response.writeHead(status, {
          "content-type": "application/json",
          "x-echo": encodeURIComponent(sent),
        });
        response.end(JSON.stringify(answer));
      });
    });
    const lines: string[] = [];
    const database = join(directory, "engine.db");
    const engine = await createEngine({
      store: sqlite(database),
      secrets: environmentSecrets({ environment: VALUES }),
      logger: pinoLogger({ level: "debug", destination: { write: (line) => void lines.push(line) } }),
      definitions: [definitionFor(origin)],
    });
    try {
      await engine.start("secretive", { instanceId: "i-1" });
      const settled = await engine.waitSettled("i-1", 20_000);
      expect(settled?.status).toBe("completed");
      await expect.poll(() => calls.length).toBeGreaterThan(6);
      const shown = JSON.stringify([
        await engine.get("i-1"),
        await engine.history("i-1"),
        await engine.audit("i-1"),
        lines,
      ]);
      const stored = readdirSync(directory).map((name) => readFileSync(join(directory, name), "latin1"));
      expect(stored.join("").length).toBeGreaterThan(10_000);
      expect(shown).toContain("[secret]");
      const everything = [shown, ...stored].join("\n");
      for (const value of forms()) expect(everything.includes(value), value).toBe(false);
    } finally {
      await engine.close();
    }
    const left = readdirSync(directory).map((name) => readFileSync(join(directory, name), "latin1"));
    for (const value of forms()) expect(left.join("\n").includes(value), value).toBe(false);
    const credentials = Buffer.from(`ada:${VALUES.STATEWRIGHT_SECRET_PASSWORD}`).toString("base64");
    for (const sent of [
      `Bearer ${VALUES.STATEWRIGHT_SECRET_BEARER}`,
      `Basic ${credentials}`,
      `Bearer ${ISSUED}`,
    ])
      expect(calls).toContain(sent);
  });

  it("that is not there ends the try for good, names itself and its remedy, and was warned of", async () => {
    const lines: string[] = [];
    const engine = await createEngine({
      store: sqlite(join(mkdtempSync(join(directory, "missing-")), "engine.db")),
      secrets: environmentSecrets({ environment: {} }),
      logger: pinoLogger({ level: "warn", destination: { write: (line) => void lines.push(line) } }),
      definitions: [definitionFor("http://127.0.0.1:9")],
    });
    try {
      await engine.start("secretive", { instanceId: "i-1" });
      await engine.waitSettled("i-1", 20_000);
      const shown = JSON.stringify(await engine.audit("i-1"));
      expect(shown).toContain("SECRET_MISSING");
      expect(shown).toContain("set the environment variable STATEWRIGHT_SECRET_BEARER");
      expect(lines.filter((line) => line.includes("calls that need it will fail"))).toHaveLength(5);
    } finally {
      await engine.close();
    }
  });
});

/** The values as the files, logs and answers could hold them. */
function forms(): string[] {
  const { STATEWRIGHT_SECRET_PASSWORD: password } = VALUES;
  return [...Object.values(VALUES), ISSUED, Buffer.from(`ada:${password}`).toString("base64")].flatMap(
    (value) => {
      const utf8 = Buffer.from(value, "utf8").toString("latin1");
      const escaped = Buffer.from(JSON.stringify(value).slice(1, -1), "utf8").toString("latin1");
      return [value, utf8, escaped, encodeURIComponent(value), Buffer.from(value).toString("base64")];
    },
  );
}

function definitionFor(origin: string): JsonObject {
  const sign = { secret: { secret: "signing" } };
  const call = (actionId: string, webhook: JsonObject) => ({
    actionId,
    onError: "ignore",
    timeout: "PT10S",
    trigger: { webhook: { url: `${origin}/${actionId}`, sign, ...webhook } },
    output: { [actionId]: "$response.body" },
  });
  const oauth2 = {
    tokenUrl: `${origin}/token`,
    clientId: { secret: "client-id" },
    clientSecret: { secret: "client-secret" },
  };
  const basic = { username: "ada", password: { secret: "password" } };
  return {
    id: "secretive",
    version: 1,
    name: "Secretive",
    globalCallbackHandler: {
      webhook: { url: `${origin}/told`, sign, auth: { bearer: { secret: "bearer" } } },
    },
    states: {
      calling: {
        type: "initial",
        entryActions: [
          call("bearer", { auth: { bearer: { secret: "bearer" } } }),
          call("basic", { auth: { basic } }),
          call("header", { auth: { header: { name: "X-Key", value: { secret: "bearer" } } } }),
          call("oauth", { auth: { oauth2 } }),
          call("fails", { auth: { basic } }),
        ],
        transitions: [{ target: "done" }],
      },
      done: { type: "final" },
    },
  };
}
