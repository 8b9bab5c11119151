/** `migrate MACHINE`: moves running instances to another version of their state machine. */
import type { Command } from "commander";
import { isJsonObject, type JsonObject } from "../../../core/json/json.js";
import type { MigrationPlan } from "../../../index.js";
import { addExamples, type CommandContext } from "../../cli-command.js";
import { addFilterOptions, filterOf } from "../../input/instance-filter.js";
import { readJsonArgument } from "../../input/json-argument.js";
import { parseMachineName } from "../../input/machine-name.js";
import { usageError } from "../../usage-error.js";
import { addOperateOptions, carryOut, type OperateOptions } from "./operate-command.js";

interface MigrateOptions extends OperateOptions {
  readonly from: string;
  readonly to: string;
  readonly plan?: string;
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<machine>", "the id of the state machine")
    .argument("[ids...]", "ids of instances; without any, all on the version that the filter means")
    .requiredOption("--from <version>", "the version that is left")
    .requiredOption("--to <version>", "the version that they go on with")
    .option("--plan <file>", "where states and data have changed: a JSON file")
    .option("--reason <text>", "why, for the audit trail");
  addFilterOptions(command);
  addOperateOptions(command);
  addExamples(command, [
    {
      line: "statewright migrate order --from 1 --to 2 --dry-run",
      says: "who can be moved, and who cannot and why",
    },
    {
      line: "statewright migrate order --from 1 --to 2 --plan plan.json",
      says: "with states of other names",
    },
  ]);
  command.action(async (machine: string, ids: string[], options: MigrateOptions) => {
    if (options.machine !== undefined) {
      throw usageError("--machine is given.", "The state machine is the first word: statewright migrate ID.");
    }
    const { stateMachineId } = parseMachineName(machine);
    const from = parseVersion("--from", options.from);
    const to = parseVersion("--to", options.to);
    const plan = options.plan === undefined ? {} : await readPlan(options.plan);
    const filter = { ...filterOf(options), stateMachineId, version: from };
    await carryOut(
      { request: { act: "migrate", stateMachineId, from, to, plan }, ids, filter },
      options,
      context,
    );
  });
}

function parseVersion(option: string, text: string): number {
  const version = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(version) && version >= 1) return version;
  throw usageError(`${option} ${text} is no version.`, `Give a whole number, for example ${option} 2.`);
}

async function readPlan(path: string): Promise<MigrationPlan> {
  const plan = await readJsonArgument(path.startsWith("@") ? path : `@${path}`, "--plan");
  const faults = Object.entries(plan).flatMap(([key, value]) => planFault(key, value));
  if (faults.length === 0) return plan as MigrationPlan;
  throw usageError(
    `The plan "${path}" is not right: ${faults.join(" ")}`,
    'A plan is { "states": { "old": "new" }, "data": { "property": "template" }, "variables": {}, "unset": [] }.',
  );
}

function planFault(key: string, value: JsonObject[string]): string[] {
  switch (key) {
    case "states":
      return isJsonObject(value) && Object.values(value).every((target) => typeof target === "string")
        ? []
        : ['"states" must be an object of texts.'];
    case "data":
    case "variables":
      return isJsonObject(value) ? [] : [`"${key}" must be an object.`];
    case "unset":
      return Array.isArray(value) && value.every((each) => typeof each === "string")
        ? []
        : ['"unset" must be a list of texts.'];
    default:
      return [`"${key}" is none of its keys.`];
  }
}
