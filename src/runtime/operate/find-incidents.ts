/** Incidents with what somebody who looks after instances asks of them, and how many there are of each kind. */
import { parseInstant } from "../../core/instant.js";
import type { Incident } from "../../core/model/snapshot.js";
import type { IncidentRow, InstanceRow } from "../../ports/store.js";
import type { InstanceLists } from "./instance-filter.js";

/** All that is named must hold. */
export interface IncidentFilter {
  readonly instanceId?: string;
  readonly stateMachineId?: string;
  readonly version?: number;
  /** Where it happened. */
  readonly state?: string;
  readonly actionId?: string;
  readonly code?: string;
  /** Opened before this instant, in milliseconds since 1970. */
  readonly openedBeforeMs?: number;
  /** Closed ones too. */
  readonly closedToo?: boolean;
}

export interface ListedIncident extends Incident {
  readonly instanceId: string;
  readonly stateMachineId: string;
  readonly version: number;
  readonly isOpen: boolean;
}

/** Incidents of one code in one place. */
export interface IncidentGroup {
  readonly stateMachineId: string;
  readonly version: number;
  readonly state: string;
  readonly actionId?: string;
  readonly code: string;
  readonly incidents: number;
  /** In how many instances. */
  readonly instances: number;
  /** RFC 3339, in UTC. */
  readonly firstOpenedAt: string;
  readonly lastOpenedAt: string;
  /** Of the last one. */
  readonly message: string;
}

/** A place in the order of incidents. */
export type IncidentPlace = Pick<IncidentRow, "openedAt" | "instanceId" | "incidentId">;

/** Incidents that are looked at. */
const MAX_LOOKED_AT = 100_000;

/** By the time of opening, then instance, then incident. */
export async function findIncidents(
  lists: InstanceLists,
  filter: IncidentFilter,
  limit: number,
  after?: IncidentPlace,
): Promise<readonly ListedIncident[]> {
  const { instanceId, closedToo } = filter;
  const rows = await lists.incidents({
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(closedToo === true ? {} : { isOpen: true }),
    limit: MAX_LOOKED_AT,
  });
  const meant = rows.filter(
    (row) =>
      (filter.code === undefined || row.code === filter.code) && (after === undefined || isAfter(row, after)),
  );
  const found: ListedIncident[] = [];
  for (let at = 0; at < meant.length && found.length < limit; at += PAGE) {
    const page = meant.slice(at, at + PAGE);
    const instances = await lists.load(page.map((row) => row.instanceId));
    const listed = page.flatMap((row, index) => listedIncident(row, instances[index]));
    found.push(...listed.filter((incident) => matches(incident, filter)));
  }
  return found.slice(0, limit);
}

const PAGE = 500;

function listedIncident({ text, isOpen }: IncidentRow, instance: InstanceRow | undefined): ListedIncident[] {
  if (instance === undefined) return [];
  const { instanceId, stateMachineId, version } = instance;
  return [{ instanceId, stateMachineId, version, isOpen, ...(JSON.parse(text) as Incident) }];
}

function isAfter(row: IncidentRow, after: IncidentPlace): boolean {
  const order =
    compare(row.openedAt, after.openedAt) ||
    compare(row.instanceId, after.instanceId) ||
    compare(row.incidentId, after.incidentId);
  return order > 0;
}

function matches(incident: ListedIncident, filter: IncidentFilter): boolean {
  const { stateMachineId, version, state, actionId, openedBeforeMs } = filter;
  return (
    (stateMachineId === undefined || incident.stateMachineId === stateMachineId) &&
    (version === undefined || incident.version === version) &&
    (state === undefined || incident.state === state) &&
    (actionId === undefined || incident.actionId === actionId) &&
    (openedBeforeMs === undefined || (parseInstant(incident.openedAt) ?? 0) < openedBeforeMs)
  );
}

/** The largest group first; those of a size in the order in which they began. */
export function groupIncidents(incidents: readonly ListedIncident[]): readonly IncidentGroup[] {
  const groups = new Map<string, ListedIncident[]>();
  for (const incident of incidents) {
    const { stateMachineId, version, state, actionId, code } = incident;
    const key = JSON.stringify([stateMachineId, version, state, actionId ?? null, code]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [incident]);
    else group.push(incident);
  }
  return [...groups.values()]
    .flatMap(groupOf)
    .sort((one, other) => other.incidents - one.incidents || compare(one.firstOpenedAt, other.firstOpenedAt));
}

function groupOf(members: readonly ListedIncident[]): IncidentGroup[] {
  const first = members[0];
  const last = members.at(-1);
  if (first === undefined || last === undefined) return [];
  const { stateMachineId, version, state, actionId, code } = first;
  return [
    {
      stateMachineId,
      version,
      state,
      ...(actionId === undefined ? {} : { actionId }),
      code,
      incidents: members.length,
      instances: new Set(members.map(({ instanceId }) => instanceId)).size,
      firstOpenedAt: first.openedAt,
      lastOpenedAt: last.openedAt,
      message: last.message,
    },
  ];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
