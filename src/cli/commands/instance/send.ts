/** `send INSTANCE [EVENT]`: an event, or without one an update, and what it causes until the instance is settled. */
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
import { parseTimeout, showAnswer } from "../../owner/settle.js";
import { usageError } from "../../usage-error.js";

interface SendOptions extends DatabaseOptions {
  readonly data?: string;
  readonly variables?: string;
  readonly key?: string;
  readonly expect?: string;
  readonly actor?: string;
  readonly group?: readonly string[];
  readonly timeout: string;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<instance>", "the id of an instance")
    .argument("[event]", "the event; without one the data is added to the current state")
    .option("--data <json>", "data that comes with it: a JSON object, or @FILE")
    .option("--variables <json>", "variables that it sets: a JSON object, or @FILE")
    .option("--key <key>", "idempotency key: the same line again gets the first answer")
    .option("--expect <seq>", "only if the instance is at this seq")
    .option("--actor <name>", "who does it, for the audit trail (default: the login name)")
    .option("--group <name...>", "groups that the actor is a member of, for tasks of candidate groups")
    .option("--timeout <duration>", "how long to wait until it is settled, in ISO 8601", "PT30S");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: `statewright send o-1 submit --data '{"amount":10}'`, says: "an event with data" },
    {
      line: `statewright send o-1 --data '{"approved":true}' --expect 4`,
      says: "an update, if nothing has changed",
    },
  ]);
  command.action(async (instanceId: string, eventId: string | undefined, options: SendOptions) => {
    const timeoutMs = parseTimeout(options.timeout);
    const { data, variables, key } = options;
    const expectedSeq = parseSeq(options.expect);
    const request = {
      ...(data === undefined ? {} : { data: await readJsonArgument(data, "--data") }),
      ...(variables === undefined ? {} : { variables: await readJsonArgument(variables, "--variables") }),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      ...(expectedSeq === undefined ? {} : { expectedSeq }),
      actor: options.actor ?? loginName(),
      ...(options.group === undefined ? {} : { groups: options.group }),
      source: "cli",
    };
    await workAt(options, context, async (desk) => {
      const sent = await desk.send(instanceId, eventId, request, timeoutMs);
      context.finish(showAnswer(sent, context, options));
    });
  });
}

function parseSeq(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seq = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seq)) return seq;
  throw usageError(`--expect ${text} is not right.`, "Give a seq: the number that show names.");
}
