/** Instances by filter: `--machine`, `--state`, `--status`, and `--code` of their open incidents. */
import { type Command, Option } from "commander";
import type { IncidentQuery, IncidentRow, InstanceQuery, InstanceRow, InstanceStatus } from "../../index.js";

export interface FilterOptions {
  readonly machine?: string;
  readonly state?: string;
  readonly status?: InstanceStatus;
  readonly code?: string;
}

/** The engine and a read-only store both have it. */
export interface InstanceLists {
  readonly instances: (query: InstanceQuery) => Promise<readonly InstanceRow[]>;
  readonly incidents: (query: IncidentQuery) => Promise<readonly IncidentRow[]>;
}

export const STATUSES: readonly InstanceStatus[] = ["active", "suspended", "completed", "error", "cancelled"];

const PAGE = 500;
/** Open incidents that are looked at for their code. */
const MAX_INCIDENTS = 100_000;

export function addFilterOptions(command: Command): Command {
  return command
    .option("--machine <id>", "only those of this state machine")
    .option("--state <id>", "only those that are in this state")
    .addOption(new Option("--status <status>", "only those of this status").choices(STATUSES))
    .option("--code <code>", "only those with an open incident of this code");
}

export function isFiltered({ machine, state, status, code }: FilterOptions): boolean {
  return machine !== undefined || state !== undefined || status !== undefined || code !== undefined;
}

export function queryOf({ machine, state, status }: FilterOptions): Omit<InstanceQuery, "limit"> {
  return {
    ...(machine === undefined ? {} : { stateMachineId: machine }),
    ...(status === undefined ? {} : { status }),
    ...(state === undefined ? {} : { currentState: state }),
  };
}

/** By instance id, page by page. */
export async function* matchingInstances(
  lists: InstanceLists,
  filter: FilterOptions,
): AsyncGenerator<InstanceRow> {
  const withCode = filter.code === undefined ? undefined : await instancesWithCode(lists, filter.code);
  let after: string | undefined;
  for (;;) {
    const page = await lists.instances({
      ...queryOf(filter),
      limit: PAGE,
      ...(after === undefined ? {} : { afterInstanceId: after }),
    });
    for (const row of page) if (withCode?.has(row.instanceId) !== false) yield row;
    after = page.at(-1)?.instanceId;
    if (page.length < PAGE) return;
  }
}

async function instancesWithCode(lists: InstanceLists, code: string): Promise<ReadonlySet<string>> {
  const open = await lists.incidents({ isOpen: true, limit: MAX_INCIDENTS });
  return new Set(open.filter((incident) => incident.code === code).map(({ instanceId }) => instanceId));
}
