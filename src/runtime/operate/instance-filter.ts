/** Instances by filter: what they are, where they are, what is wrong with them, how long nothing has changed in them. */
import { parseInstant } from "../../core/instant.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import type {
  IncidentQuery,
  IncidentRow,
  InstanceQuery,
  InstanceRow,
  InstanceStatus,
} from "../../ports/store.js";
import { compileWhere, type Where, type WhereWorld } from "./where.js";

/** All that is named must hold. */
export interface InstanceFilter {
  readonly stateMachineId?: string;
  readonly version?: number;
  /** The current state; of several the first in document order. */
  readonly state?: string;
  readonly status?: InstanceStatus;
  /** Of an open incident. */
  readonly code?: string;
  /** Nothing has changed in it for so long. */
  readonly unchangedForMs?: number;
  /** A condition over `data`, `variables`, `state` and `instance`. */
  readonly where?: string;
}

/** The engine and a store that is only read both have it. */
export interface InstanceLists {
  readonly instances: (query: InstanceQuery) => Promise<readonly InstanceRow[]>;
  readonly load: (instanceIds: readonly string[]) => Promise<readonly (InstanceRow | undefined)[]>;
  readonly incidents: (query: IncidentQuery) => Promise<readonly IncidentRow[]>;
}

const PAGE = 500;
/** Instances that one page looks at: a condition that nothing satisfies must not read a whole database. */
const MAX_LOOKED_AT = 10_000;
/** Open incidents that are looked at for their code. */
const MAX_INCIDENTS = 100_000;

export function isFiltered(filter: InstanceFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The filter, made ready once. Throws `USAGE` for a condition that is no expression. */
export class InstanceSearch {
  readonly #where: Where | undefined;

  constructor(
    private readonly lists: InstanceLists,
    private readonly filter: InstanceFilter,
    private readonly world: WhereWorld,
  ) {
    this.#where = filter.where === undefined ? undefined : compileWhere(filter.where, world);
  }

  /** A sentence about the first instance for which the condition could not be evaluated. */
  get firstFault(): string | undefined {
    return this.#where?.firstFault;
  }

  /** By instance id, page by page. */
  async *rows(): AsyncGenerator<InstanceRow> {
    for await (const row of this.#candidates(undefined)) {
      if (this.matches(row)) yield row;
    }
  }

  /**
   * At most `limit` of them by instance id, from after an id. No more than 10,000 instances are looked at: `nextAfter` is
   * where to go on, and absent when there are none any more.
   */
  async page(request: {
    readonly limit: number;
    readonly afterInstanceId?: string;
  }): Promise<{ readonly rows: readonly InstanceRow[]; readonly nextAfter?: string }> {
    const rows: InstanceRow[] = [];
    let lookedAt = 0;
    for await (const row of this.#candidates(request.afterInstanceId)) {
      const isMatch = this.matches(row);
      const last = rows.at(-1);
      if (isMatch && rows.length === request.limit && last !== undefined) {
        return { rows, nextAfter: last.instanceId };
      }
      if (isMatch) rows.push(row);
      lookedAt += 1;
      if (lookedAt === MAX_LOOKED_AT) return { rows, nextAfter: row.instanceId };
    }
    return { rows };
  }

  #candidates(after: string | undefined): AsyncGenerator<InstanceRow> {
    return this.filter.code === undefined ? this.#all(after) : this.#withIncidents(after);
  }

  async *#all(afterInstanceId: string | undefined): AsyncGenerator<InstanceRow> {
    const { stateMachineId, status, state } = this.filter;
    let after = afterInstanceId;
    for (;;) {
      const page = await this.lists.instances({
        ...(stateMachineId === undefined ? {} : { stateMachineId }),
        ...(status === undefined ? {} : { status }),
        ...(state === undefined ? {} : { currentState: state }),
        limit: PAGE,
        ...(after === undefined ? {} : { afterInstanceId: after }),
      });
      yield* page;
      after = page.at(-1)?.instanceId;
      if (page.length < PAGE) return;
    }
  }

  /** From the open incidents, which are few, not from all instances. */
  async *#withIncidents(after: string | undefined): AsyncGenerator<InstanceRow> {
    const open = await this.lists.incidents({ isOpen: true, limit: MAX_INCIDENTS });
    const meant = open.filter(({ code }) => code === this.filter.code);
    const ids = [...new Set(meant.map(({ instanceId }) => instanceId))]
      .sort()
      .filter((id) => after === undefined || id > after);
    for (let at = 0; at < ids.length; at += PAGE) {
      for (const row of await this.lists.load(ids.slice(at, at + PAGE))) if (row !== undefined) yield row;
    }
  }

  /** Whether the filter means an instance as it is. */
  matches(row: InstanceRow): boolean {
    const { stateMachineId, version, state, status, code, unchangedForMs } = this.filter;
    return (
      (stateMachineId === undefined || row.stateMachineId === stateMachineId) &&
      (version === undefined || row.version === version) &&
      (state === undefined || row.currentState === state) &&
      (status === undefined || row.status === status) &&
      (unchangedForMs === undefined ||
        this.world.nowMs - (parseInstant(row.updatedAt) ?? 0) >= unchangedForMs) &&
      (code === undefined || hasIncident(row, code)) &&
      this.#where?.matches(row) !== false
    );
  }
}

function hasIncident(row: InstanceRow, code: string): boolean {
  return (JSON.parse(row.snapshot) as Snapshot).incidents.some((incident) => incident.code === code);
}
