/**
 * What `cancel`, `suspend`, `resume`, `retry` and `skip` share: which instances are meant, the dry run, the work itself
 * and its results.
 *
 * 1. Nothing is done without ids or a filter, and at most 1,000 instances at a time.
 * 2. A filter means only instances that the act concerns; an id that it does not concern is refused.
 * 3. One that is refused does not keep the others from being done; the exit code is 1 then.
 * 4. The command ends when what it caused is settled, after 10 s at the latest.
 */

import type { Command } from "commander";
import { currentStates } from "../../../core/current-states.js";
import { StatewrightError } from "../../../core/errors.js";
import type { Snapshot } from "../../../core/model/snapshot.js";
import type { Engine, IncidentRequest, InstanceRow } from "../../../index.js";
import { addDatabaseOptions, type CommandContext, type DatabaseOptions } from "../../cli-command.js";
import {
  addFilterOptions,
  type FilterOptions,
  type InstanceLists,
  isFiltered,
  matchingInstances,
} from "../../input/instance-filter.js";
import { loginName } from "../../input/login-name.js";
import { withReader } from "../../open-store.js";
import { statusText } from "../../output/instance-text.js";
import { type ErrorReport, exitCodeOf, reportOf } from "../../output/report-error.js";
import { SlowProgress } from "../../output/slow-progress.js";
import { renderTable } from "../../output/table.js";
import { awaitSettled } from "../../owner/settle.js";
import { withEngine } from "../../owner/with-engine.js";
import { usageError } from "../../usage-error.js";

const MAX_INSTANCES = 1000;

export interface Act {
  readonly name: "cancel" | "suspend" | "resume" | "retry" | "skip";
  /** Whether it means anything for such an instance. */
  readonly concerns: (snapshot: Snapshot) => boolean;
  /** Why it means nothing for one that it does not concern. */
  readonly otherwise: string;
  readonly perform: (engine: Engine, instanceId: string, request: IncidentRequest) => Promise<unknown>;
}

interface OperateOptions extends DatabaseOptions, FilterOptions {
  readonly reason?: string;
  readonly incident?: string;
  readonly dryRun?: boolean;
  readonly actor?: string;
}

interface OperateResult {
  readonly instanceId: string;
  /** `would`: a dry run. */
  readonly outcome: "done" | "would" | "refused";
  /** As it is afterwards. */
  readonly status?: InstanceRow["status"];
  readonly currentState?: string;
  readonly error?: ErrorReport;
}

interface Meant {
  readonly ids: readonly string[];
  readonly isMore: boolean;
}

/** Adds what the acts share; the options of its own and the examples are the caller's. */
export function configureAct(command: Command, context: CommandContext, act: Act): void {
  command.argument("[ids...]", "ids of instances; without any, a filter says which");
  addFilterOptions(command)
    .option("--dry-run", "name what would be done, and do nothing")
    .option("--actor <name>", "who does it, for the audit trail (default: the login name)");
  addDatabaseOptions(command);
  command.action(async (ids: string[], options: OperateOptions) => {
    checkWhich(ids, options, act);
    const { results, isMore } =
      options.dryRun === true
        ? await dryRun(ids, options, context, act)
        : await perform(ids, options, context, act);
    show(results, context, options);
    if (isMore) {
      context.terminal.note(`These are the first ${MAX_INSTANCES}; there are more. Give the line again.`);
    }
    context.finish(results.some(({ outcome }) => outcome === "refused") ? 1 : 0);
  });
}

function checkWhich(ids: readonly string[], options: OperateOptions, act: Act): void {
  if (ids.length > 0 && isFiltered(options)) {
    throw usageError(
      "Ids and a filter are given.",
      "Give either ids, or --machine, --state, --status, --code.",
    );
  }
  if (ids.length === 0 && !isFiltered(options)) {
    throw usageError(
      `It is not said which instances to ${act.name}.`,
      "Give ids, or a filter: --machine, --state, --status, --code.",
    );
  }
  if (ids.length > MAX_INSTANCES) {
    throw usageError(`${ids.length} instances are named.`, `Give at most ${MAX_INSTANCES} at a time.`);
  }
  if (options.incident !== undefined && ids.length !== 1) {
    throw usageError("--incident goes with one instance.", "Give the one id that the incident belongs to.");
  }
}

async function meantInstances(
  lists: InstanceLists,
  ids: readonly string[],
  options: OperateOptions,
  act: Act,
): Promise<Meant> {
  if (ids.length > 0) return { ids: [...new Set(ids)], isMore: false };
  const meant: string[] = [];
  for await (const row of matchingInstances(lists, options)) {
    if (!act.concerns(JSON.parse(row.snapshot) as Snapshot)) continue;
    if (meant.length === MAX_INSTANCES) return { ids: meant, isMore: true };
    meant.push(row.instanceId);
  }
  return { ids: meant, isMore: false };
}

async function dryRun(
  ids: readonly string[],
  options: OperateOptions,
  context: CommandContext,
  act: Act,
): Promise<{ readonly results: OperateResult[]; readonly isMore: boolean }> {
  return withReader(options, context, async ({ store }) => {
    const lists: InstanceLists = {
      instances: (query) => store.listInstances(query),
      incidents: (query) => store.listIncidents(query),
    };
    const meant = await meantInstances(lists, ids, options, act);
    const rows = await store.loadInstances(meant.ids);
    const results = meant.ids.map((instanceId, index) => foreseen(instanceId, rows[index], options, act));
    return { results, isMore: meant.isMore };
  });
}

function foreseen(
  instanceId: string,
  row: InstanceRow | undefined,
  options: OperateOptions,
  act: Act,
): OperateResult {
  if (row === undefined) {
    const error = new StatewrightError("INSTANCE_UNKNOWN", `There is no instance "${instanceId}".`);
    return { instanceId, outcome: "refused", error: reportOf(error) };
  }
  const { status, currentState } = row;
  const snapshot = JSON.parse(row.snapshot) as Snapshot;
  const hasIncident =
    options.incident === undefined ||
    snapshot.incidents.some(({ incidentId }) => incidentId === options.incident);
  if (act.concerns(snapshot) && hasIncident) return { instanceId, outcome: "would", status, currentState };
  const message = hasIncident
    ? `Instance "${instanceId}" ${act.otherwise}.`
    : `Instance "${instanceId}" has no open incident "${options.incident}".`;
  return {
    instanceId,
    outcome: "refused",
    status,
    currentState,
    error: reportOf(new StatewrightError("NOT_ENABLED", message)),
  };
}

function perform(
  ids: readonly string[],
  options: OperateOptions,
  context: CommandContext,
  act: Act,
): Promise<{ readonly results: OperateResult[]; readonly isMore: boolean }> {
  const request: IncidentRequest = {
    reason: options.reason ?? "",
    actor: options.actor ?? loginName(),
    source: "cli",
    ...(options.incident === undefined ? {} : { incidentId: options.incident }),
  };
  return withEngine(options, context, async (engine) => {
    const lists: InstanceLists = {
      instances: (query) => engine.list(query),
      incidents: (query) => engine.incidents(query),
    };
    const meant = await meantInstances(lists, ids, options, act);
    const progress = new SlowProgress(context.terminal, act.name, meant.ids.length);
    const refusals = new Map<string, ErrorReport>();
    for (const [index, instanceId] of meant.ids.entries()) {
      try {
        await act.perform(engine, instanceId, request);
      } catch (error) {
        // A store that is lost is no answer of an instance: nothing more can be done then.
        if (exitCodeOf(error) !== 1) throw error;
        refusals.set(instanceId, reportOf(error));
      }
      progress.tick(index + 1);
    }
    const done = meant.ids.filter((id) => !refusals.has(id));
    await awaitSettled(engine, done);
    const results = await Promise.all(meant.ids.map((id) => resultOf(engine, id, refusals.get(id))));
    return { results, isMore: meant.isMore };
  });
}

async function resultOf(
  engine: Engine,
  instanceId: string,
  error: ErrorReport | undefined,
): Promise<OperateResult> {
  const snapshot = await engine.snapshot(instanceId);
  return {
    instanceId,
    outcome: error === undefined ? "done" : "refused",
    ...(snapshot === undefined
      ? {}
      : { status: snapshot.status, currentState: currentStates(snapshot)[0] ?? "" }),
    ...(error === undefined ? {} : { error }),
  };
}

function show(
  results: readonly OperateResult[],
  { terminal }: CommandContext,
  options: OperateOptions,
): void {
  if (options.json === true) {
    terminal.json({ dryRun: options.dryRun === true, results });
    return;
  }
  if (results.length === 0) {
    terminal.print("No instances.");
    return;
  }
  const rows = results.map(({ instanceId, outcome, status, currentState, error }) => [
    instanceId,
    outcome === "refused"
      ? terminal.out.red(outcome)
      : terminal.out.green(outcome === "would" ? "would be" : outcome),
    currentState ?? "",
    status === undefined ? "" : statusText(status, terminal.out),
    error?.message ?? "",
  ]);
  terminal.print(renderTable(["Instance", "Outcome", "State", "Status", "Why"], rows, terminal));
}
