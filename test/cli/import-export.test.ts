import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";

const ROOT = new URL("../../", import.meta.url);
const REFERENCE = new URL("../shared/reference/money-transfer/", ROOT);

let workspace: Workspace;

beforeEach(async () => {
  workspace = new Workspace();
  workspace.fixture("leave.json");
  await workspace.run(["publish", "leave.json"]);
});

afterEach(() => workspace.dispose());

async function startLeave(id: string): Promise<void> {
  const data = JSON.stringify({ person: "ada", days: 3, reasonGiven: "a secret" });
  await workspace.run(["start", "leave", "--data", data, "--instance", id]);
  await workspace.run(["send", id, "submit"]);
}

async function json(...words: string[]) {
  const { stdout } = await workspace.run([...words, "--json"]);
  return JSON.parse(stdout);
}

describe("import", () => {
  test("takes over an exported instance whole: it goes on, and its trail replays", async () => {
    await startLeave("l-1");
    await workspace.run(["export", "--reveal", "--output", "all.ndjson"]);
    const elsewhere = ["--db", "other.db"];
    const words = ["import", "all.ndjson", "--definition", "leave.json", ...elsewhere];
    const imported = await workspace.run([...words, "--json"]);
    expect(imported.code).toBe(0);
    expect(JSON.parse(imported.stdout).results).toEqual([
      expect.objectContaining({ instanceId: "l-1", outcome: "imported", status: "active", violations: [] }),
    ]);
    const before = await json("show", "l-1");
    const after = await json("show", "l-1", ...elsewhere);
    for (const name of ["data", "history", "currentState", "status", "startTime"]) {
      expect(after[name], name).toEqual(before[name]);
    }
    expect((await json("import", "all.ndjson", ...elsewhere)).results).toMatchObject([
      { outcome: "unchanged" },
    ]);
    expect(await json("instances", ...elsewhere)).toHaveLength(1);
    await workspace.run(["send", "l-1", "--data", '{"granted":true}', ...elsewhere]);
    expect(await json("show", "l-1", ...elsewhere)).toMatchObject({ currentState: "granted" });
    expect((await workspace.run(["audit", "verify", ...elsewhere])).code).toBe(0);
  });

  test("with invalid data is there, suspended, with one incident that lists everything, and is exit 1", async () => {
    await startLeave("l-1");
    const document = await json("show", "l-1");
    document.instanceId = "l-2";
    document.history[0].data = { person: "ada", days: 0, wish: "none" };
    writeFileSync(workspace.path("bad.json"), JSON.stringify(document));
    const imported = await workspace.run(["import", "bad.json", "--json"]);
    expect(imported.code).toBe(1);
    const [result] = JSON.parse(imported.stdout).results;
    expect(result).toMatchObject({ outcome: "imported", status: "suspended", incidentId: "l-2/incident-1" });
    expect(result.violations.map(({ path }: { path: string }) => path).sort()).toEqual([
      "/history/0/data/days",
      "/history/0/data/wish",
    ]);
    expect(await json("incidents")).toMatchObject([{ instanceId: "l-2", code: "VALIDATION_FAILED" }]);
    expect((await workspace.run(["audit", "verify", "l-2"])).code).toBe(0);
    const people = await workspace.run(["import", "bad.json"]);
    expect(people.stdout).toContain("/history/0/data/days");
    expect((await workspace.run(["retry", "l-2"])).code).toBe(0);
    expect(await json("show", "l-2")).toMatchObject({ status: "active" });
  });

  test("what cannot be taken over is refused, and the others are imported", async () => {
    await startLeave("l-1");
    const document = await json("show", "l-1");
    writeFileSync(workspace.path("same-id.json"), JSON.stringify({ ...document, variables: { other: 1 } }));
    writeFileSync(workspace.path("unknown.json"), JSON.stringify({ ...document, stateMachineId: "nothing" }));
    writeFileSync(workspace.path("broken.json"), "{");
    writeFileSync(workspace.path("good.json"), JSON.stringify({ ...document, instanceId: "l-3" }));
    const files = ["same-id.json", "unknown.json", "broken.json", "good.json"];
    const imported = await workspace.run(["import", ...files, "--json"]);
    expect(imported.code).toBe(1);
    expect(JSON.parse(imported.stdout).results).toMatchObject([
      { outcome: "refused", error: { code: "INSTANCE_EXISTS" } },
      { outcome: "refused", error: { code: "DEFINITION_UNKNOWN" } },
      { outcome: "refused", error: { code: "VALIDATION_FAILED" } },
      { outcome: "imported" },
    ]);
    expect(await json("instances")).toHaveLength(2);
  });

  test.skipIf(!existsSync(REFERENCE))(
    "reads the reference's own documents and lists what is wrong in them",
    async () => {
      const path = (name: string) => fileURLToPath(new URL(name, REFERENCE));
      const document = path("money-transfer-instance.json");
      const words = ["import", document, "--definition", path("money-transfer-definition.json"), "--json"];
      const imported = await workspace.run(words);
      expect(imported.code).toBe(1);
      const [result] = JSON.parse(imported.stdout).results;
      expect(result).toMatchObject({ outcome: "imported", status: "suspended", currentState: "verify" });
      const paths = result.violations.map((violation: { path: string }) => violation.path);
      expect(paths).toEqual(
        expect.arrayContaining(["/history/1/data/currency", "/history/1/data/sourceAccount"]),
      );
      expect(await json("show", result.instanceId)).toMatchObject({
        data: { sourceAccount: "ACC001" },
        history: [
          { state: "init", actions: [{ actionId: "initAction", status: "completed" }] },
          { state: "verify" },
        ],
      });
      expect((await workspace.run(["audit", "verify"])).code).toBe(0);
      const again = await workspace.run(words);
      expect(JSON.parse(again.stdout).results).toMatchObject([{ outcome: "unchanged" }]);
    },
  );
});

describe("export", () => {
  test("masks what is sensitive, in the document and in the trail, unless it is to be revealed", async () => {
    await startLeave("l-1");
    const masked = await workspace.run(["export", "l-1"]);
    expect(masked.stdout).not.toContain("a secret");
    expect(JSON.parse(masked.stdout)).toMatchObject({
      instanceId: "l-1",
      auditTrail: [{ seq: 1 }, { seq: 2 }],
    });
    const revealed = await workspace.run(["export", "--machine", "leave", "--reveal", "--json"]);
    expect(JSON.parse(revealed.stdout)).toMatchObject([{ data: { reasonGiven: "a secret" } }]);
    expect(await json("export", "--status", "completed")).toEqual([]);
  });

  test("never replaces a file", async () => {
    await startLeave("l-1");
    writeFileSync(workspace.path("all.ndjson"), "mine");
    const refused = await workspace.run(["export", "--output", "all.ndjson"]);
    expect(refused.code).toBe(2);
    expect(readFileSync(workspace.path("all.ndjson"), "utf8")).toBe("mine");
  });
});

describe("audit export", () => {
  test("is verified without the database, and shows what was changed in it", async () => {
    await startLeave("l-1");
    const exported = await json("audit", "export", "l-1", "--output", "l-1.ndjson");
    expect(exported).toMatchObject({ file: "l-1.ndjson", trails: [{ instanceId: "l-1", entries: 2 }] });
    const text = readFileSync(workspace.path("l-1.ndjson"), "utf8");
    expect(text).not.toContain("a secret");
    const nowhere = ["--db", "nowhere.db"];
    const verdict = await json("audit", "verify", "l-1.ndjson", ...nowhere);
    expect(verdict).toMatchObject({
      valid: true,
      instances: [{ instanceId: "l-1", head: exported.trails[0].head }],
    });
    writeFileSync(workspace.path("forged.ndjson"), text.replaceAll("submit", "sabmit"));
    const forged = await workspace.run(["audit", "verify", "forged.ndjson", "--json", ...nowhere]);
    expect(forged.code).toBe(1);
    expect(JSON.parse(forged.stdout)).toMatchObject({
      instances: [{ faults: [{ seq: 2, code: "CHANGED" }] }],
    });
    writeFileSync(workspace.path("other.txt"), '{"a":1}');
    expect((await workspace.run(["audit", "verify", "other.txt"])).code).toBe(2);
  });
});

describe("backup", () => {
  test("copies the database while an engine works on it, and never replaces a file", async () => {
    await startLeave("l-1");
    const running = workspace.start(["run", workspace.fixture("slow-egg-timer.json"), "--instance", "e-1"]);
    await new Promise<void>((resolve) => {
      let said = "";
      running.child.stderr.on("data", (text: string) => {
        said += text;
        if (said.includes("boiling")) resolve();
      });
    });
    const copied = await workspace.run(["backup", "copy.db", "--json"]);
    expect(copied.code).toBe(0);
    expect(JSON.parse(copied.stdout)).toMatchObject({ file: "copy.db", bytes: expect.any(Number) });
    running.child.kill("SIGKILL");
    await running.finished;
    const ids = (await json("instances", "--db", "copy.db")) as { instanceId: string }[];
    expect(ids.map(({ instanceId }) => instanceId)).toEqual(["e-1", "l-1"]);
    expect((await workspace.run(["audit", "verify", "--db", "copy.db"])).code).toBe(0);
    const again = await workspace.run(["backup", "copy.db"]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('"copy.db" is there already');
  });

  test("without a database is exit 3", async () => {
    expect((await workspace.run(["backup", "copy.db", "--db", "none.db"])).code).toBe(3);
    expect(existsSync(workspace.path("copy.db"))).toBe(false);
  });
});
