import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CATALOGUE } from "../../src/cli/catalogue.js";
import { Workspace } from "./cli-process.js";

let workspace: Workspace;

beforeEach(() => {
  workspace = new Workspace();
  workspace.fixture("egg-timer.json");
});

afterEach(() => workspace.dispose());

const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
  [["fly"], /unknown command 'fly'/],
  [["runn", "x.json"], /Did you mean run/],
  [["run"], /missing required argument/],
  [["run", "egg-timer.json", "--fast"], /unknown option '--fast'/],
  [["run", "egg-timer.json", "more"], /too many arguments/],
  [["run", "missing.json"], /"missing\.json" cannot be read: there is no such file/],
  [["run", "egg-timer.json", "--until", "never"], /Allowed choices are settled, done/],
  [["run", "egg-timer.json", "--timeout", "30s"], /"30s" is no duration/],
  [["run", "egg-timer.json", "--data", "{]"], /--data is not right at 1:2/],
  [["run", "egg-timer.json", "--data", "[]"], /--data is JSON, but no object/],
  [["run", "egg-timer.json", "--data", "@missing.json"], /"missing\.json" cannot be read/],
  [["run", "egg-timer.json", "--event", "={}"], /names no event/],
  [["run", "egg-timer.json", "--event", "go={"], /--event go= is not right/],
  [["run", "egg-timer.json", "--rewrite", "a=b"], /"a=b" is no rewrite/],
  [["run", "egg-timer.json", "--url", "http://localhost:7400"], /works on a database, and not over a server/],
  [["run", "egg-timer.json", "--db", "postgres://ada:secret@host/db"], /PostgreSQL is not there yet/],
  [["run", "egg-timer.json", "--db", "mysql://host/db"], /not known: mysql/],
  [["instances", "--limit", "none"], /--limit none/],
  [["audit"], /missing required argument/],
];

describe("wrong usage", () => {
  test.each(WRONG)("%j is exit 2 and says what is wrong", async (words, sentence) => {
    const people = await workspace.run(words);
    expect(people.code).toBe(2);
    expect(people.stdout).toBe("");
    expect(people.stderr).toMatch(sentence);
    expect(people.stderr).not.toContain("secret");
    expect(people.stderr).not.toMatch(/^ +at /m);
    const json = await workspace.run([...words, "--json"]);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: "USAGE", message: expect.any(String) } });
  });

  test("no command at all shows help on standard error", async () => {
    const finished = await workspace.run([]);
    expect(finished).toMatchObject({ code: 2, stdout: "" });
    expect(finished.stderr).toContain("Usage: statewright");
  });

  test("a configuration that is not right is told with every fault and its place", async () => {
    const config = '{\n  "database": "x",\n  "outbound": { "privateAddresses": "maybe" }\n}';
    writeFileSync(workspace.path("statewright.config.json"), config);
    const finished = await workspace.run(["run", "egg-timer.json"]);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toMatch(/statewright\.config\.json:2:\d+: \/database/);
    expect(finished.stderr).toMatch(/statewright\.config\.json:3:\d+: \/outbound\/privateAddresses/);
  });

  test("a database that cannot be opened is exit 3", async () => {
    writeFileSync(
      workspace.path("not-a.db"),
      "this is no database, only text that is longer than a header of SQLite is.".repeat(9),
    );
    const run = await workspace.run(["run", "egg-timer.json", "--db", "not-a.db", "--json"]);
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "STORE_UNAVAILABLE" } });
    const show = await workspace.run(["show", "x", "--db", "not-a.db"]);
    expect(show.code).toBe(3);
  });
});

describe("help", () => {
  const names = [...CATALOGUE.map(({ name }) => [name]), ["audit", "verify"]];

  test.each(names.map((words) => [words.join(" "), words] as const))(
    "of %s has an example",
    async (_, words) => {
      const finished = await workspace.run([...words, "--help"]);
      expect(finished.code).toBe(0);
      expect(finished.stdout).toContain(`Usage: statewright ${words.join(" ")}`);
      expect(finished.stdout).toMatch(
        new RegExp(`Examples?:\\n +# .+\\n +\\$ statewright ${words.join(" ")}`),
      );
      for (const option of ["--json", "--verbose"]) expect(finished.stdout).toContain(option);
    },
  );

  test("of the program lists every command", async () => {
    const finished = await workspace.run(["--help"]);
    expect(finished.code).toBe(0);
    for (const { name, summary } of CATALOGUE)
      expect(finished.stdout).toMatch(new RegExp(`${name}.*${summary.slice(0, 20)}`));
    expect(finished.stdout).toContain("Example:");
  });
});

test("colours follow FORCE_COLOR and NO_COLOR, which wins", async () => {
  const coloured = await workspace.run(["validate", "egg-timer.json"], { FORCE_COLOR: "1" });
  expect(coloured.stdout).toContain("\u001b[");
  const plain = await workspace.run(["validate", "egg-timer.json"], { FORCE_COLOR: "1", NO_COLOR: "1" });
  expect(plain.stdout).not.toContain("\u001b[");
});
