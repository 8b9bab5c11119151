/**
 * The command line as a commander program.
 *
 * 1. Only the command that the line names is loaded; the others are known by name and summary.
 * 2. Nothing here ends the process: commander's exits are thrown.
 */
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { CATALOGUE } from "./catalogue.js";
import { addExamples, type CommandContext } from "./cli-command.js";

/** Commands whose answer is about all the others. */
const DESCRIBES_ALL: ReadonlySet<string> = new Set(["help", "completion"]);

/** `load: "all"` describes every command in full, for help and for documentation tests. */
export async function buildProgram(
  context: CommandContext,
  options: { readonly load: "all" | "named" },
): Promise<Command> {
  const program = new Command("statewright")
    .description("Durable state machines described in one JSON file.")
    .version(await readVersion(), "--version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.print(text.replace(/\n$/, "")),
      writeErr: (text) => context.terminal.note(text.replace(/\n$/, "")),
      // Errors are written in one place, in one style.
      outputError: () => {},
    });
  addExamples(program, [
    { line: "statewright run order.json --event submit", says: "start an instance and send it an event" },
  ]);
  const [named] = context.words;
  for (const entry of CATALOGUE) {
    const command = program
      .command(entry.name)
      .description(entry.summary)
      .helpOption("-h, --help", "show help");
    if (options.load === "all" || named === entry.name || DESCRIBES_ALL.has(named ?? "")) {
      (await entry.load()).configure(command, context);
    }
  }
  return program;
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
