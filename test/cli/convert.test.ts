import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";

const DOOR = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="door" initial="closed">
  <state id="closed"><transition event="open.*" target="gone"/></state>
  <final id="gone"/>
</scxml>`;

const TOO_MUCH = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a">
  <state id="a"><onentry><script>ring(bell)</script></onentry><transition event="e" target="b"/></state>
  <final id="b"/>
</scxml>`;

let workspace: Workspace;

beforeEach(() => {
  workspace = new Workspace();
  writeFileSync(workspace.path("door.scxml"), DOOR);
  writeFileSync(workspace.path("bell.scxml"), TOO_MUCH);
});

afterEach(() => workspace.dispose());

interface Report {
  readonly converted: boolean;
  readonly definition?: { readonly stateMachineId: string; readonly transitions: readonly object[] };
  readonly findings: readonly { readonly code: string; readonly file: string; readonly line: number }[];
}

describe("convert", () => {
  test("writes a definition that validates, and leaves one alone that says the same", async () => {
    const first = await workspace.run(["convert", "door.scxml", "door.json"]);
    expect(first).toMatchObject({ code: 0, stdout: "door.json: written\n", stderr: "" });
    expect((await workspace.run(["validate", "door.json"])).code).toBe(0);
    expect((await workspace.run(["convert", "door.scxml", "door.json"])).stdout).toBe(
      "door.json: unchanged\n",
    );
  });

  test("prints the definition without a file, and with a hyphen", async () => {
    const printed = await workspace.run(["convert", "door.scxml"]);
    expect(JSON.parse(printed.stdout)).toMatchObject({ stateMachineId: "door" });
    expect((await workspace.run(["convert", "door.scxml", "-"])).stdout).toBe(printed.stdout);
  });

  test("names the events from outside and the machine as it is told", async () => {
    const line = [
      "convert",
      "door.scxml",
      "--event",
      "open.wide",
      "--event",
      "shut",
      "--id",
      "gate",
      "--json",
    ];
    const { stdout } = await workspace.run(line);
    const { definition, converted } = JSON.parse(stdout) as Report;
    expect(converted).toBe(true);
    expect(definition?.stateMachineId).toBe("gate");
    expect(definition?.transitions).toMatchObject([
      { event: [{ eventId: "open" }, { eventId: "open.wide" }] },
    ]);
  });

  test("tells what it cannot convert with its place, writes nothing, and exits with 1", async () => {
    const people = await workspace.run(["convert", "bell.scxml", "bell.json"]);
    expect(people.code).toBe(1);
    expect(people.stdout).toBe("");
    expect(people.stderr).toMatch(/^bell\.scxml:2:\d+ +error +SCXML_SCRIPT/);
    expect(() => readFileSync(workspace.path("bell.json"))).toThrow(/ENOENT/);
    const { code, stdout } = await workspace.run(["convert", "bell.scxml", "bell.json", "--json"]);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({
      converted: false,
      findings: [{ code: "SCXML_SCRIPT", file: "bell.scxml", line: 2 }],
    });
  });

  test.each([["door.json", "door.scxml"], ["door.scxml", "door.bpmn"], ["door.bpmn"]])(
    "refuses to convert %s to %s",
    async (...names) => {
      const { code, stderr } = await workspace.run(["convert", ...names]);
      expect(code).toBe(2);
      expect(stderr).toContain("this version reads SCXML and writes JSON");
    },
  );

  test("says which file cannot be read", async () => {
    const { code, stderr } = await workspace.run(["convert", "none.scxml"]);
    expect(code).toBe(2);
    expect(stderr).toContain('"none.scxml" cannot be read: there is no such file');
  });
});
