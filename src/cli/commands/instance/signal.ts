/**
 * `signal NAME`: broadcasts a signal to every instance that waits for it, and runs what that causes until those instances
 * are settled, for 10 s at most.
 */
import type { Command } from "commander";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import { workAt } from "../../desk/open-desk.js";
import { readJsonArgument } from "../../input/json-argument.js";
import { loginName } from "../../input/login-name.js";

interface SignalOptions extends DatabaseOptions {
  readonly data?: string;
  readonly key?: string;
  readonly actor?: string;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<name>", "the signal")
    .option("--data <json>", "data that comes with it: a JSON object, or @FILE")
    .option("--key <key>", "idempotency key: the same line again acts once on each instance")
    .option("--actor <name>", "who does it, for the audit trail (default: the login name)");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright signal marketClosed", says: "to every instance that waits for it" },
    {
      line: `statewright signal rateChanged --data '{"rate":4}' --key rate-17`,
      says: "with data, once for this key",
    },
  ]);
  command.action(async (name: string, options: SignalOptions) => {
    const { data, key } = options;
    const request = {
      ...(data === undefined ? {} : { data: await readJsonArgument(data, "--data") }),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      actor: options.actor ?? loginName(),
      source: "cli",
    };
    await workAt(options, context, async (desk) => {
      const { taken, started } = await desk.signal(name, request);
      show({ signal: name, taken, started }, context, options);
      context.finish(0);
    });
  });
}

function show(
  outcome: { readonly signal: string; readonly taken: number; readonly started: readonly string[] },
  { terminal }: CommandContext,
  options: SignalOptions,
): void {
  if (options.json === true) {
    terminal.json(outcome);
    return;
  }
  const { signal, taken, started } = outcome;
  terminal.print(`${signal}  taken by ${taken} ${taken === 1 ? "instance" : "instances"}`);
  for (const instanceId of started) terminal.print(`${signal}  started ${instanceId}`);
}
