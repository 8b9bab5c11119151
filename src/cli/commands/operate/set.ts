/** `set ID…`: corrects data and variables, wherever the instance is. */
import type { Command } from "commander";
import { addExamples, type CommandContext } from "../../cli-command.js";
import { addFilterOptions, filterOf } from "../../input/instance-filter.js";
import { readJsonArgument } from "../../input/json-argument.js";
import { usageError } from "../../usage-error.js";
import { addOperateOptions, carryOut, type OperateOptions } from "./operate-command.js";

interface SetOptions extends OperateOptions {
  readonly data?: string;
  readonly variables?: string;
  readonly unset?: readonly string[];
}

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("[ids...]", "ids of instances; without any, a filter says which")
    .option("--data <json>", "properties of data and their values, as JSON or @FILE")
    .option("--variables <json>", "the same for variables")
    .option("--unset <property...>", "properties of data to take out")
    .option("--reason <text>", "why, for the audit trail");
  addFilterOptions(command);
  addOperateOptions(command);
  addExamples(command, [
    {
      line: `statewright set o-1 --data '{"address":"Main Street 1"}' --reason 'they called'`,
      says: "one instance",
    },
    {
      line: "statewright set --code VALIDATION_FAILED --machine order --unset coupon --dry-run",
      says: "by filter",
    },
  ]);
  command.action(async (ids: string[], options: SetOptions) => {
    const { data, variables, unset = [] } = options;
    if (data === undefined && variables === undefined && unset.length === 0) {
      throw usageError("It is not said what to set.", "Give --data, --variables or --unset.");
    }
    const request = {
      act: "set",
      ...(data === undefined ? {} : { data: await readJsonArgument(data, "--data") }),
      ...(variables === undefined ? {} : { variables: await readJsonArgument(variables, "--variables") }),
      unset,
    } as const;
    await carryOut({ request, ids, filter: filterOf(options) }, options, context);
  });
}
