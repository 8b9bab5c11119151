import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Running, Workspace } from "../cli/cli-process.js";

const DOOR = {
  id: "door",
  states: {
    closed: { type: "initial", transitions: [{ target: "open", event: "push" }] },
    open: { type: "final" },
  },
};

const workspaces: Workspace[] = [];

function workspace(): Workspace {
  const place = new Workspace();
  workspaces.push(place);
  mkdirSync(place.path("definitions"));
  writeFileSync(join(place.path("definitions"), "door.json"), JSON.stringify(DOOR));
  return place;
}

/** The one JSON value that it prints when it listens. */
function listening({
  child,
}: Running): Promise<{ readonly url: string; readonly published: readonly string[] }> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n}\n")) resolve(JSON.parse(text));
    });
    child.on("close", () => reject(new Error(`It has ended: ${text}`)));
  });
}

async function serving(place: Workspace, ...words: string[]) {
  const running = place.start(["serve", "--port", "0", "--json", "--definitions", "definitions", ...words]);
  return { running, ...(await listening(running)) };
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

describe("statewright serve", () => {
  afterEach(async () => {
    for (const place of workspaces.splice(0)) await place.dispose();
  });

  it("publishes a directory, says where it listens, and stops in order at a signal", async () => {
    const { running, url, published } = await serving(workspace());
    expect(published).toEqual(["door@1"]);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await post(`${url}/v1/instances`, { stateMachineId: "door", instanceId: "d-1" })).status).toBe(
      201,
    );
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('statewright_commands_total{type="start",outcome="started"} 1');
    expect(metrics).toContain('route="/v1/instances",method="POST",status="201"} 1');
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.finished;
    expect([code, stderr]).toEqual([0, expect.stringContaining("SIGTERM: no new requests")]);
  });

  it("ends at once with a second signal, and the next start carries on from the last commit", async () => {
    const place = workspace();
    const { running, url } = await serving(place);
    await post(`${url}/v1/instances`, { stateMachineId: "door", instanceId: "d-1" });
    const waiting = fetch(`${url}/v1/stream`);
    await waiting;
    running.child.kill("SIGINT");
    running.child.kill("SIGINT");
    expect([0, 130]).toContain((await running.finished).code);
    const again = await serving(place);
    const read = await fetch(`${again.url}/v1/instances/d-1`);
    expect([again.published, ((await read.json()) as { currentState: string }).currentState]).toEqual([
      [],
      "closed",
    ]);
    again.running.child.kill("SIGTERM");
    await again.running.finished;
  });

  it("refuses a port in use with exit 3, and says what to do", async () => {
    const place = workspace();
    const { url } = await serving(place);
    const port = new URL(url).port;
    const { code, stderr } = await place.run(["serve", "--port", port, "--db", "other.db"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/ADDRESS_IN_USE.*another process listens there[\s\S]*--port 0/);
  });

  it("takes its settings from a configuration, and names what is wrong in it", async () => {
    const place = workspace();
    writeFileSync(place.path("good.json"), JSON.stringify({ db: "mine.db", http: { port: 0, graceMs: 50 } }));
    const running = place.start(["serve", "--json", "--config", "good.json"]);
    expect(await listening(running)).toMatchObject({ database: "mine.db", published: [] });
    writeFileSync(place.path("bad.json"), '{\n  "http": { "prot": 1 }\n}');
    const { code, stderr } = await place.run(["serve", "--config", "bad.json"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("bad.json:2:")]);
  });

  it("names the file of a definition that is not valid", async () => {
    const place = workspace();
    writeFileSync(join(place.path("definitions"), "worse.json"), '{"id":"w","states":{}}');
    const { code, stderr } = await place.run(["serve", "--port", "0", "--definitions", "definitions"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("worse.json")]);
  });
});
