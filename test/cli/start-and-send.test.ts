import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";
import { RecordingServer } from "./recording-server.js";

describe.each([
  ["on a database", false],
  ["against a server", true],
])("%s", (_, isServed) => {
  let workspace: Workspace;
  let server: RecordingServer;

  beforeEach(async () => {
    workspace = new Workspace();
    server = await RecordingServer.listen();
    const outbound = { rewrite: [{ from: "http://shop.example", to: server.url }] };
    writeFileSync(workspace.path("statewright.config.json"), JSON.stringify({ outbound }));
    if (isServed) await workspace.serve();
    const files = [workspace.fixture("leave.json"), workspace.fixture("order.json")];
    expect((await workspace.run(["publish", ...files])).code).toBe(0);
  });

  afterEach(async () => {
    await workspace.dispose();
    await server.close();
  });

  const LEAVE = JSON.stringify({ person: "ada", days: 3 });

  function start(...words: string[]) {
    return workspace.run(["start", "leave", "--data", LEAVE, "--json", ...words]);
  }

  describe("start", () => {
    test("answers with the instance as it is when it is settled", async () => {
      const { code, stdout } = await start("--instance", "l-1", "--actor", "ada");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        instanceId: "l-1",
        outcome: "started",
        seq: 1,
        to: "asked",
        isRepeated: false,
        isSettled: true,
        instance: { currentState: "asked", history: [{ actor: "ada" }] },
      });
    });

    test("with a key makes one instance, however often it is given", async () => {
      const first = JSON.parse((await start("--key", "mail-1")).stdout);
      const again = JSON.parse((await start("--key", "mail-1")).stdout);
      expect(again).toMatchObject({ instanceId: first.instanceId, isRepeated: true });
      expect(JSON.parse((await workspace.run(["instances", "--json"])).stdout)).toHaveLength(1);
    });

    test("of a version that is not published, with data that is not valid, or under an id that is taken, is refused", async () => {
      const unknown = await workspace.run(["start", "leave@7", "--json"]);
      expect(unknown.code).toBe(1);
      expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: "DEFINITION_UNKNOWN" } });
      const invalid = await workspace.run(["start", "leave", "--data", '{"days":0}', "--json"]);
      expect(invalid.code).toBe(1);
      const { error } = JSON.parse(invalid.stdout);
      expect(error).toMatchObject({ code: "VALIDATION_FAILED", violations: [{ path: "/days" }] });
      await start("--instance", "l-1");
      const taken = await start("--instance", "l-1");
      expect(taken.code).toBe(1);
      expect(JSON.parse(taken.stdout)).toMatchObject({ error: { code: "INSTANCE_EXISTS" } });
      expect((await workspace.run(["start", "leave@x"])).code).toBe(2);
    });
  });

  describe("send", () => {
    test("takes an event, and without one adds data to the current state", async () => {
      await start("--instance", "l-1");
      const event = await workspace.run(["send", "l-1", "submit", "--json"]);
      expect(event.code).toBe(0);
      expect(JSON.parse(event.stdout)).toMatchObject({ outcome: "taken", from: "asked", to: "deciding" });
      const update = await workspace.run([
        "send",
        "l-1",
        "--data",
        '{"granted":true}',
        "--variables",
        '{"a":1}',
      ]);
      expect(update.code).toBe(0);
      expect(update.stdout).toContain('is completed in "granted"');
      const shown = JSON.parse((await workspace.run(["show", "l-1", "--json"])).stdout);
      expect(shown.variables).toMatchObject({ a: 1 });
    });

    test("runs the actions that the event causes before it answers", async () => {
      const orderId = "7d0e4f0a-5f0f-4f5e-9a58-0d2c1b3a4e5f";
      await workspace.run(["start", "order", "--data", JSON.stringify({ orderId }), "--instance", "o-1"]);
      const sent = await workspace.run(["send", "o-1", "submit", "--data", '{"amount":10}', "--json"]);
      expect(JSON.parse(sent.stdout)).toMatchObject({
        isSettled: true,
        instance: { currentState: "approval" },
      });
      expect(server.at("/check")).toHaveLength(1);
    });

    test("an event that is not enabled is exit 1 and says which are", async () => {
      await start("--instance", "l-1");
      const refused = await workspace.run(["send", "l-1", "fly", "--json"]);
      expect(refused.code).toBe(1);
      expect(JSON.parse(refused.stdout)).toMatchObject({
        error: { code: "NOT_ENABLED", enabled: ["submit"] },
      });
      const people = await workspace.run(["send", "l-1", "fly"]);
      expect(people.stderr).toContain("submit");
    });

    test("with a key acts once, and with --expect only where the instance has not moved on", async () => {
      await start("--instance", "l-1");
      const moved = await workspace.run(["send", "l-1", "submit", "--expect", "9", "--json"]);
      expect(moved.code).toBe(1);
      expect(JSON.parse(moved.stdout)).toMatchObject({ error: { code: "SEQ_MISMATCH" } });
      const words = ["send", "l-1", "submit", "--expect", "1", "--key", "k", "--json"];
      expect(JSON.parse((await workspace.run(words)).stdout)).toMatchObject({ seq: 2, isRepeated: false });
      expect(JSON.parse((await workspace.run(words)).stdout)).toMatchObject({ seq: 2, isRepeated: true });
      expect((await workspace.run(["send", "l-1", "submit", "--expect", "soon"])).code).toBe(2);
    });

    test("to an instance that is not there is exit 1", async () => {
      const { code, stdout } = await workspace.run(["send", "nobody", "go", "--json"]);
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: "INSTANCE_UNKNOWN" } });
    });
  });

  describe("watch", () => {
    test("tells every entry once, a JSON value a line, and ends with the instance", async () => {
      await start("--instance", "l-1");
      const watching = workspace.start(["watch", "l-1", "--json"]);
      await new Promise<void>((resolve) => watching.child.stdout.once("data", () => resolve()));
      await workspace.run(["send", "l-1", "submit"]);
      await workspace.run(["send", "l-1", "--data", '{"granted":false}']);
      const { code, stdout } = await watching.finished;
      expect(code).toBe(0);
      const entries = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(entries.map(({ entry }) => [entry.seq, entry.type])).toEqual([
        [1, "start"],
        [2, "event"],
        [3, "update"],
      ]);
      const people = await workspace.run(["watch", "l-1", "--after", "2"]);
      expect(people.stdout).toContain("transition: ");
      expect(people.stdout).not.toContain("event submit");
    });

    test("ends in order at SIGINT", async () => {
      await start("--instance", "l-1");
      const watching = workspace.start(["watch", "l-1"]);
      await new Promise<void>((resolve) => watching.child.stdout.once("data", () => resolve()));
      watching.child.kill("SIGINT");
      expect((await watching.finished).code).toBe(130);
    });

    test("of an instance that is not there is exit 1", async () => {
      expect((await workspace.run(["watch", "nobody"])).code).toBe(1);
    });
  });

  test("instances --where sees data and the instance, and names one for which it cannot be evaluated", async () => {
    await start("--instance", "l-1");
    await start("--instance", "l-2");
    await workspace.run(["send", "l-2", "submit"]);
    const ids = async (where: string): Promise<string[]> => {
      const { stdout } = await workspace.run(["instances", "--where", where, "--json"]);
      return (JSON.parse(stdout) as { instanceId: string }[]).map(({ instanceId }) => instanceId);
    };
    expect(await ids("data.days > 2")).toEqual(["l-1", "l-2"]);
    expect(await ids("data.days > 2 && instance.seq === 2")).toEqual(["l-2"]);
    expect(await ids("state === 'asked'")).toEqual(["l-1"]);
    const faulty = await workspace.run(["instances", "--where", "data.person * 2 > 1"]);
    expect(faulty.stderr).toContain('"l-1"');
    const wrong = await workspace.run(["instances", "--where", "data.days >"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("--where");
  });
});
