/** `run FILE`: one instance in this process, durably. The line itself is driven by `run/run-instance.ts`. */
import { type Command, Option } from "commander";
import { addDatabaseOptions, addExamples, type CommandContext } from "../cli-command.js";
import { collectInto, type LineWord } from "../run/line-items.js";
import type { RunOptions } from "../run/run-options.js";

export function configure(command: Command, context: CommandContext): void {
  const items: LineWord[] = [];
  command
    .argument("<file>", "a definition in JSON; its version is published if it is new")
    .option("--instance <id>", "start the instance under this id, or go on with it")
    .option("--data <json>", "data to start with: a JSON object, or @FILE")
    .option(
      "--event <id[=json]>",
      "send an event, with ID=JSON or ID=@FILE with data; repeatable",
      collectInto(items, "--event"),
    )
    .option(
      "--update <json>",
      "add data to the current state: a JSON object, or @FILE; repeatable",
      collectInto(items, "--update"),
    )
    .addOption(
      new Option(
        "--until <moment>",
        "done: ended, or waiting with the line used up; settled: after the last item",
      )
        .choices(["settled", "done"])
        .default("done"),
    )
    .option("--timeout <duration>", "how long the whole run may take, in ISO 8601", "PT30S")
    .option("--rewrite <from=to>", "call addresses that begin with FROM at TO instead; repeatable", appendTo)
    .option("--instances <dir>", "mirror instances as JSON files into this directory")
    .option("--actor <name>", "who does it, for the audit trail (default: the login name)")
    .option("--group <name...>", "groups that the actor is a member of, for tasks of candidate groups");
  addDatabaseOptions(command);
  addExamples(command, [
    {
      line: `statewright run order.json --data '{"orderId":"o-1"}' --event submit='{"amount":10}'`,
      says: "start an instance and send it an event",
    },
    {
      line: "statewright run order.json --instance o-1 --event submit --update @approval.json",
      says: "under an id of its own: the same line again goes on where it was and repeats nothing",
    },
    {
      line: "statewright run order.json --rewrite http://example.com=http://127.0.0.1:9001",
      says: "call a server of this machine instead of the one in the definition",
    },
  ]);
  command.action(async (file: string, options: RunOptions) => {
    const { runFile } = await import("../run/run-file.js");
    context.finish(await runFile(file, options, items, context));
  });
}

function appendTo(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
