import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";
import { RecordingServer } from "./recording-server.js";

const ORDER_ID = "7d0e4f0a-5f0f-4f5e-9a58-0d2c1b3a4e5f";

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

function orderLine(): string[] {
  const data = JSON.stringify({ orderId: ORDER_ID });
  const line = [
    "run",
    workspace.fixture("order.json"),
    ...server.rewrite,
    "--instance",
    "o-1",
    "--data",
    data,
  ];
  return [...line, "--event", 'submit={"amount":10}', "--actor", "eve"];
}

describe("readers", () => {
  test("show prints the document that run printed", async () => {
    const run = await workspace.run([...orderLine(), "--json"]);
    const shown = await workspace.run(["show", "o-1", "--json"]);
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(run.stdout));
    expect(shown.stderr).toBe("");
    const people = await workspace.run(["show", "o-1"]);
    expect(people.stdout).toContain("draft → checking → approval");
  });

  test("history is a table of the visits, with --json their list", async () => {
    await workspace.run(orderLine());
    const people = await workspace.run(["history", "o-1"]);
    expect(people.stdout).toMatch(/checking .* submit \/ submit +eve +checkStock completed, 1 try/);
    const { code, stdout } = await workspace.run(["history", "o-1", "--json"]);
    expect(code).toBe(0);
    const visits = JSON.parse(stdout) as { state: string }[];
    expect(visits.map(({ state }) => state)).toEqual(["draft", "checking", "approval"]);
  });

  test("audit tells every entry in words, with --json the opened entries", async () => {
    await workspace.run(orderLine());
    const people = await workspace.run(["audit", "o-1"]);
    expect(people.stdout).toContain("event submit");
    expect(people.stdout).toContain("transition: submit: draft → checking, event submit");
    expect(people.stdout).toContain("eve (cli)");
    const { stdout } = await workspace.run(["audit", "o-1", "--json"]);
    const entries = JSON.parse(stdout) as {
      entry: { seq: number; command: { data?: unknown } };
      isWhole: boolean;
    }[];
    expect(entries.map(({ entry }) => entry.seq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries[1]?.entry.command.data).toEqual({ amount: 10 });
  });

  test("audit verify proves every trail and replays it", async () => {
    await workspace.run(orderLine());
    await workspace.run(["run", workspace.fixture("egg-timer.json"), "--instance", "e-1"]);
    const all = await workspace.run(["audit", "verify", "--json"]);
    expect(all.code).toBe(0);
    const verdict = JSON.parse(all.stdout);
    expect(verdict.valid).toBe(true);
    expect(verdict.instances).toEqual([
      expect.objectContaining({
        instanceId: "e-1",
        valid: true,
        head: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
      expect.objectContaining({
        instanceId: "o-1",
        valid: true,
        replay: expect.objectContaining({ isEqual: true }),
      }),
    ]);
    const one = await workspace.run(["audit", "verify", "o-1", "--no-replay", "--json"]);
    expect(JSON.parse(one.stdout).instances[0]).not.toHaveProperty("replay");
    const people = await workspace.run(["audit", "verify"]);
    expect(people.stdout).toContain("2 valid.");
  });

  test("audit verify finds a changed entry, and where", async () => {
    await workspace.run(orderLine());
    const { default: Database } = await import("libsql");
    const database = new Database(workspace.path(".statewright/statewright.db"));
    const table = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%disclosed%'")
      .get() as { name: string };
    database.exec(`UPDATE ${table.name} SET entry = replace(entry, '"eve"', '"bob"') WHERE seq = 2`);
    database.close();
    const verified = await workspace.run(["audit", "verify", "--json"]);
    expect(verified.code).toBe(1);
    const { valid, instances } = JSON.parse(verified.stdout);
    expect(valid).toBe(false);
    expect(instances[0].faults).toEqual([expect.objectContaining({ seq: 2, code: "CHANGED" })]);
  });

  test("instances lists what matches", async () => {
    await workspace.run(orderLine());
    await workspace.run(["run", workspace.fixture("egg-timer.json"), "--instance", "e-1"]);
    const all = await workspace.run(["instances", "--json"]);
    expect((JSON.parse(all.stdout) as { instanceId: string }[]).map(({ instanceId }) => instanceId)).toEqual([
      "e-1",
      "o-1",
    ]);
    const active = await workspace.run(["instances", "--status", "active"]);
    expect(active.stdout).toContain("o-1");
    expect(active.stdout).not.toContain("e-1");
    const first = await workspace.run(["instances", "--limit", "1", "--json"]);
    expect(JSON.parse(first.stdout)).toHaveLength(1);
    expect(first.stderr).toContain("--limit");
  });

  test("work beside a running engine, while a second owner is refused with exit 3", async () => {
    server.behaviour = ({ path }) => (path === "/check" ? "hang" : 200);
    const running = workspace.start(orderLine());
    await Promise.race([server.seen("/check"), running.finished]);
    const shown = await workspace.run(["show", "o-1", "--json"]);
    expect(shown.stderr).toBe("");
    expect(JSON.parse(shown.stdout)).toMatchObject({ currentState: "checking" });
    for (const reader of [["history", "o-1"], ["audit", "o-1"], ["audit", "verify"], ["instances"]]) {
      expect((await workspace.run([...reader, "--json"])).code, reader.join(" ")).toBe(0);
    }
    const second = await workspace.run(["run", workspace.fixture("egg-timer.json"), "--json"]);
    expect(second.code).toBe(3);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: "STORE_LOCKED" } });
    running.child.kill("SIGKILL");
    await running.finished;
  });

  test.each(["show", "history", "audit", "audit verify"])(
    "%s of an instance that is not there is exit 1, without a database exit 3",
    async (command) => {
      const words = command.split(" ");
      const without = await workspace.run([...words, "nobody", "--json"]);
      expect(without.code).toBe(3);
      expect(JSON.parse(without.stdout)).toMatchObject({ error: { code: "STORE_UNAVAILABLE" } });
      await workspace.run(["run", workspace.fixture("egg-timer.json")]);
      const unknown = await workspace.run([...words, "nobody", "--json"]);
      expect(unknown.code).toBe(1);
      expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: "INSTANCE_UNKNOWN" } });
      expect(unknown.stderr).toContain('"nobody"');
    },
  );
});
