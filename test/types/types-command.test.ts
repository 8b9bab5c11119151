import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "../cli/cli-process.js";

const isBuilt = existsSync(new URL("../../dist/cli/main.js", import.meta.url));
if (!isBuilt) console.warn("dist/ is absent: the command `types` is not run. Run: npm run build");

const LAMP =
  '{ "id": "lamp", "states": { "off": { "type": "initial", "transitions": [{ "target": "on", "event": "press" }] } } }';

describe.skipIf(!isBuilt)("statewright types", () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
    writeFileSync(workspace.path("lamp.json"), LAMP);
  });
  afterEach(() => workspace.dispose());

  test("prints one module for all files", async () => {
    writeFileSync(workspace.path("other.json"), LAMP.replace("lamp", "other"));
    const { code, stdout } = await workspace.run(["types", "lamp.json", "other.json"]);
    expect(code).toBe(0);
    expect(stdout).toContain("export interface LampMachine {");
    expect(stdout).toContain("export interface OtherMachine {");
    const json = await workspace.run(["types", "lamp.json", "other.json", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({ module: stdout, machines: ["lamp", "other"] });
  });

  test("writes a file, and does not touch one that says the same already", async () => {
    const words = ["types", "lamp.json", "--output", "lamp.types.ts"];
    expect((await workspace.run(words)).stdout).toBe("lamp.types.ts: written\n");
    expect(readFileSync(workspace.path("lamp.types.ts"), "utf8")).toContain(
      "readonly press: LampPressEvent;",
    );
    const again = await workspace.run([...words, "--json"]);
    expect(JSON.parse(again.stdout)).toEqual({
      output: "lamp.types.ts",
      outcome: "unchanged",
      machines: ["lamp"],
    });
  });

  test("writes nothing when a definition is not valid, or when the file cannot be written", async () => {
    writeFileSync(workspace.path("wrong.json"), LAMP.replace("initial", "userTask"));
    const wrong = await workspace.run(["types", "lamp.json", "wrong.json", "--output", "x.ts"]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("wrong.json");
    expect(existsSync(workspace.path("x.ts"))).toBe(false);
    const nowhere = await workspace.run(["types", "lamp.json", "--output", "absent/x.ts"]);
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining("absent/x.ts") });
  });
});
