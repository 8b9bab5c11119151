/**
 * `validate FILE…`: every finding of every file, at once. Exit 1 when any has severity `error`. A file that cannot be
 * read is a finding too, so that the others are still checked.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Finding } from "../../core/definition/finding.js";
import { namedSecrets } from "../../core/definition/named-secrets.js";
import type { Json } from "../../core/json/json.js";
import type { Secrets } from "../../index.js";
import { readDefinitionSource } from "../../validation.js";
import { addCommonOptions, addExamples, type CommandContext, type CommonOptions } from "../cli-command.js";
import { readConfig } from "../input/config-file.js";
import { whyUnreadable } from "../input/read-text.js";
import { type FileFinding, findingLines, findingSummary, inFile } from "../output/finding-text.js";

export function configure(command: Command, context: CommandContext): void {
  command.argument("<file...>", "definitions in JSON, in canonical or short form");
  command.option(
    "--config <file>",
    "also warn of secrets that this configuration and the environment do not have",
  );
  addCommonOptions(command);
  addExamples(command, [
    { line: "statewright validate order.json", says: "show every finding as file:line:column" },
    { line: "statewright validate --json definitions/*.json", says: "the same for a script" },
  ]);
  command.action(async (files: string[], options: CommonOptions & { readonly config?: string }) => {
    const secrets = options.config === undefined ? undefined : await secretsOf(options.config, context);
    const findings = (await Promise.all(files.map((file) => findingsOf(file, secrets)))).flat();
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

async function secretsOf(config: string, context: CommandContext): Promise<Secrets> {
  const { environment, terminal, workingDirectory } = context;
  const { secrets: file } = await readConfig(workingDirectory, config);
  const { environmentSecrets } = await import("../../index.js");
  return environmentSecrets({
    environment,
    warn: (message) => terminal.note(`${terminal.err.yellow("warning")}  ${message}`),
    ...(file === undefined ? {} : { file: resolve(workingDirectory, file) }),
  });
}

async function findingsOf(file: string, secrets: Secrets | undefined): Promise<FileFinding[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return [inFile(file, unreadable(file, error))];
  }
  const { definition, findings } = readDefinitionSource({ text });
  const missing =
    definition === undefined || secrets === undefined ? [] : missingSecrets(definition as Json, secrets);
  return [...findings, ...missing].map((finding) => inFile(file, finding));
}

/** Pointers of the canonical form are not those of the short form, so the machine's own place is named. */
function missingSecrets(definition: Json, secrets: Secrets): Finding[] {
  const names = new Set(namedSecrets(definition).map(({ name }) => name));
  return [...names]
    .filter((name) => secrets.read(name) === undefined)
    .map((name) => ({
      code: "SECRET_NOT_SET",
      severity: "warning",
      pointer: "",
      message: `The secret "${name}" is named and is not there; calls that need it will fail.`,
      hint: `${secrets.remedy(name).replace(/^s/, "S")}.`,
    }));
}

function unreadable(file: string, error: unknown): Finding {
  const message = `"${file}" cannot be read: ${whyUnreadable(error)}.`;
  return { code: "FILE_UNREADABLE", severity: "error", pointer: "", message, hint: "Check the path." };
}
