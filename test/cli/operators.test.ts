import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Finished, Workspace } from "./cli-process.js";
import { RecordingServer } from "./recording-server.js";

interface Results {
  readonly dryRun: boolean;
  readonly results: readonly {
    readonly instanceId: string;
    readonly outcome: string;
    readonly status?: string;
  }[];
}

function outcomes({ stdout }: Finished): (readonly [string, string, string | undefined])[] {
  const { results } = JSON.parse(stdout) as Results;
  return results.map(({ instanceId, outcome, status }) => [instanceId, outcome, status] as const);
}

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
    await workspace.run(["publish", workspace.fixture("held.json"), workspace.fixture("leave.json")]);
  });

  afterEach(async () => {
    await workspace.dispose();
    await server.close();
  });

  async function startHeld(id: string): Promise<void> {
    server.behaviour = () => 500;
    const { stdout } = await workspace.run(["start", "held", "--instance", id, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ instance: { status: "suspended" } });
    server.behaviour = () => 200;
  }

  function startLeave(id: string): Promise<Finished> {
    return workspace.run(["start", "leave", "--data", '{"person":"ada","days":1}', "--instance", id]);
  }

  describe("incidents", () => {
    test("lists the open ones, by machine, and with --all the closed ones too", async () => {
      await startHeld("h-1");
      const open = await workspace.run(["incidents", "--json"]);
      expect(JSON.parse(open.stdout)).toEqual([
        expect.objectContaining({
          instanceId: "h-1",
          stateMachineId: "held",
          actionId: "call",
          isOpen: true,
        }),
      ]);
      expect(JSON.parse((await workspace.run(["incidents", "--machine", "leave", "--json"])).stdout)).toEqual(
        [],
      );
      expect((await workspace.run(["incidents"])).stdout).toContain("h-1/incident-1");
      await workspace.run(["retry", "h-1"]);
      expect((await workspace.run(["incidents"])).stdout).toContain("No incidents.");
      const all = JSON.parse((await workspace.run(["incidents", "--all", "--json"])).stdout);
      expect(all).toEqual([expect.objectContaining({ isOpen: false, resolution: "retried" })]);
    });
  });

  describe("retry and skip", () => {
    test("retry by code calls again, for every instance that has such an incident", async () => {
      await startHeld("h-1");
      await startHeld("h-2");
      const before = server.at("/call").length;
      const dry = await workspace.run(["retry", "--code", "ACTION_FAILED", "--dry-run", "--json"]);
      expect(outcomes(dry)).toEqual([
        ["h-1", "would", "suspended"],
        ["h-2", "would", "suspended"],
      ]);
      expect(server.at("/call")).toHaveLength(before);
      const done = await workspace.run(["retry", "--code", "ACTION_FAILED", "--json"]);
      expect(done.code).toBe(0);
      expect(outcomes(done)).toEqual([
        ["h-1", "done", "active"],
        ["h-2", "done", "active"],
      ]);
      expect(server.at("/call")).toHaveLength(before + 2);
    });

    test("skip goes on without the action; what has no such incident is refused", async () => {
      await startHeld("h-1");
      const before = server.at("/call").length;
      const wrong = await workspace.run(["skip", "h-1", "--incident", "h-1/incident-9", "--json"]);
      expect(wrong.code).toBe(1);
      expect(outcomes(wrong)).toEqual([["h-1", "refused", "suspended"]]);
      const skipped = await workspace.run(["skip", "h-1", "--incident", "h-1/incident-1", "--json"]);
      expect(outcomes(skipped)).toEqual([["h-1", "done", "active"]]);
      expect(server.at("/call")).toHaveLength(before);
    });
  });

  describe("set", () => {
    test("corrects data by id, says in a dry run what would be, and names what does not fit", async () => {
      await startLeave("l-1");
      const words = ["set", "l-1", "--data", '{"days":2}', "--reason", "they called", "--json"];
      expect(outcomes(await workspace.run([...words, "--dry-run"]))).toEqual([["l-1", "would", "active"]]);
      expect(outcomes(await workspace.run(words))).toEqual([["l-1", "done", "active"]]);
      const shown = await workspace.run(["show", "l-1", "--json"]);
      expect(JSON.parse(shown.stdout)).toMatchObject({ data: { days: 2 } });
      const wrong = await workspace.run(["set", "l-1", "--data", '{"days":"many"}', "--json"]);
      expect(wrong.code).toBe(1);
      expect(JSON.parse(wrong.stdout)).toMatchObject({
        results: [
          { outcome: "refused", error: { code: "VALIDATION_FAILED", violations: [{ path: "/days" }] } },
        ],
      });
      expect((await workspace.run(["audit", "l-1"])).stdout).toContain("set by hand: days");
    });
  });

  describe("incidents --summary", () => {
    test("counts by code and place", async () => {
      await startHeld("h-1");
      await startHeld("h-2");
      const { stdout } = await workspace.run(["incidents", "--summary", "--json"]);
      expect(JSON.parse(stdout)).toMatchObject([
        { stateMachineId: "held", actionId: "call", code: "ACTION_FAILED", incidents: 2, instances: 2 },
      ]);
      expect((await workspace.run(["incidents", "--summary"])).stdout).toMatch(/^2 +held@1/m);
      const none = await workspace.run(["incidents", "--older-than", "PT1H", "--json"]);
      expect(JSON.parse(none.stdout)).toEqual([]);
    });
  });

  describe("suspend, resume and cancel", () => {
    test("hold an instance, let it go and end it; each act stands in the trail", async () => {
      await startLeave("l-1");
      expect(outcomes(await workspace.run(["suspend", "l-1", "--reason", "look", "--json"]))).toEqual([
        ["l-1", "done", "suspended"],
      ]);
      const refused = await workspace.run(["send", "l-1", "submit", "--json"]);
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "INSTANCE_SUSPENDED" } });
      expect(outcomes(await workspace.run(["resume", "--machine", "leave", "--json"]))).toEqual([
        ["l-1", "done", "active"],
      ]);
      const cancel = ["cancel", "l-1", "--reason", "withdrawn", "--actor", "eve", "--json"];
      expect(outcomes(await workspace.run(cancel))).toEqual([["l-1", "done", "cancelled"]]);
      const trail = (await workspace.run(["audit", "l-1"])).stdout;
      for (const act of ["operator: suspend", "operator: resume", "operator: cancel"])
        expect(trail).toContain(act);
      expect(trail).toContain("withdrawn");
      expect((await workspace.run(["audit", "verify", "--db", ".statewright/statewright.db"])).code).toBe(0);
    });

    test("one that is refused does not keep the others from being done, and makes it exit 1", async () => {
      await startLeave("l-1");
      const finished = await workspace.run(["cancel", "nobody", "l-1", "--reason", "x", "--json"]);
      expect(finished.code).toBe(1);
      expect(outcomes(finished)).toEqual([
        ["nobody", "refused", undefined],
        ["l-1", "done", "cancelled"],
      ]);
      const dry = await workspace.run(["cancel", "nobody", "l-1", "--reason", "x", "--dry-run", "--json"]);
      expect(dry.code).toBe(1);
      expect(outcomes(dry)).toEqual([
        ["nobody", "refused", undefined],
        ["l-1", "refused", "cancelled"],
      ]);
    });

    test("a filter means only those that the act concerns", async () => {
      await startLeave("l-1");
      await startLeave("l-2");
      await workspace.run(["cancel", "l-1", "--reason", "x"]);
      const words = ["cancel", "--machine", "leave", "--state", "asked", "--reason", "x", "--json"];
      const finished = await workspace.run(words);
      expect(finished.code).toBe(0);
      expect(outcomes(finished)).toEqual([["l-2", "done", "cancelled"]]);
    });

    test.each([
      [["cancel", "--reason", "x"], /not said which instances/],
      [["cancel", "a"], /--reason/],
      [["suspend", "a", "--machine", "m", "--reason", "x"], /Ids and a filter/],
      [["retry", "a", "b", "--incident", "i"], /--incident goes with one instance/],
      [["retry", "--where", "1 +"], /is no expression/],
      [["retry", "--older-than", "long"], /--older-than long is not right/],
      [["set", "a"], /not said what to set/],
      [["migrate", "leave", "--from", "1", "--to", "x"], /--to x is no version/],
      [["migrate", "leave", "--from", "1", "--to", "1"], /from version 1 to itself/],
    ] as const)("%j is wrong usage", async (words, sentence) => {
      const { code, stderr } = await workspace.run(words);
      expect(code).toBe(2);
      expect(stderr).toMatch(sentence);
    });
  });
});
