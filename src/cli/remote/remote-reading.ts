/** The reading desk over the HTTP API of a server: every list is read page by page, up to what was asked for. */
import type { TrailEntry } from "../../core/audit/trail-entry.js";
import type { IncidentFilter, InstanceFilter, ListedIncident, OperateOutcome } from "../../index.js";
import type { DefinitionSummary, InstanceSummary, PublishedDefinition, ReadingDesk } from "../desk/desk.js";
import { batchBodyOf } from "./batch-body.js";
import type { HttpClient, Query } from "./http-client.js";

const PAGE = 1_000;

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  readonly whereFault?: string;
}

export function remoteReading(client: HttpClient): ReadingDesk {
  return {
    document: (instanceId) => client.get(`/v1/instances/${encodeURIComponent(instanceId)}`),
    async trail(instanceId, { afterSeq, limit }) {
      const { items, isOver } = await client.get<Page<TrailEntry> & { readonly isOver: boolean }>(
        `/v1/instances/${encodeURIComponent(instanceId)}/audit`,
        { afterSeq, limit },
      );
      return { entries: items, isOver };
    },
    async instances(filter, limit, onFound) {
      const { items, whereFault } = await readList<InstanceSummary>(
        client,
        "/v1/instances",
        queryOf(filter),
        limit,
        onFound,
      );
      return { rows: items, ...(whereFault === undefined ? {} : { whereFault }) };
    },
    incidents: async (filter, limit) =>
      (await readList<ListedIncident>(client, "/v1/incidents", queryOf(filter), limit)).items,
    incidentGroups: async (filter) =>
      (await client.get<Page<never>>("/v1/incidents/summary", queryOf(filter))).items,
    definitions: async () =>
      (await readList<DefinitionSummary>(client, "/v1/definitions", {}, Number.POSITIVE_INFINITY)).items,
    definition: (stateMachineId, version) => {
      const path = `/v1/definitions/${encodeURIComponent(stateMachineId)}`;
      return client.get<PublishedDefinition>(version === undefined ? path : `${path}/versions/${version}`);
    },
    foresee: (request) =>
      client.post<OperateOutcome>("/v1/batches", { body: { ...batchBodyOf(request), dryRun: true } }),
  };
}

function queryOf(filter: InstanceFilter | IncidentFilter): Query {
  return { ...filter };
}

async function readList<Item>(
  client: HttpClient,
  path: string,
  query: Query,
  limit: number,
  onFound: (count: number) => void = () => {},
): Promise<{ readonly items: readonly Item[]; readonly whereFault?: string }> {
  const items: Item[] = [];
  let whereFault: string | undefined;
  let cursor: string | undefined;
  do {
    const page = await client.get<Page<Item>>(path, {
      ...query,
      limit: Math.min(PAGE, limit - items.length),
      cursor,
    });
    items.push(...page.items);
    onFound(items.length);
    whereFault ??= page.whereFault;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  return { items, ...(whereFault === undefined ? {} : { whereFault }) };
}
