/**
 * `validate FILE…`: every finding of every file, at once. Exit 1 when any has severity `error`. A file that cannot be
 * read is a finding too, so that the others are still checked.
 */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { Finding } from "../../core/definition/finding.js";
import { readDefinitionSource } from "../../validation.js";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../cli-command.js";
import { whyUnreadable } from "../input/read-text.js";
import { type FileFinding, findingLines, findingSummary, inFile } from "../output/finding-text.js";

export function configure(command: Command, context: CommandContext): void {
  command.argument("<file...>", "definitions in JSON, in canonical or short form");
  addCommonOptions(command);
  addExamples(command, [
    { line: "statewright validate order.json", says: "show every finding as file:line:column" },
    { line: "statewright validate --json definitions/*.json", says: "the same for a script" },
  ]);
  command.action(async (files: string[], options: CommonOptions) => {
    const findings = (await Promise.all(files.map(findingsOf))).flat();
    const valid = !findings.some((finding) => finding.severity === "error");
    const { terminal } = context;
    if (options.json === true) terminal.json({ valid, findings });
    else {
      if (findings.length > 0) terminal.print(`${findingLines(findings, terminal.out)}\n`);
      terminal.print(findingSummary(files.length, findings, terminal.out));
    }
    context.finish(valid ? 0 : 1);
  });
}

async function findingsOf(file: string): Promise<FileFinding[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return [inFile(file, unreadable(file, error))];
  }
  return readDefinitionSource({ text }).findings.map((finding) => inFile(file, finding));
}

function unreadable(file: string, error: unknown): Finding {
  const message = `"${file}" cannot be read: ${whyUnreadable(error)}.`;
  return { code: "FILE_UNREADABLE", severity: "error", pointer: "", message, hint: "Check the path." };
}
