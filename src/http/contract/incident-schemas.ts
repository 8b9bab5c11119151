/** What requests and answers about incidents, acts of operators and batches look like. */
import { INSTANCE, INSTANCE_FILTER } from "./instance-schemas.js";
import {
  ANY_OBJECT,
  BOOLEAN,
  COUNT,
  CURSOR,
  closedObject,
  described,
  ID,
  INSTANT,
  LIMIT,
  listOf,
  oneOfWords,
  openObject,
  pageOf,
  STATUS,
  TEXT,
  VERSION,
  VIOLATIONS,
} from "./schema-parts.js";

const INCIDENT = openObject(
  "Incident",
  "What would be stuck, and why.",
  {
    incidentId: TEXT,
    instanceId: ID,
    stateMachineId: ID,
    version: VERSION,
    tokenId: TEXT,
    state: TEXT,
    actionId: TEXT,
    transitionId: TEXT,
    code: TEXT,
    message: TEXT,
    violations: VIOLATIONS,
    responseStatus: COUNT,
    response: described("What came back last, masked and cut.", ANY_OBJECT),
    tries: COUNT,
    severity: oneOfWords(["critical"]),
    suspends: described("Whether the instance waits for its resolution.", BOOLEAN),
    openedAt: INSTANT,
    closedAt: INSTANT,
    resolution: TEXT,
    isOpen: BOOLEAN,
  },
  [
    "incidentId",
    "instanceId",
    "stateMachineId",
    "version",
    "state",
    "code",
    "message",
    "suspends",
    "openedAt",
    "isOpen",
  ],
);

export const INCIDENT_PAGE = pageOf("IncidentPage", INCIDENT);

export const INCIDENT_SUMMARY = openObject(
  "IncidentSummary",
  "How many incidents there are of each code in each place, the most frequent first.",
  {
    items: listOf(
      openObject(
        "IncidentGroup",
        "Incidents of one code in one place.",
        {
          stateMachineId: ID,
          version: VERSION,
          state: TEXT,
          actionId: TEXT,
          code: TEXT,
          incidents: COUNT,
          instances: COUNT,
          firstOpenedAt: INSTANT,
          lastOpenedAt: INSTANT,
          message: TEXT,
        },
        ["stateMachineId", "version", "state", "code", "incidents", "instances", "message"],
      ),
    ),
    nextCursor: { type: "null" },
  },
  ["items", "nextCursor"],
);

const INCIDENT_FILTER = {
  instanceId: ID,
  stateMachineId: ID,
  version: VERSION,
  state: described("Where it happened.", ID),
  actionId: ID,
  code: ID,
  openedBeforeMs: described("Opened before this instant, in milliseconds since 1970.", COUNT),
  closedToo: described("Closed ones too.", BOOLEAN),
};

export const INCIDENT_LIST_QUERY = closedObject({ ...INCIDENT_FILTER, limit: LIMIT, cursor: CURSOR });
export const INCIDENT_SUMMARY_QUERY = closedObject(INCIDENT_FILTER);

/** An incident's id has its instance's in it. */
const INCIDENT_ID = { type: "string", minLength: 1, maxLength: 510 };
export const INCIDENT_PARAMS = closedObject({ incidentId: INCIDENT_ID }, { required: ["incidentId"] });

const REASON = { reason: described("Why, for the audit trail.", { type: "string", maxLength: 4096 }) };
const CHANGE = {
  data: described("What properties of the data become.", ANY_OBJECT),
  variables: described("What variables become.", ANY_OBJECT),
  unset: described("Properties of the data that are taken out.", listOf(ID)),
};
const PLAN = closedObject(
  {
    states: described("Old state → new state; what is not named keeps its name.", {
      type: "object",
      additionalProperties: TEXT,
    }),
    data: described("Templates: what properties become.", ANY_OBJECT),
    variables: ANY_OBJECT,
    unset: listOf(ID),
  },
  { title: "MigrationPlan" },
);

export const REASON_BODY = closedObject(REASON, { title: "ReasonRequest" });
export const INCIDENTS_BODY = closedObject(
  { ...REASON, incidentId: described("This one alone; all open ones where nothing is said.", INCIDENT_ID) },
  { title: "IncidentsRequest" },
);
export const SET_BODY = closedObject({ ...CHANGE, ...REASON }, { title: "SetRequest" });
export const MIGRATE_BODY = closedObject(
  {
    to: described("The version to go on with.", VERSION),
    from: described("The version that is left; the instance's own where nothing is said.", VERSION),
    plan: PLAN,
    ...REASON,
  },
  { title: "MigrateRequest", required: ["to"] },
);

export const ACT_ANSWER = openObject(
  "ActAnswer",
  "The act is committed; the instance as it is now.",
  { outcome: oneOfWords(["done"]), seq: COUNT, instance: INSTANCE },
  ["outcome", "seq", "instance"],
);

export const BATCH_BODY = closedObject(
  {
    act: oneOfWords(["cancel", "suspend", "resume", "retry", "skip", "set", "migrate"]),
    instanceIds: described("Either these, at most 1,000, or a filter.", { ...listOf(ID), maxItems: 1000 }),
    filter: closedObject(INSTANCE_FILTER, { title: "InstanceFilter" }),
    dryRun: described("Says what would be, and changes nothing.", BOOLEAN),
    incidentId: described("Of retry and skip, with one instance.", INCIDENT_ID),
    ...CHANGE,
    stateMachineId: described("Of migrate.", ID),
    from: described("Of migrate.", VERSION),
    to: described("Of migrate.", VERSION),
    plan: PLAN,
    ...REASON,
  },
  { title: "BatchRequest", required: ["act"] },
);

export const BATCH_ANSWER = openObject(
  "BatchAnswer",
  "A result for each instance; those that are refused keep the others from nothing.",
  {
    dryRun: BOOLEAN,
    results: listOf(
      openObject(
        "BatchResult",
        "What became of one instance.",
        {
          instanceId: ID,
          outcome: described("`would`: a dry run.", oneOfWords(["done", "would", "refused"])),
          status: STATUS,
          currentState: TEXT,
          foreseen: described("Of a dry run: as it would be.", ANY_OBJECT),
          error: openObject(
            "BatchRefusal",
            "Why an instance is as it was.",
            { code: TEXT, message: TEXT, hint: TEXT, violations: VIOLATIONS },
            ["code", "message"],
          ),
        },
        ["instanceId", "outcome"],
      ),
    ),
    isMore: described("The filter means further ones.", BOOLEAN),
    whereFault: TEXT,
  },
  ["dryRun", "results", "isMore"],
);
