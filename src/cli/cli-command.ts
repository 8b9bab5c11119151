/** What every command is made of: the options they share, their examples, and how their exit code comes back. */
import type { Command } from "commander";
import type { Environment, Terminal } from "./output/terminal.js";

/** What a command is given besides its arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** The words after `statewright`, as they were typed. */
  readonly words: readonly string[];
  /** Keeps the exit code of a command that ran: 0 done, 1 the answer is no. What is thrown has its own. */
  readonly finish: (exitCode: number) => void;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Options of the commands that work on a database. */
export interface DatabaseOptions extends CommonOptions {
  readonly db?: string;
  readonly url?: string;
  readonly token?: string;
}

export interface CommandModule {
  /** Adds arguments, options, examples and the action. */
  configure(command: Command, context: CommandContext): void;
}

export interface Example {
  readonly line: string;
  readonly says: string;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option("--json", "write exactly one JSON value to standard output")
    .option("--verbose", "show the log and, when something unexpected happens, the stack");
}

export function addDatabaseOptions(command: Command): Command {
  const db = "the database: sqlite:PATH or PATH (default: sqlite:./.statewright/statewright.db)";
  return addCommonOptions(command.option("--db <address>", db))
    .option("--url <address>", "a server to talk to instead, for example http://127.0.0.1:7400")
    .option("--token <token>", "a key or token of the server (better: STATEWRIGHT_TOKEN)");
}

export function addExamples(command: Command, examples: readonly Example[]): Command {
  const lines = examples.flatMap(({ line, says }) => [`  # ${says}`, `  $ ${line}`]);
  return command.addHelpText(
    "after",
    ["", examples.length > 1 ? "Examples:" : "Example:", ...lines].join("\n"),
  );
}
