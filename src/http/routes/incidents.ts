/** What somebody has to look at, and what is done about one of them. */
import { StatewrightError } from "../../core/errors.js";
import type { IncidentFilter } from "../../index.js";
import {
  ACT_ANSWER,
  INCIDENT_LIST_QUERY,
  INCIDENT_PAGE,
  INCIDENT_PARAMS,
  INCIDENT_SUMMARY,
  INCIDENT_SUMMARY_QUERY,
  REASON_BODY,
  SET_BODY,
} from "../contract/incident-schemas.js";
import { KEY_HEADERS, WAIT_QUERY } from "../contract/instance-schemas.js";
import { TEXT } from "../contract/schema-parts.js";
import { pageOf, readCursor, USUAL_LIMIT } from "../request/cursor.js";
import type { Call, Reply, Route } from "../route.js";
import { answerAct } from "./acts.js";

export const INCIDENT_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/v1/incidents",
    operationId: "listIncidents",
    tag: "incidents",
    summary: "List open incidents by the time of opening.",
    needs: "read",
    query: INCIDENT_LIST_QUERY,
    answers: { 200: { description: "A page.", schema: INCIDENT_PAGE } },
    errors: [],
    handle: list,
  },
  {
    method: "GET",
    path: "/v1/incidents/summary",
    operationId: "summarizeIncidents",
    tag: "incidents",
    summary: "How many incidents there are of each code in each place.",
    needs: "read",
    query: INCIDENT_SUMMARY_QUERY,
    answers: { 200: { description: "The largest group first.", schema: INCIDENT_SUMMARY } },
    errors: [],
    handle: async ({ engine, query }) => ({
      status: 200,
      body: { items: await engine.incidentGroups(query as IncidentFilter), nextCursor: null },
    }),
  },
  actRoute("retry", "Do again what an incident is about."),
  actRoute("skip", "Go on as if what an incident is about had been done."),
  actRoute("resolve", "Correct the data that an incident is about, so that the instance looks at it again."),
];

function actRoute(verb: "retry" | "skip" | "resolve", summary: string): Route {
  return {
    method: "POST",
    path: `/v1/incidents/:incidentId/${verb}`,
    operationId: `${verb}Incident`,
    tag: "incidents",
    summary,
    needs: "operate",
    params: INCIDENT_PARAMS,
    query: WAIT_QUERY,
    headers: KEY_HEADERS,
    body: { schema: verb === "resolve" ? SET_BODY : REASON_BODY, isOptional: verb !== "resolve" },
    answers: { 200: { description: "It is done.", schema: ACT_ANSWER, headers: { ETag: TEXT } } },
    errors: [
      "INCIDENT_UNKNOWN",
      "INSTANCE_ENDED",
      "NOT_ENABLED",
      "IDEMPOTENCY_MISMATCH",
      "VALIDATION_FAILED",
      "IMMUTABLE",
      "WAIT_TIMEOUT",
      "STORE_DAMAGED",
    ],
    handle: async (call) => {
      const { incidentId = "" } = call.params;
      const instanceId = await instanceOf(call, incidentId);
      const body = call.body as { reason?: string };
      if (verb === "resolve") return answerAct(call, instanceId, "set", body);
      return answerAct(call, instanceId, verb, { ...body, incidentId });
    },
  };
}

async function list({ engine, query }: Call): Promise<Reply> {
  const {
    limit = USUAL_LIMIT,
    cursor,
    ...filter
  } = query as IncidentFilter & { limit?: number; cursor?: string };
  const after = cursor === undefined ? undefined : readCursor(cursor, ["string", "string", "string"]);
  const [openedAt = "", instanceId = "", incidentId = ""] = after ?? [];
  const found = await engine.operators.incidents(
    filter,
    limit + 1,
    after === undefined ? undefined : { openedAt, instanceId, incidentId },
  );
  return {
    status: 200,
    body: pageOf(found, limit, (incident) => [incident.openedAt, incident.instanceId, incident.incidentId]),
  };
}

/** The instance's id stands in the incident's. Throws `INCIDENT_UNKNOWN`, also for one that was closed long ago. */
async function instanceOf({ engine }: Call, incidentId: string): Promise<string> {
  const instanceId = incidentId.slice(0, Math.max(0, incidentId.lastIndexOf("/")));
  const incidents = instanceId === "" ? [] : await engine.incidents({ instanceId, limit: 100_000 });
  if (incidents.some((incident) => incident.incidentId === incidentId)) return instanceId;
  throw new StatewrightError("INCIDENT_UNKNOWN", `There is no incident "${incidentId}".`, {
    hint: "See what there is: GET /v1/incidents.",
  });
}
