import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { Terminal } from "../../src/cli/output/terminal.js";
import { buildProgram } from "../../src/cli/program.js";

const reference = readFileSync(new URL("../../docs/reference/cli.md", import.meta.url), "utf8");

const program = await buildProgram(
  {
    terminal: new Terminal(process.stdout, process.stderr, {}),
    environment: {},
    workingDirectory: ".",
    words: [],
    finish: () => {},
  },
  { load: "all" },
);

test.each(everyCommand(program, []).map(({ path, command }) => [path, command] as const))(
  "the reference has a section for %s with every argument and option",
  (path, command) => {
    const section = sectionOf(path);
    expect(section, `a heading for ${path}`).toBeDefined();
    for (const option of command.options) {
      expect(section, `${path} ${option.flags}`).toContain(option.long ?? option.flags);
    }
    expect(section, `an example for ${path}`).toContain(`$ statewright ${path}`);
  },
);

test("the reference names the exit codes, the environment and the configuration", () => {
  for (const name of [
    "130",
    "143",
    "STATEWRIGHT_DB",
    "statewright.config.json",
    "privateAddresses",
    "NO_COLOR",
  ]) {
    expect(reference).toContain(name);
  }
});

function everyCommand(parent: Command, above: readonly string[]): { path: string; command: Command }[] {
  return parent.commands.flatMap((command) => {
    const path = [...above, command.name()];
    return [{ path: path.join(" "), command }, ...everyCommand(command, path)];
  });
}

/** From the command's heading to the next heading. */
function sectionOf(path: string): string | undefined {
  const sections = reference.split(/^## /m);
  return sections.find((section) => section.startsWith(`\`${path}\``) || section.startsWith(`\`${path} `));
}
