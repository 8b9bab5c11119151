import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";

const guide = readFileSync(new URL("../../docs/guides/run-a-definition.md", import.meta.url), "utf8");

let workspace: Workspace;

beforeEach(() => {
  workspace = new Workspace();
});

afterEach(() => workspace.dispose());

test("the guide works when it is followed line by line", async () => {
  const [definition] = blocks("json").map(({ text }) => text);
  writeFileSync(workspace.path("leave.json"), definition ?? "");
  const lines = blocks("sh").flatMap(({ text, fails }) =>
    text
      .trim()
      .split("\n")
      .map((line) => ({ line, fails })),
  );
  expect(lines.length).toBeGreaterThan(6);
  for (const { line, fails } of lines) {
    const [program, ...words] = shellWords(line);
    expect(program).toBe("statewright");
    const finished = await workspace.run(words);
    expect(finished.code, `${line}\n${finished.stdout}${finished.stderr}`).toBe(fails ? 1 : 0);
  }
  const shown = await workspace.run(["show", "leave-1", "--json"]);
  expect(JSON.parse(shown.stdout)).toMatchObject({ status: "completed", currentState: "granted" });
});

function blocks(language: string): { readonly text: string; readonly fails: boolean }[] {
  return [...guide.matchAll(/^```(\w+)( fails)?\n([\s\S]*?)^```$/gm)].flatMap(([, name, fails, text = ""]) =>
    name === language ? [{ text, fails: fails !== undefined }] : [],
  );
}

/** Words of a line whose only quotes are single ones, as a shell splits them. */
function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
