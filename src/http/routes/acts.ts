/** What operators do to one instance, and to many. */
import type { JsonObject } from "../../core/json/json.js";
import type { Engine } from "../../engine.js";
import type { Answer, DataChange, MigrationPlan, OperateAllRequest, OperatorRequest } from "../../index.js";
import { RequestInvalidError } from "../answer/problem.js";
import {
  ACT_ANSWER,
  BATCH_ANSWER,
  BATCH_BODY,
  INCIDENTS_BODY,
  MIGRATE_BODY,
  REASON_BODY,
  SET_BODY,
} from "../contract/incident-schemas.js";
import { INSTANCE_PARAMS, KEY_HEADERS, WAIT_QUERY } from "../contract/instance-schemas.js";
import { TEXT } from "../contract/schema-parts.js";
import { DEFAULT_WAIT_MS, etagOf, keyOf } from "../request/request-facts.js";
import type { Call, Reply, Route } from "../route.js";
import { machineOf } from "./events.js";

type Facts = {
  readonly actor: string;
  readonly source: string;
  readonly idempotencyKey?: string;
  readonly reason?: string;
};

interface ActBody extends DataChange {
  readonly reason?: string;
  readonly incidentId?: string;
  readonly from?: number;
  readonly to?: number;
  readonly plan?: MigrationPlan;
}

const ERRORS_OF_ACTS = [
  "INSTANCE_UNKNOWN",
  "INSTANCE_ENDED",
  "NOT_ENABLED",
  "IDEMPOTENCY_MISMATCH",
  "VALIDATION_FAILED",
  "WAIT_TIMEOUT",
  "STORE_DAMAGED",
] as const;

export const ACT_ROUTES: readonly Route[] = [
  actRoute("cancel", "End an instance: what is under way is called off, nothing is undone.", REASON_BODY),
  actRoute("suspend", "Hold an instance: nothing new begins, events are refused, timers wait.", REASON_BODY),
  actRoute("resume", "Let a held instance go on.", REASON_BODY),
  actRoute("retry", "Do again what open incidents of an instance are about.", INCIDENTS_BODY),
  actRoute("skip", "Go on as if what open incidents are about had been done.", INCIDENTS_BODY),
  actRoute("set", "Correct data; what waited for it is looked at again.", SET_BODY),
  actRoute("migrate", "Move an instance to another version of its state machine.", MIGRATE_BODY),
  {
    method: "POST",
    path: "/v1/batches",
    operationId: "operateAll",
    tag: "instances",
    summary: "One act on many instances, by id or by filter, with a dry run.",
    description:
      "At most 1,000 instances at a time, each a commit of its own. With `wait=settled` the results say how the instances are when what the act caused is over, or the time is up.",
    needs: "operate",
    query: WAIT_QUERY,
    headers: KEY_HEADERS,
    body: { schema: BATCH_BODY },
    answers: { 200: { description: "A result for each.", schema: BATCH_ANSWER } },
    errors: ["USAGE", "DEFINITION_UNKNOWN"],
    handle: batch,
  },
];

function actRoute(act: OperatorRequest["act"], summary: string, schema: JsonObject): Route {
  return {
    method: "POST",
    path: `/v1/instances/:instanceId/${act}`,
    operationId: `${act}Instance`,
    tag: "instances",
    summary,
    needs: "operate",
    params: INSTANCE_PARAMS,
    query: WAIT_QUERY,
    headers: KEY_HEADERS,
    body: { schema, isOptional: act !== "set" && act !== "migrate" },
    answers: { 200: { description: "It is done.", schema: ACT_ANSWER, headers: { ETag: TEXT } } },
    errors: [
      ...ERRORS_OF_ACTS,
      ...(act === "migrate" ? (["MIGRATION_BLOCKED", "DEFINITION_UNKNOWN", "USAGE"] as const) : []),
      ...(act === "set" ? (["IMMUTABLE"] as const) : []),
    ],
    handle: (call) => answerAct(call, call.params.instanceId ?? "", act, call.body as ActBody),
  };
}

/** Performs the act and answers with the instance. Throws what the engine throws. */
export async function answerAct(
  call: Call,
  instanceId: string,
  act: OperatorRequest["act"],
  body: ActBody,
): Promise<Reply> {
  const { engine, principal, headers, query } = call;
  const stateMachineId = await machineOf(engine, instanceId);
  call.allow({ act: "operate", stateMachineId });
  const { reason } = body;
  const answer = await perform(engine, instanceId, act, body, {
    ...(reason === undefined ? {} : { reason }),
    ...keyOf(headers),
    actor: principal.actor,
    source: principal.source ?? "http",
  });
  const { wait, timeoutMs = DEFAULT_WAIT_MS } = query as { wait?: "settled"; timeoutMs?: number };
  if (wait !== undefined) await engine.waitFor(instanceId, { settled: true, timeoutMs });
  const instance = await engine.get(instanceId);
  return { status: 200, body: { ...answer, instance }, headers: { ETag: etagOf(instance.seq) } };
}

async function perform(
  engine: Engine,
  instanceId: string,
  act: OperatorRequest["act"],
  body: ActBody,
  facts: Facts,
): Promise<Answer> {
  const { incidentId, data, variables, unset, from, to = 0, plan } = body;
  switch (act) {
    case "cancel":
    case "suspend":
    case "resume":
      return engine[act](instanceId, facts);
    case "retry":
    case "skip":
      return engine[act](instanceId, { ...facts, ...(incidentId === undefined ? {} : { incidentId }) });
    case "set":
      return engine.setData(
        instanceId,
        {
          ...(data === undefined ? {} : { data }),
          ...(variables === undefined ? {} : { variables }),
          ...(unset === undefined ? {} : { unset }),
        },
        facts,
      );
    case "migrate": {
      const { stateMachineId, version } = await engine.reader.row(instanceId);
      const migration = {
        stateMachineId,
        from: from ?? version,
        to,
        ...(plan === undefined ? {} : { plan }),
      };
      return engine.migrate(instanceId, migration, facts);
    }
  }
}

/** What each act takes beside what all of them do. */
const KEYS: { readonly [act in OperatorRequest["act"]]: readonly string[] } = {
  cancel: [],
  suspend: [],
  resume: [],
  retry: ["incidentId"],
  skip: ["incidentId"],
  set: ["data", "variables", "unset"],
  migrate: ["stateMachineId", "from", "to", "plan"],
};
const SHARED_KEYS: readonly string[] = ["act", "instanceIds", "filter", "dryRun", "reason"];
const NEEDED_BY_MIGRATE: readonly string[] = ["stateMachineId", "from", "to"];

async function batch({ engine, principal, query, headers, body }: Call): Promise<Reply> {
  const request = body as OperateAllRequest;
  checkKeys(request);
  const outcome = await engine.operateAll({
    ...request,
    ...keyOf(headers),
    actor: principal.actor,
    source: principal.source ?? "http",
  });
  const { wait, timeoutMs = DEFAULT_WAIT_MS } = query as { wait?: "settled"; timeoutMs?: number };
  if (wait === undefined || outcome.dryRun) return { status: 200, body: outcome };
  const results = await Promise.all(
    outcome.results.map(async (result) => {
      if (result.outcome !== "done") return result;
      await engine.waitSettled(result.instanceId, timeoutMs);
      const { status, currentState } = await engine.reader.row(result.instanceId);
      return { ...result, status, currentState };
    }),
  );
  return { status: 200, body: { ...outcome, results } };
}

function checkKeys(request: OperateAllRequest): void {
  const { act } = request;
  const foreign = Object.keys(request)
    .filter((key) => !SHARED_KEYS.includes(key) && !KEYS[act].includes(key))
    .map((key) => ({ path: `/${key}`, message: `"${key}" does not go with ${act}` }));
  const missing = (act === "migrate" ? NEEDED_BY_MIGRATE : [])
    .filter((key) => !Object.hasOwn(request, key))
    .map((key) => ({ path: `/${key}`, message: `"${key}" is missing` }));
  const violations = [...foreign, ...missing];
  if (violations.length > 0) {
    throw new RequestInvalidError(
      `The body is not as the contract says: ${violations[0]?.message ?? ""}`,
      violations,
    );
  }
}
