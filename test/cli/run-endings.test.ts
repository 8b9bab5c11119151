import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";
import { RecordingServer } from "./recording-server.js";

const ORDER_ID = "7d0e4f0a-5f0f-4f5e-9a58-0d2c1b3a4e5f";
const DATA = JSON.stringify({ orderId: ORDER_ID });

let workspace: Workspace;
let server: RecordingServer;

beforeEach(async () => {
  workspace = new Workspace();
  server = await RecordingServer.listen();
});

afterEach(async () => {
  await workspace.dispose();
  await server.close();
});

function orderLine(...more: string[]): string[] {
  return ["run", workspace.fixture("order.json"), ...server.rewrite, ...more];
}

describe("how a run ends", () => {
  test("data that the initial state refuses is exit 1 and names the property", async () => {
    for (const json of [[], ["--json"]]) {
      const finished = await workspace.run(orderLine("--data", '{"orderId":"x"}', ...json));
      expect(finished.code).toBe(1);
      expect(finished.stderr).toContain("VALIDATION_FAILED");
      expect(finished.stderr).toContain("/orderId");
      if (json.length === 0) continue;
      const { error } = JSON.parse(finished.stdout);
      expect(error.violations).toEqual([expect.objectContaining({ path: "/orderId" })]);
    }
  });

  test("an event that is not enabled is exit 1 and tells which are", async () => {
    const finished = await workspace.run(orderLine("--data", DATA, "--event", "arrive", "--json"));
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({
      currentState: "draft",
      error: { code: "NOT_ENABLED", enabled: ["submit"] },
    });
  });

  test("what follows the end of the instance on the line is refused", async () => {
    server.behaviour = () => 200;
    const approval = '{"approved":true,"approver":"ada"}';
    const line = orderLine("--data", DATA, "--event", 'submit={"amount":10}', "--update", approval);
    const finished = await workspace.run([...line, "--event", "arrive", "--event", "arrive", "--json"]);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({
      status: "completed",
      error: { code: "INSTANCE_ENDED" },
    });
  });

  test("an instance that ends in error is exit 1, with the document", async () => {
    const line = orderLine(
      "--data",
      DATA,
      "--event",
      'submit={"amount":10}',
      "--update",
      '{"approved":false,"approver":"ada"}',
    );
    const finished = await workspace.run([...line, "--event", "arrive", "--json"]);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({ status: "error", currentState: "rejected" });
    expect(finished.stderr).toMatch(/not sent +event "arrive"/);
  });

  test("a failed action is tried again as often as it says, and the stream tells when", async () => {
    server.behaviour = ({ path }, count) => (path === "/check" && count < 3 ? 503 : 200);
    const finished = await workspace.run(orderLine("--data", DATA, "--event", 'submit={"amount":10}'));
    expect(finished.code).toBe(0);
    expect(server.at("/check")).toHaveLength(3);
    expect(new Set(server.at("/check").map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(finished.stderr).toMatch(/retry +checkStock try 2 at .* \(in 0\.10 s\)/);
  });

  test("a suspended instance is exit 1, and a correction at the end of the line lets it go on", async () => {
    server.behaviour = ({ path }) => (path === "/call" ? 500 : 200);
    const line = ["run", workspace.fixture("held.json"), ...server.rewrite, "--instance", "h-1"];
    const held = await workspace.run([...line, "--json"]);
    expect(held.code).toBe(1);
    expect(JSON.parse(held.stdout)).toMatchObject({ status: "suspended", incidents: [{ actionId: "call" }] });
    expect(held.stderr).toContain("suspended");
    const corrected = await workspace.run([...line, "--event", "leave", "--json"]);
    expect(JSON.parse(corrected.stdout)).toMatchObject({ status: "completed" });
    expect(corrected.code).toBe(0);
  });

  test("nothing more is sent once the line itself has brought the instance into suspension", async () => {
    server.behaviour = ({ path }) => (path === "/call" ? 500 : 200);
    const finished = await workspace.run([
      "run",
      workspace.fixture("held.json"),
      ...server.rewrite,
      "--event",
      "leave",
      "--json",
    ]);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({ status: "suspended", currentState: "calling" });
  });

  test("waits for a timer that is due within the timeout", async () => {
    const finished = await workspace.run(["run", workspace.fixture("egg-timer.json"), "--json"]);
    expect(finished.code).toBe(0);
    expect(JSON.parse(finished.stdout)).toMatchObject({ status: "completed", currentState: "done" });
  });

  test("does not wait for a timer that is due later, and says what it waits for", async () => {
    const finished = await workspace.run(["run", workspace.fixture("slow-egg-timer.json"), "--json"]);
    expect(finished.code).toBe(0);
    expect(JSON.parse(finished.stdout)).toMatchObject({ status: "active" });
    expect(finished.stderr).toMatch(/It waits for the timer due at .* \(in 1 h 00 min\)|\(in 60 min/);
  });

  test("--until settled ends without waiting for a timer", async () => {
    const finished = await workspace.run([
      "run",
      workspace.fixture("egg-timer.json"),
      "--until",
      "settled",
      "--json",
    ]);
    expect(finished.code).toBe(0);
    expect(JSON.parse(finished.stdout)).toMatchObject({ status: "active", currentState: "boiling" });
  });

  test("a run whose time is up is exit 1, names the action under way and goes on later", async () => {
    server.behaviour = ({ path }, count) => (path === "/check" && count === 1 ? "hang" : 200);
    const line = orderLine("--data", DATA, "--instance", "o-1", "--event", 'submit={"amount":10}');
    const finished = await workspace.run([...line, "--timeout", "PT3S", "--json"]);
    expect(finished.code).toBe(1);
    const { error, currentState } = JSON.parse(finished.stdout);
    expect(currentState).toBe("checking");
    expect(error.code).toBe("RUN_TIMEOUT");
    expect(error.message).toContain('Action "checkStock"');
    expect(finished.stderr).toContain("Go on with: statewright run order.json");
    const next = await workspace.run([...line, "--json"]);
    expect(next.code).toBe(0);
    expect(JSON.parse(next.stdout)).toMatchObject({ currentState: "approval" });
  });

  test("a backoff that is longer than the timeout is named with its time", async () => {
    server.behaviour = ({ path }) => (path === "/call" ? 503 : 200);
    const line = ["run", workspace.fixture("slow-retry.json"), ...server.rewrite, "--timeout", "PT3S"];
    const finished = await workspace.run(line);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(
      /Action "call" in state "calling" waits for try 2 at .*, in (1 h|59 min)/,
    );
    expect(finished.stderr).toMatch(/--instance [0-9a-f-]{36}/);
  });

  test("last actions and notices that stay open are named, and the outcome stands", async () => {
    server.behaviour = ({ path }) => (path === "/changed" ? 503 : 200);
    const finished = await workspace.run(orderLine("--data", DATA, "--json"));
    expect(finished.code).toBe(0);
    expect(finished.stderr).toMatch(
      /still open +global notice to http:\/\/(shop\.example|127\.0\.0\.1:\d+)\/changed/,
    );
    JSON.parse(finished.stdout);
  });

  test("a version that was published with other content is refused with what to do", async () => {
    const line = orderLine("--data", DATA);
    await workspace.run(line);
    const changed = {
      id: "order",
      states: {
        draft: { type: "initial", transitions: [{ target: "end", event: "go" }] },
        end: { type: "final" },
      },
    };
    writeFileSync(workspace.path("changed.json"), JSON.stringify(changed));
    const finished = await workspace.run(["run", "changed.json", "--json"]);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({
      error: { code: "VERSION_EXISTS", hint: expect.stringContaining("2") },
    });
  });

  test("an instance of another machine is not gone on with", async () => {
    await workspace.run(["run", workspace.fixture("egg-timer.json"), "--instance", "mine"]);
    const finished = await workspace.run(orderLine("--data", DATA, "--instance", "mine"));
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('"eggTimer"');
  });

  test("an invalid definition is exit 1, with every finding", async () => {
    const finished = await workspace.run(["run", workspace.fixture("unknown-state.json"), "--json"]);
    expect(finished.code).toBe(1);
    const { error } = JSON.parse(finished.stdout);
    expect(error.code).toBe("DEFINITION_INVALID");
    expect(error.findings.length).toBeGreaterThan(0);
    expect(finished.stderr).toMatch(/unknown-state\.json:\d+:\d+/);
  });
});
