/**
 * What operators' commands share: which instances are meant, the dry run, the work itself and its results.
 *
 * 1. Nothing is done without ids or a filter, and at most 1,000 instances at a time.
 * 2. A filter means only instances that the act concerns; an id that it does not concern is refused.
 * 3. One that is refused does not keep the others from being done; the exit code is 1 then.
 * 4. The command ends when what it caused is settled, after 10 s at the latest. A dry run works beside a running engine.
 */

import type { Command } from "commander";
import type {
  InstanceFilter,
  OperateAllRequest,
  OperateOutcome,
  OperateResult,
  OperatorRequest,
} from "../../../index.js";
import { addDatabaseOptions, type CommandContext, type DatabaseOptions } from "../../cli-command.js";
import { readAt, workAt } from "../../desk/open-desk.js";
import { addFilterOptions, type FilterOptions, filterOf } from "../../input/instance-filter.js";
import { loginName } from "../../input/login-name.js";
import { statusText } from "../../output/instance-text.js";
import { SlowProgress } from "../../output/slow-progress.js";
import { renderTable } from "../../output/table.js";
import { usageError } from "../../usage-error.js";

/** As in the library, which is loaded only when there is something to do. */
const MAX_INSTANCES = 1000;

export interface OperateOptions extends DatabaseOptions, FilterOptions {
  readonly reason?: string;
  readonly incident?: string;
  readonly dryRun?: boolean;
  readonly actor?: string;
}

export type ActName = OperatorRequest["act"];

/** What to do, to which instances: ids or a filter. */
export interface Order {
  readonly request: OperatorRequest;
  readonly ids: readonly string[];
  readonly filter: InstanceFilter;
}

/** Adds what the acts share; the options of its own and the examples are the caller's. */
export function configureAct(
  command: Command,
  context: CommandContext,
  name: Exclude<ActName, "set" | "migrate">,
): void {
  command.argument("[ids...]", "ids of instances; without any, a filter says which");
  addFilterOptions(command);
  addOperateOptions(command);
  command.action(async (ids: string[], options: OperateOptions) => {
    const { incident } = options;
    const request: OperatorRequest =
      name === "retry" || name === "skip"
        ? { act: name, ...(incident === undefined ? {} : { incidentId: incident }) }
        : { act: name };
    await carryOut({ request, ids, filter: filterOf(options) }, options, context);
  });
}

/** What every act has. */
export function addOperateOptions(command: Command): void {
  command
    .option("--dry-run", "name what would be done to each, and do nothing")
    .option("--actor <name>", "who does it, for the audit trail (default: the login name)");
  addDatabaseOptions(command);
}

/** Does it, or says what would be done, and shows a result for each. Throws `USAGE` and what the engine says. */
export async function carryOut(
  order: Order,
  options: OperateOptions,
  context: CommandContext,
): Promise<void> {
  checkWhich(order, options);
  const { request, ids, filter } = order;
  const asked: OperateAllRequest = {
    ...request,
    ...(ids.length > 0 ? { instanceIds: ids } : { filter }),
    reason: options.reason ?? "",
    actor: options.actor ?? loginName(),
    source: "cli",
    dryRun: options.dryRun === true,
  };
  const outcome =
    asked.dryRun === true
      ? await readAt(options, context, (desk) => desk.foresee(asked))
      : await perform(asked, options, context);
  show(outcome, context, options);
  if (outcome.whereFault !== undefined) context.terminal.note(outcome.whereFault);
  if (outcome.isMore) {
    context.terminal.note(`These are the first ${MAX_INSTANCES}; there are more. Give the line again.`);
  }
  context.finish(outcome.results.some((result) => result.outcome === "refused") ? 1 : 0);
}

function checkWhich({ request, ids, filter }: Order, options: OperateOptions): void {
  const isFiltered = Object.keys(filter).length > (request.act === "migrate" ? 2 : 0);
  if (ids.length > 0 && isFiltered) {
    throw usageError(
      "Ids and a filter are given.",
      "Give either ids, or --machine, --state, --status, --code.",
    );
  }
  if (ids.length === 0 && Object.keys(filter).length === 0) {
    throw usageError(
      `It is not said which instances to ${request.act}.`,
      "Give ids, or a filter: --machine, --state, --status, --code, --older-than, --where.",
    );
  }
  if (options.incident !== undefined && ids.length !== 1) {
    throw usageError("--incident goes with one instance.", "Give the one id that the incident belongs to.");
  }
}

function perform(
  asked: OperateAllRequest,
  options: OperateOptions,
  context: CommandContext,
): Promise<OperateOutcome> {
  let progress: SlowProgress | undefined;
  return workAt(options, context, (desk) =>
    desk.operate(asked, (done, total) => {
      progress ??= new SlowProgress(context.terminal, asked.act, total);
      progress.tick(done);
    }),
  );
}

function show(
  { results, dryRun: isDryRun }: OperateOutcome,
  { terminal }: CommandContext,
  options: OperateOptions,
): void {
  if (options.json === true) {
    terminal.json({ dryRun: isDryRun, results });
    return;
  }
  if (results.length === 0) {
    terminal.print("No instances.");
    return;
  }
  const rows = results.map(({ instanceId, outcome, status, currentState, error, foreseen }) => [
    instanceId,
    outcome === "refused"
      ? terminal.out.red(outcome)
      : terminal.out.green(outcome === "would" ? "would be" : outcome),
    currentState ?? "",
    status === undefined ? "" : statusText(status, terminal.out),
    error?.message ?? foreseenText(foreseen),
  ]);
  const last = isDryRun ? "Then, or why not" : "Why";
  terminal.print(renderTable(["Instance", "Outcome", "State", "Status", last], rows, terminal));
}

function foreseenText(foreseen: OperateResult["foreseen"]): string {
  if (foreseen === undefined) return "";
  const sends = foreseen.sends.length === 0 ? "" : `, sends ${foreseen.sends.join(", ")}`;
  return `${foreseen.status} in ${foreseen.currentState}${sends}`;
}
