/**
 * What other systems call: answers that actions wait for, and webhooks.
 *
 * 1. Anyone may call. An address that was given out, or what a machine's `verify` asks for, is the proof; so they are counted
 *    by the sender's address.
 * 2. Whatever was not given out gets one and the same answer.
 * 3. What a webhook's path and body are is the engine's to say: it gets both as they came.
 */
import type { Json } from "../../core/json/json.js";
import { OutcomeRefusedError } from "../answer/problem.js";
import { CALLBACK_ANSWER, CALLBACK_PARAMS, HOOK_ANSWER } from "../contract/inbound-schemas.js";
import { described } from "../contract/schema-parts.js";
import type { Call, Reply, Route } from "../route.js";

export const INBOUND_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/callbacks/:token",
    operationId: "postCallback",
    tag: "inbound",
    summary: "Answer an action that waits: it is done, or has failed.",
    description:
      "What `error` of the body is decides: with it the action has failed. An address is answered once; whatever is posted there again gets the first answer.",
    needs: "anyone",
    isCounted: true,
    params: CALLBACK_PARAMS,
    body: { schema: described("The action's result.", {}) },
    answers: {
      200: {
        description: "It was taken, now or when it was posted for the first time.",
        schema: CALLBACK_ANSWER,
      },
    },
    errors: ["CALLBACK_UNKNOWN", "CALLBACK_GONE", "VALIDATION_FAILED", "STORE_DAMAGED"],
    handle: postCallback,
  },
  {
    method: "POST",
    path: "/hooks/*",
    operationId: "postHook",
    tag: "inbound",
    summary: "Bring a webhook to the instance that waits for it, or start what begins with it.",
    description:
      "The body is JSON or text. Who sends is verified over its bytes, as the machine says. A message acts once; nothing is kept of one that is refused, so it may come again.",
    needs: "anyone",
    isCounted: true,
    body: { schema: described("The message.", {}), form: "bytes", isOptional: true },
    answers: {
      200: { description: "It was taken, now or when it came for the first time.", schema: HOOK_ANSWER },
      202: { description: "It is kept, and tried when its turn comes.", schema: HOOK_ANSWER },
    },
    errors: [
      "HOOK_UNKNOWN",
      "HOOK_UNVERIFIED",
      "MESSAGE_UNMATCHED",
      "MESSAGE_AMBIGUOUS",
      "IDEMPOTENCY_MISMATCH",
      "NOT_ENABLED",
      "INSTANCE_SUSPENDED",
      "INSTANCE_ENDED",
      "VALIDATION_FAILED",
      "EXPRESSION_ERROR",
      "SECRET_MISSING",
      "STORE_DAMAGED",
    ],
    handle: postHook,
  },
];

async function postCallback({ engine, params, body }: Call): Promise<Reply> {
  const { token = "" } = params;
  const outcome = await engine.callback(token, (body ?? null) as Json, {
    actor: "callback",
    source: "callback",
  });
  if (outcome.outcome === "refused") {
    throw new OutcomeRefusedError(outcome.code, outcome.message, outcome.violations);
  }
  const { instanceId, answer, isRepeated } = outcome;
  return { status: 200, body: { instanceId, ...answer, isRepeated } };
}

async function postHook({ engine, url, query, headers, body }: Call): Promise<Reply> {
  const outcome = await engine.hook({
    path: pathAfterHooks(url),
    rawBody: body instanceof Uint8Array ? body : new Uint8Array(),
    headers,
    query: query as { readonly [name: string]: string | readonly string[] | undefined },
  });
  if (outcome.outcome === "refused") {
    throw new OutcomeRefusedError(outcome.code, outcome.message, outcome.violations);
  }
  const { receivers, isRepeated } = outcome;
  const told = receivers.map(({ instanceId, answer }) => ({ instanceId, ...answer }));
  const isQueued = receivers.some(({ answer }) => answer.outcome === "queued");
  return { status: isQueued ? 202 : 200, body: { receivers: told, isRepeated } };
}

/** What follows the second slash, still percent-encoded; proxies may send the whole address. */
function pathAfterHooks(url: string): string {
  const [path = ""] = url.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  return path.slice(path.indexOf("/", 1) + 1);
}
