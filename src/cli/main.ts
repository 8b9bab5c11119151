#!/usr/bin/env node
/**
 * The executable. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 the engine or its store is unavailable;
 * 130 and 143 after SIGINT and SIGTERM.
 */
import { CommanderError } from "commander";
import { StatewrightError } from "../core/errors.js";
import { reportError } from "./output/report-error.js";
import { Terminal } from "./output/terminal.js";
import { buildProgram } from "./program.js";

const words = process.argv.slice(2);
const terminal = new Terminal(process.stdout, process.stderr, process.env);
const exitCode = await main();
await terminal.flush();
process.exit(exitCode);

async function main(): Promise<number> {
  let finished = 0;
  const context = {
    terminal,
    environment: process.env,
    workingDirectory: process.cwd(),
    words,
    finish: (code: number): void => {
      finished = code;
    },
  };
  try {
    const program = await buildProgram(context, { load: "named" });
    if (words.length === 0) {
      program.outputHelp({ error: true });
      return 2;
    }
    await program.parseAsync(words, { from: "user" });
    return finished;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const shown = error instanceof CommanderError ? usageError(error) : error;
    return reportError(shown, terminal, {
      isJson: words.includes("--json"),
      isVerbose: words.includes("--verbose"),
    });
  }
}

/** Commander's sentence without its own prefix. */
function usageError(error: CommanderError): StatewrightError {
  const [command] = words;
  const help =
    command === undefined || command.startsWith("-") ? "statewright --help" : `statewright ${command} --help`;
  const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
  return new StatewrightError("USAGE", /[.)!?]$/.test(message) ? message : `${message}.`, {
    hint: `See: ${help}`,
  });
}
