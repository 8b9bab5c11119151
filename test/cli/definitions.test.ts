import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";

let workspace: Workspace;

beforeEach(() => {
  workspace = new Workspace();
});

afterEach(() => workspace.dispose());

describe("validate", () => {
  test("a valid definition is exit 0", async () => {
    const finished = await workspace.run(["validate", workspace.fixture("order.json")]);
    expect(finished.code).toBe(0);
    expect(finished.stdout).toMatch(/^Valid: 1 file, 0 errors, \d+ warnings?\.$/m);
  });

  test("--json gives every finding with its place", async () => {
    const finished = await workspace.run(["validate", "--json", workspace.fixture("unknown-state.json")]);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toBe("");
    const { valid, findings } = JSON.parse(finished.stdout);
    expect(valid).toBe(false);
    const unknown = (findings as { code: string }[]).find(({ code }) => code === "UNKNOWN_STATE");
    expect(unknown).toMatchObject({
      severity: "error",
      file: "unknown-state.json",
      line: expect.any(Number),
      column: expect.any(Number),
      pointer: expect.stringContaining("/states/start"),
      message: expect.stringContaining("finsh"),
    });
  });

  test("people get file:line:column, grouped by file, and a summary", async () => {
    const files = [workspace.fixture("unknown-state.json"), workspace.fixture("egg-timer.json")];
    const finished = await workspace.run(["validate", ...files]);
    expect(finished.code).toBe(1);
    expect(finished.stdout).toMatch(/^unknown-state\.json:\d+:\d+ +error +UNKNOWN_STATE /m);
    expect(finished.stdout).toMatch(/^Not valid: 2 files, /m);
  });

  test("a file that is not there, and one that is not JSON, are findings beside those of the others", async () => {
    writeFileSync(workspace.path("broken.json"), '{\n  "id": "x",\n}');
    const files = ["missing.json", "broken.json", workspace.fixture("egg-timer.json")];
    const finished = await workspace.run(["validate", "--json", ...files]);
    expect(finished.code).toBe(1);
    const { findings } = JSON.parse(finished.stdout) as {
      findings: { file: string; code: string; line?: number }[];
    };
    expect(findings.find(({ file }) => file === "missing.json")?.code).toBe("FILE_UNREADABLE");
    expect(findings.find(({ file }) => file === "broken.json")?.line).toBe(3);
  });
});

describe("format", () => {
  test("prints either form, and both mean the same", async () => {
    const file = workspace.fixture("order.json");
    const short = await workspace.run(["format", file, "--to", "short", "--json"]);
    expect(short.code).toBe(0);
    expect(JSON.parse(short.stdout)).toHaveProperty("states.draft");
    writeFileSync(workspace.path("short.json"), short.stdout);
    const canonical = await workspace.run(["format", file]);
    const again = await workspace.run(["format", "short.json", "--to", "canonical"]);
    expect(again.stdout).toBe(canonical.stdout);
    expect(JSON.parse(canonical.stdout)).toMatchObject({
      stateMachineId: "order",
      states: expect.any(Array),
    });
  });

  test("a definition with errors is not printed", async () => {
    const finished = await workspace.run(["format", workspace.fixture("unknown-state.json"), "--json"]);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({ error: { code: "DEFINITION_INVALID" } });
  });

  test("a file that is not there is wrong usage", async () => {
    const finished = await workspace.run(["format", "missing.json"]);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('"missing.json" cannot be read');
  });
});

test("the package's version is what --version prints", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const finished = await workspace.run(["--version"]);
  expect(finished).toMatchObject({ code: 0, stdout: `${version}\n` });
});
