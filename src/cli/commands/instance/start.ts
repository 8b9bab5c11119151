/** `start MACHINE`: starts an instance and runs what that causes until the instance is settled. */
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
import { parseMachineName } from "../../input/machine-name.js";
import { parseTimeout, showAnswer } from "../../owner/settle.js";

interface StartOptions extends DatabaseOptions {
  readonly data?: string;
  readonly variables?: string;
  readonly instance?: string;
  readonly key?: string;
  readonly actor?: string;
  readonly timeout: string;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<machine>", "a published state machine: ID for its newest version, or ID@VERSION")
    .option("--data <json>", "data to start with: a JSON object, or @FILE")
    .option("--variables <json>", "variables to start with: a JSON object, or @FILE")
    .option("--instance <id>", "the id of the instance (default: a new one)")
    .option("--key <key>", "idempotency key: the same line again gets the first answer")
    .option("--actor <name>", "who does it, for the audit trail (default: the login name)")
    .option("--timeout <duration>", "how long to wait until it is settled, in ISO 8601", "PT30S");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: `statewright start order --data '{"orderId":"o-1"}' --instance o-1`, says: "the newest version" },
    {
      line: "statewright start order@2 --data @order.json --key mail-17",
      says: "a version, once for this key",
    },
  ]);
  command.action(async (machine: string, options: StartOptions) => {
    const { stateMachineId, version } = parseMachineName(machine);
    const timeoutMs = parseTimeout(options.timeout);
    const { data, variables, instance, key } = options;
    const request = {
      ...(version === undefined ? {} : { version }),
      ...(data === undefined ? {} : { data: await readJsonArgument(data, "--data") }),
      ...(variables === undefined ? {} : { variables: await readJsonArgument(variables, "--variables") }),
      ...(instance === undefined ? {} : { instanceId: instance }),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      actor: options.actor ?? loginName(),
      source: "cli",
    };
    await workAt(options, context, async (desk) => {
      const started = await desk.start(stateMachineId, request, timeoutMs);
      context.finish(showAnswer(started, context, options));
    });
  });
}
