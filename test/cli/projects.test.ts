import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CATALOGUE } from "../../src/cli/catalogue.js";
import { Workspace } from "./cli-process.js";

let workspace: Workspace;

beforeEach(() => {
  workspace = new Workspace();
});

afterEach(() => workspace.dispose());

describe("init", () => {
  test("makes a project whose definition has no finding", async () => {
    const made = await workspace.run(["init", "p", "--json"]);
    expect(made.code).toBe(0);
    const { files } = JSON.parse(made.stdout) as { files: string[] };
    expect(files).toContain("statewright.config.json");
    for (const file of files) expect(existsSync(workspace.path(`p/${file}`)), file).toBe(true);
    const valid = await workspace.run(["validate", "p/definitions/expense.json", "--json"]);
    expect(JSON.parse(valid.stdout)).toEqual({ valid: true, findings: [] });
  });

  test("never overwrites: what is there is named, and nothing is written", async () => {
    mkdirSync(workspace.path("p"));
    writeFileSync(workspace.path("p/README.md"), "mine");
    const refused = await workspace.run(["init", "p"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("p/README.md");
    expect(readFileSync(workspace.path("p/README.md"), "utf8")).toBe("mine");
    expect(existsSync(workspace.path("p/definitions"))).toBe(false);
  });
});

describe("publish and definitions", () => {
  test("a version is published once; other content under it is refused, beside what is published", async () => {
    const file = workspace.fixture("leave.json");
    const first = await workspace.run(["publish", file, "--note", "the first", "--author", "ada", "--json"]);
    expect(JSON.parse(first.stdout)).toMatchObject({ results: [{ outcome: "published", version: 1 }] });
    const again = await workspace.run(["publish", file, "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ results: [{ outcome: "unchanged" }] });
    const changed = JSON.parse(readFileSync(workspace.path(file), "utf8"));
    changed.name = "Other";
    writeFileSync(workspace.path("changed.json"), JSON.stringify(changed));
    const files = ["changed.json", workspace.fixture("egg-timer.json")];
    const refused = await workspace.run(["publish", ...files, "--json"]);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      results: [{ outcome: "refused", error: { code: "VERSION_EXISTS" } }, { outcome: "published" }],
    });
    const list = await workspace.run(["definitions", "list", "--json"]);
    expect(JSON.parse(list.stdout)).toEqual([
      expect.objectContaining({ stateMachineId: "eggTimer" }),
      expect.objectContaining({ stateMachineId: "leave", author: "ada", note: "the first" }),
    ]);
    expect((await workspace.run(["definitions"])).stdout).toContain("leave@1");
  });

  test("a file that is not valid keeps all of them from being published", async () => {
    const files = [workspace.fixture("egg-timer.json"), workspace.fixture("unknown-state.json")];
    const refused = await workspace.run(["publish", ...files, "--json"]);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "DEFINITION_INVALID" } });
    expect((await workspace.run(["definitions"])).code).toBe(3);
  });

  test("show prints a version, and diff says in words what changed", async () => {
    const file = workspace.fixture("leave.json");
    const next = JSON.parse(readFileSync(workspace.path(file), "utf8"));
    next.version = 2;
    next.states.withdrawn = { type: "final" };
    next.states.asked.transitions.push({ target: "withdrawn", event: "withdraw" });
    writeFileSync(workspace.path("next.json"), JSON.stringify(next));
    await workspace.run(["publish", file, "next.json"]);
    const shown = await workspace.run(["definitions", "show", "leave@1", "--to", "short"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ id: "leave", states: { asked: { type: "initial" } } });
    const diff = await workspace.run(["definitions", "diff", "leave@1", "leave@2"]);
    expect(diff.stdout).toContain('+ State "withdrawn" was added.');
    expect(diff.stdout).toContain("(asked → withdrawn)");
    const { changes } = JSON.parse(
      (await workspace.run(["definitions", "diff", "leave@1", "leave", "--json"])).stdout,
    );
    expect(changes).toContainEqual(expect.objectContaining({ change: "added", subject: "state" }));
    const unknown = await workspace.run(["definitions", "show", "leave@3", "--json"]);
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ error: { code: "DEFINITION_UNKNOWN" } });
  });
});

describe("completion", () => {
  test.each(["bash", "zsh", "fish"])("for %s knows every command and their options", async (shell) => {
    const { code, stdout } = await workspace.run(["completion", shell]);
    expect(code).toBe(0);
    for (const { name } of CATALOGUE) expect(stdout).toContain(name);
    expect(stdout).toContain("no-replay");
    expect(stdout).toContain("dry-run");
  });

  test("the script for bash completes commands, subcommands and options", async () => {
    const { stdout } = await workspace.run(["completion", "bash"]);
    writeFileSync(workspace.path("completion.sh"), stdout);
    const complete = async (...words: string[]): Promise<string[]> => {
      const { execFileSync } = await import("node:child_process");
      const array = words.map((word) => `"${word}"`).join(" ");
      const script = `source completion.sh; COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _statewright; echo "\${COMPREPLY[*]}"`;
      const text = execFileSync("bash", ["-c", script], { cwd: workspace.directory, encoding: "utf8" });
      return text.trim().split(" ");
    };
    expect(await complete("statewright", "defi")).toEqual(["definitions"]);
    expect(await complete("statewright", "definitions", "di")).toEqual(["diff"]);
    expect(await complete("statewright", "audit", "verify", "--no")).toEqual(["--no-replay"]);
  });
});
