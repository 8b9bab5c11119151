import { readdirSync, readFileSync, writeFileSync } from "node:fs";
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
  return ["run", workspace.fixture("order.json"), ...server.rewrite, "--data", DATA, ...more];
}

describe("a whole run", () => {
  test("sends events and updates in the order of the line and ends with the instance document", async () => {
    writeFileSync(workspace.path("approval.json"), JSON.stringify({ approved: true, approver: "ada" }));
    const finished = await workspace.run(
      orderLine(
        "--event",
        'submit={"amount":10}',
        "--update",
        "@approval.json",
        "--event",
        "arrive",
        "--json",
        "--actor",
        "eve",
      ),
    );
    expect(finished.stderr).toContain("thank completed");
    expect(finished.code).toBe(0);
    const document = JSON.parse(finished.stdout);
    expect(document).toMatchObject({
      stateMachineId: "order",
      currentState: "delivered",
      status: "completed",
      data: { orderId: ORDER_ID, amount: 10, approved: true, approver: "ada" },
    });
    const visits = document.history as { state: string; actor: string }[];
    expect(visits.map((visit) => visit.state)).toEqual([
      "draft",
      "checking",
      "approval",
      "shipping",
      "delivered",
    ]);
    expect(visits[0]?.actor).toBe("eve");
    for (const path of ["/check", "/ship", "/ship/done", "/thank"])
      expect(server.at(path), path).toHaveLength(1);
    expect(server.at("/changed").length).toBeGreaterThanOrEqual(5);
    expect(finished.stderr).not.toContain("still open");
  });

  test("without --json prints a summary to standard output and the stream to standard error", async () => {
    const finished = await workspace.run(orderLine("--event", 'submit={"amount":10}'));
    expect(finished.code).toBe(0);
    expect(finished.stdout).toContain("draft → checking → approval");
    expect(finished.stdout).toContain("Status    active");
    expect(finished.stderr).toMatch(/action +checkStock completed/);
    expect(finished.stderr).toMatch(/It waits for data for approve or reject/);
    expect(finished.stderr).not.toContain("\u001b[");
  });

  test("an update before an event is sent before it", async () => {
    const finished = await workspace.run(
      orderLine("--update", '{"note":"first"}', "--event", 'submit={"amount":10}', "--json"),
    );
    expect(finished.code).toBe(0);
    const { data } = JSON.parse(finished.stdout) as { data: { note?: string } };
    expect(data.note).toBe("first");
    const wrongOrder = await workspace.run(
      orderLine("--event", 'submit={"amount":10}', "--update", '{"note":"first"}', "--json"),
    );
    expect(wrongOrder.code).toBe(1);
    expect(JSON.parse(wrongOrder.stdout).error).toMatchObject({ code: "VALIDATION_FAILED" });
  });

  test("mirrors the instance as a file when asked to", async () => {
    const finished = await workspace.run(orderLine("--instances", "instances", "--instance", "o-1"));
    expect(finished.code).toBe(0);
    expect(readdirSync(workspace.path("instances/active"))).toEqual(["o-1.json"]);
    const mirrored = JSON.parse(readFileSync(workspace.path("instances/active/o-1.json"), "utf8"));
    expect(mirrored).toMatchObject({ instanceId: "o-1", currentState: "draft" });
  });

  test("takes the database and the rewrites from statewright.config.json", async () => {
    const config = {
      db: "sqlite:kept/here.db",
      outbound: { rewrite: [{ from: "http://shop.example", to: server.url }] },
    };
    writeFileSync(workspace.path("statewright.config.json"), JSON.stringify(config));
    const line = [
      "run",
      workspace.fixture("order.json"),
      "--data",
      DATA,
      "--event",
      'submit={"amount":10}',
      "--json",
    ];
    const finished = await workspace.run(line);
    expect(finished.stderr).toContain("checkStock completed");
    expect(readdirSync(workspace.path("kept"))).toContain("here.db");
  });

  test("STATEWRIGHT_DB wins over the config, and --db over both", async () => {
    writeFileSync(workspace.path("statewright.config.json"), JSON.stringify({ db: "config.db" }));
    const line = ["run", workspace.fixture("egg-timer.json")];
    await workspace.run(line, { STATEWRIGHT_DB: "sqlite:environment.db" });
    await workspace.run([...line, "--db", "line.db"], { STATEWRIGHT_DB: "sqlite:environment.db" });
    const names = readdirSync(workspace.directory);
    expect(names).toContain("environment.db");
    expect(names).toContain("line.db");
    expect(names).not.toContain("config.db");
  });
});
