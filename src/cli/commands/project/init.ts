/**
 * `init [DIR]`: a small project to begin with.
 *
 * 1. Nothing is ever overwritten: if any of its files is there, that file is named and nothing is written.
 * 2. What it writes runs as it is: the README's commands work in the new folder.
 */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../../cli-command.js";
import { usageError } from "../../usage-error.js";
import { PROJECT_FILES } from "./project-files.js";

export function configure(command: Command, context: CommandContext): void {
  command.argument("[dir]", "the folder of the project", ".");
  addCommonOptions(command);
  addExamples(command, [
    { line: "statewright init orders", says: "then: cd orders, and read its README.md" },
  ]);
  command.action(async (directory: string, options: CommonOptions) => {
    const present = PROJECT_FILES.map(({ name }) => join(directory, name)).filter((path) => existsSync(path));
    if (present.length > 0) {
      const names = present.map((path) => `"${path}"`).join(", ");
      throw usageError(
        `${names} ${present.length === 1 ? "is" : "are"} there already; nothing was written.`,
        "Give another folder: statewright init DIR",
      );
    }
    for (const { name, text } of PROJECT_FILES) await writeNew(join(directory, name), text);
    const files = PROJECT_FILES.map(({ name }) => name);
    const { terminal } = context;
    if (options.json === true) terminal.json({ directory, files });
    else {
      for (const file of files) terminal.print(`${terminal.out.green("+")} ${join(directory, file)}`);
      terminal.note(`Go on with ${join(directory, "README.md")}.`);
    }
    context.finish(0);
  });
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    throw usageError(`"${path}" cannot be written: ${(error as Error).message}.`, "Choose another folder.");
  }
}
