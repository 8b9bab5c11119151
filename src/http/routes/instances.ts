/** Starting instances, finding them, reading them. */
import { isOver } from "../../core/settled.js";
import type { InstanceFilter, InstanceRow } from "../../index.js";
import {
  INSTANCE,
  INSTANCE_LIST_QUERY,
  INSTANCE_PAGE,
  INSTANCE_PARAMS,
  KEY_HEADERS,
  PAGE_QUERY,
  START_BODY,
  STARTED,
  TRAIL_PAGE,
  TRAIL_QUERY,
  VISIT_PAGE,
  WAIT_QUERY,
} from "../contract/instance-schemas.js";
import { TEXT } from "../contract/schema-parts.js";
import { pageOf, readCursor, USUAL_LIMIT, writeCursor } from "../request/cursor.js";
import { DEFAULT_WAIT_MS, etagOf, keyOf } from "../request/request-facts.js";
import type { Call, Reply, Route } from "../route.js";

interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

export const INSTANCE_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/v1/instances",
    operationId: "startInstance",
    tag: "instances",
    summary: "Start an instance of a published state machine.",
    needs: "start",
    query: WAIT_QUERY,
    headers: KEY_HEADERS,
    body: { schema: START_BODY },
    answers: {
      201: { description: "It has started.", schema: STARTED, headers: { Location: TEXT, ETag: TEXT } },
    },
    errors: [
      "DEFINITION_UNKNOWN",
      "INSTANCE_EXISTS",
      "IDEMPOTENCY_MISMATCH",
      "VALIDATION_FAILED",
      "EXPRESSION_ERROR",
      "WAIT_TIMEOUT",
    ],
    handle: start,
  },
  {
    method: "GET",
    path: "/v1/instances",
    operationId: "listInstances",
    tag: "instances",
    summary: "List instances by id.",
    needs: "read",
    query: INSTANCE_LIST_QUERY,
    answers: { 200: { description: "A page.", schema: INSTANCE_PAGE } },
    errors: ["USAGE"],
    handle: list,
  },
  {
    method: "GET",
    path: "/v1/instances/:instanceId",
    operationId: "getInstance",
    tag: "instances",
    summary: "An instance as a document.",
    needs: "read",
    params: INSTANCE_PARAMS,
    answers: { 200: { description: "The instance.", schema: INSTANCE, headers: { ETag: TEXT } } },
    errors: ["INSTANCE_UNKNOWN", "STORE_DAMAGED"],
    handle: async ({ engine, params: { instanceId = "" } }) => {
      const document = await engine.get(instanceId);
      return { status: 200, body: document, headers: { ETag: etagOf(document.seq) } };
    },
  },
  {
    method: "GET",
    path: "/v1/instances/:instanceId/history",
    operationId: "getHistory",
    tag: "instances",
    summary: "The states that an instance has been in, in order.",
    needs: "read",
    params: INSTANCE_PARAMS,
    query: PAGE_QUERY,
    answers: { 200: { description: "A page of visits.", schema: VISIT_PAGE } },
    errors: ["INSTANCE_UNKNOWN", "STORE_DAMAGED"],
    handle: history,
  },
  {
    method: "GET",
    path: "/v1/instances/:instanceId/audit",
    operationId: "getAudit",
    tag: "instances",
    summary: "The audit trail of an instance, by seq.",
    needs: "read",
    params: INSTANCE_PARAMS,
    query: TRAIL_QUERY,
    answers: { 200: { description: "A page of entries.", schema: TRAIL_PAGE } },
    errors: ["INSTANCE_UNKNOWN", "STORE_DAMAGED"],
    handle: audit,
  },
];

async function start({ engine, principal, allow, query, headers, body }: Call): Promise<Reply> {
  const { stateMachineId, ...request } = body as {
    stateMachineId: string;
    version?: number;
    instanceId?: string;
    data?: Record<string, never>;
    variables?: Record<string, never>;
  };
  allow({ act: "start", stateMachineId });
  const started = await engine.start(stateMachineId, {
    ...request,
    ...keyOf(headers),
    actor: principal.actor,
    source: principal.source ?? "http",
  });
  const { instanceId, isRepeated } = started;
  const { wait, timeoutMs = DEFAULT_WAIT_MS } = query as { wait?: "settled"; timeoutMs?: number };
  if (wait !== undefined) await engine.waitFor(instanceId, { settled: true, timeoutMs });
  const document = await engine.get(instanceId);
  const to = started.answer.outcome === "started" ? started.answer.to : document.currentState;
  return {
    status: 201,
    body: { ...document, outcome: "started", to, isRepeated },
    headers: { Location: `/v1/instances/${encodeURIComponent(instanceId)}`, ETag: etagOf(document.seq) },
  };
}

async function list({ engine, query }: Call): Promise<Reply> {
  const { limit = USUAL_LIMIT, cursor, ...filter } = query as PageQuery & InstanceFilter;
  const search = engine.operators.search(filter);
  const [afterInstanceId] = cursor === undefined ? [] : readCursor(cursor, ["string"]);
  const { rows, nextAfter } = await search.page({
    limit,
    ...(afterInstanceId === undefined ? {} : { afterInstanceId }),
  });
  const { firstFault } = search;
  const body = {
    items: rows.map(summaryOf),
    nextCursor: nextAfter === undefined ? null : writeCursor([nextAfter]),
    ...(firstFault === undefined ? {} : { whereFault: firstFault }),
  };
  return { status: 200, body };
}

function summaryOf({
  partition: _,
  snapshot: __,
  ...row
}: InstanceRow): Omit<InstanceRow, "partition" | "snapshot"> {
  return row;
}

async function history({ engine, params: { instanceId = "" }, query }: Call): Promise<Reply> {
  const { limit = USUAL_LIMIT, cursor } = query as PageQuery;
  const [after] = cursor === undefined ? [-1] : readCursor(cursor, ["number"]);
  const visits = (await engine.history(instanceId))
    .filter(({ ordinal }) => ordinal > after)
    .toSorted((one, other) => one.ordinal - other.ordinal);
  return { status: 200, body: pageOf(visits, limit, ({ ordinal }) => [ordinal]) };
}

async function audit({ engine, params: { instanceId = "" }, query }: Call): Promise<Reply> {
  const { limit = USUAL_LIMIT, cursor, afterSeq = 0 } = query as PageQuery & { afterSeq?: number };
  const [after] = cursor === undefined ? [afterSeq] : readCursor(cursor, ["number"]);
  // The snapshot is read first: what it says has ended has its last entry in the trail already.
  const snapshot = await engine.snapshot(instanceId);
  const entries = await engine.reader.trail(instanceId, { afterSeq: after, limit: limit + 1 });
  const page = pageOf(entries, limit, ({ entry }) => [Number(entry.seq)]);
  return {
    status: 200,
    body: { ...page, isOver: page.nextCursor === null && snapshot !== undefined && isOver(snapshot) },
  };
}
