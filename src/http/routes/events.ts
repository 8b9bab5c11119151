/** Events, updates and signals. */

import { StatewrightError } from "../../core/errors.js";
import type { JsonObject } from "../../core/json/json.js";
import type { Engine } from "../../engine.js";
import {
  COMMAND_HEADERS,
  EVENT_ANSWER,
  EVENT_BODY,
  INSTANCE_PARAMS,
  KEY_HEADERS,
  SIGNAL_ANSWER,
  SIGNAL_BODY,
  WAIT_QUERY,
} from "../contract/instance-schemas.js";
import { TEXT } from "../contract/schema-parts.js";
import { DEFAULT_WAIT_MS, etagOf, expectedSeqOf, keyOf } from "../request/request-facts.js";
import type { Call, Reply, Route } from "../route.js";

export const EVENT_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/v1/instances/:instanceId/events",
    operationId: "sendEvent",
    tag: "instances",
    summary: "Send an instance an event, or without one data for its current state.",
    description:
      "An event that comes while actions are under way is kept, in order (202 `queued`); with `wait=settled` it is answered when it has had its turn. When that takes too long the answer is 504 `WAIT_TIMEOUT`, and the event stays sent: repeat it under the same Idempotency-Key.",
    needs: "send",
    params: INSTANCE_PARAMS,
    query: WAIT_QUERY,
    headers: COMMAND_HEADERS,
    body: { schema: EVENT_BODY },
    answers: {
      200: {
        description: "It was taken, or the data was kept.",
        schema: EVENT_ANSWER,
        headers: { ETag: TEXT },
      },
      202: { description: "It is kept and tried when its turn comes.", schema: EVENT_ANSWER },
    },
    errors: [
      "INSTANCE_UNKNOWN",
      "NOT_ENABLED",
      "INSTANCE_SUSPENDED",
      "INSTANCE_ENDED",
      "IDEMPOTENCY_MISMATCH",
      "SEQ_MISMATCH",
      "VALIDATION_FAILED",
      "IMMUTABLE",
      "EXPRESSION_ERROR",
      "WAIT_TIMEOUT",
      "STORE_DAMAGED",
    ],
    handle: send,
  },
  {
    method: "POST",
    path: "/v1/signals",
    operationId: "broadcastSignal",
    tag: "instances",
    summary: "Broadcast a signal to every instance that waits for it.",
    description: "It is no one commit: repeat it under the same Idempotency-Key when it fails on the way.",
    needs: "signal",
    headers: KEY_HEADERS,
    body: { schema: SIGNAL_BODY },
    answers: { 200: { description: "Who has taken it.", schema: SIGNAL_ANSWER } },
    errors: ["IDEMPOTENCY_MISMATCH", "VALIDATION_FAILED"],
    handle: signal,
  },
];

async function send(call: Call): Promise<Reply> {
  const { engine, principal, params, query, headers } = call;
  const { instanceId = "" } = params;
  const { event, ...payload } = (call.body ?? {}) as {
    event?: string;
    data?: JsonObject;
    variables?: JsonObject;
  };
  const { wait, timeoutMs = DEFAULT_WAIT_MS } = query as { wait?: "settled"; timeoutMs?: number };
  const stateMachineId = await machineOf(engine, instanceId);
  call.allow({ act: "send", stateMachineId, ...(event === undefined ? {} : { event }) });
  const { answer, isRepeated } = await engine.send(instanceId, event, {
    ...payload,
    ...keyOf(headers),
    ...expectedSeqOf(headers),
    ...(wait === undefined ? {} : { wait, timeoutMs }),
    actor: principal.actor,
    groups: principal.groups ?? [],
    source: principal.source ?? "http",
  });
  const instance = await engine.get(instanceId);
  return {
    status: answer.outcome === "queued" ? 202 : 200,
    body: { ...answer, isRepeated, instance },
    headers: { ETag: etagOf(instance.seq) },
  };
}

async function signal({ engine, principal, allow, headers, body }: Call): Promise<Reply> {
  const { signal: name, data } = body as { signal: string; data?: JsonObject };
  allow({ act: "signal", event: name });
  const { taken, started } = await engine.signal(name, {
    ...(data === undefined ? {} : { data }),
    ...keyOf(headers),
    actor: principal.actor,
    source: principal.source ?? "http",
  });
  return { status: 200, body: { signal: name, taken, started } };
}

/** Throws `INSTANCE_UNKNOWN`. */
export async function machineOf(engine: Engine, instanceId: string): Promise<string> {
  const snapshot = await engine.snapshot(instanceId);
  if (snapshot !== undefined) return snapshot.stateMachineId;
  throw new StatewrightError("INSTANCE_UNKNOWN", `There is no instance "${instanceId}".`, {
    hint: "Check the id.",
  });
}
