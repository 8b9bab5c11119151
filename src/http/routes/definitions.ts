/** Publishing definitions, and what is published. */
import { diffDefinitions } from "../../core/definition/diff-definitions.js";
import type { JsonObject } from "../../core/json/json.js";
import type { DefinitionRow } from "../../index.js";
import {
  DEFINITION,
  DEFINITION_DIFF,
  DEFINITION_DIFF_QUERY,
  DEFINITION_LIST_QUERY,
  DEFINITION_PAGE,
  DEFINITION_PARAMS,
  DEFINITION_VERSION_PARAMS,
  PUBLISH_QUERY,
  PUBLISHED,
} from "../contract/definition-schemas.js";
import { ANY_OBJECT, described } from "../contract/schema-parts.js";
import { pageOf, readCursor, USUAL_LIMIT } from "../request/cursor.js";
import type { Call, Reply, Route } from "../route.js";

export const DEFINITION_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/v1/definitions",
    operationId: "publishDefinition",
    tag: "definitions",
    summary: "Publish a version of a definition, in canonical or short form.",
    description: "The places of findings are those of the text that was sent.",
    needs: "publish",
    query: PUBLISH_QUERY,
    body: { schema: described("The definition.", ANY_OBJECT), form: "text" },
    answers: {
      201: { description: "It is published.", schema: PUBLISHED },
      200: { description: "The same content was there already.", schema: PUBLISHED },
    },
    errors: ["VERSION_EXISTS", "DEFINITION_INVALID"],
    handle: publish,
  },
  {
    method: "GET",
    path: "/v1/definitions",
    operationId: "listDefinitions",
    tag: "definitions",
    summary: "List what is published, by state machine, then version.",
    needs: "read",
    query: DEFINITION_LIST_QUERY,
    answers: { 200: { description: "A page.", schema: DEFINITION_PAGE } },
    errors: [],
    handle: list,
  },
  {
    method: "GET",
    path: "/v1/definitions/:stateMachineId",
    operationId: "getDefinition",
    tag: "definitions",
    summary: "The newest version of a state machine.",
    needs: "read",
    params: DEFINITION_PARAMS,
    answers: { 200: { description: "The version with its content.", schema: DEFINITION } },
    errors: ["DEFINITION_UNKNOWN"],
    handle: show,
  },
  {
    method: "GET",
    path: "/v1/definitions/:stateMachineId/versions/:version",
    operationId: "getDefinitionVersion",
    tag: "definitions",
    summary: "One version of a state machine.",
    needs: "read",
    params: DEFINITION_VERSION_PARAMS,
    answers: { 200: { description: "The version with its content.", schema: DEFINITION } },
    errors: ["DEFINITION_UNKNOWN"],
    handle: show,
  },
  {
    method: "GET",
    path: "/v1/definitions/:stateMachineId/diff",
    operationId: "diffDefinition",
    tag: "definitions",
    summary: "What changed between two versions, in words.",
    needs: "read",
    params: DEFINITION_PARAMS,
    query: DEFINITION_DIFF_QUERY,
    answers: {
      200: { description: "The differences; none when both mean the same.", schema: DEFINITION_DIFF },
    },
    errors: ["DEFINITION_UNKNOWN"],
    handle: diff,
  },
];

async function publish({ engine, principal, query, body }: Call): Promise<Reply> {
  const { note } = query as { note?: string };
  const published = await engine.publish(String(body ?? ""), {
    author: principal.actor,
    ...(note === undefined ? {} : { note }),
  });
  return { status: published.outcome === "published" ? 201 : 200, body: published };
}

async function list({ engine, query }: Call): Promise<Reply> {
  const {
    stateMachineId,
    limit = USUAL_LIMIT,
    cursor,
  } = query as {
    stateMachineId?: string;
    limit?: number;
    cursor?: string;
  };
  const [afterId, afterVersion] = cursor === undefined ? ["", 0] : readCursor(cursor, ["string", "number"]);
  const rows = (await engine.reader.definitions())
    .filter((row) => stateMachineId === undefined || row.stateMachineId === stateMachineId)
    .filter(
      (row) =>
        isAfter(row.stateMachineId, afterId) ||
        (row.stateMachineId === afterId && row.version > afterVersion),
    );
  const page = pageOf(rows, limit, (row) => [row.stateMachineId, row.version]);
  return { status: 200, body: { ...page, items: page.items.map(summaryOf) } };
}

async function show({ engine, params }: Call): Promise<Reply> {
  const { stateMachineId = "", version } = params;
  const row = await engine.reader.definition(
    stateMachineId,
    version === undefined ? undefined : Number(version),
  );
  return { status: 200, body: { ...summaryOf(row), definition: JSON.parse(row.text) as JsonObject } };
}

async function diff({ engine, params, query }: Call): Promise<Reply> {
  const { stateMachineId = "" } = params;
  const { from, to } = query as { from: number; to: number };
  const [before, after] = await Promise.all([
    engine.reader.definition(stateMachineId, from),
    engine.reader.definition(stateMachineId, to),
  ]);
  const changes = diffDefinitions(
    JSON.parse(before.text) as JsonObject,
    JSON.parse(after.text) as JsonObject,
  );
  return { status: 200, body: { from: `${stateMachineId}@${from}`, to: `${stateMachineId}@${to}`, changes } };
}

function summaryOf({ text: _, ...row }: DefinitionRow): Omit<DefinitionRow, "text"> {
  return row;
}

/** By code point, as the stores order. */
function isAfter(text: string, other: string): boolean {
  return Buffer.compare(Buffer.from(text), Buffer.from(other)) > 0;
}
