/** Makes a Fastify route of a route: one place in which all of them are validated, allowed and answered alike. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from "fastify";
import type { FastifyRouteSchemaDef, FastifyValidationResult } from "fastify/types/schema.js";
import { ERRORS, type ErrorCode } from "../core/errors.js";
import type { JsonObject } from "../core/json/json.js";
import { PROBLEM, PROBLEM_TYPE } from "./contract/problem-schema.js";
import type { Act } from "./gate.js";
import type { BodyForm } from "./request/body.js";
import { requestValidator } from "./request/validate-request.js";
import type { Call, Route } from "./route.js";

declare module "fastify" {
  interface FastifyContextConfig {
    readonly needs?: Act;
    readonly isCounted?: boolean;
    readonly bodyForm?: BodyForm;
    readonly bodyIsOptional?: boolean;
  }
}

/** What any route can answer with, whatever it does. */
const EVERYWHERE: readonly ErrorCode[] = ["REQUEST_INVALID", "RATE_LIMITED", "UNEXPECTED", "ENGINE_STOPPED"];
const OF_BODIES: readonly ErrorCode[] = ["MEDIA_TYPE_UNSUPPORTED", "LIMIT_EXCEEDED"];

/** A reader of a stream that takes nothing for so long is cut; heartbeats come more often. */
const SLOW_READER_MS = 60_000;

/** Makes the call of a request that has been let in. */
export type CallMaker = (request: FastifyRequest, reply: FastifyReply) => Promise<Call>;

export function addRoute(server: FastifyInstance, route: Route, callOf: CallMaker): void {
  const { method, path, needs, body } = route;
  server.route({
    method,
    url: path,
    schema: schemaOf(route),
    ...(body === undefined || body.form === undefined || body.form === "json"
      ? {}
      : { validatorCompiler: (part: FastifyRouteSchemaDef<FastifySchema>) => validatorOfUnread(part) }),
    config: {
      needs,
      isCounted: route.isCounted === true,
      bodyForm: body?.form ?? "json",
      bodyIsOptional: body?.isOptional === true,
    },
    handler: async (request, reply) => {
      const answer = await route.handle(await callOf(request, reply));
      reply.code(answer.status).headers(answer.headers ?? {});
      if (answer.body instanceof Readable) {
        const { socket } = request.raw;
        socket.setTimeout(SLOW_READER_MS, () => socket.destroy());
      }
      if (answer.body === undefined || typeof answer.body === "string" || answer.body instanceof Readable) {
        return reply.send(answer.body);
      }
      if (reply.getHeader("content-type") === undefined) reply.type("application/json; charset=utf-8");
      return reply.send(answer.body);
    },
  });
}

/** The codes of a route by status, for the document. */
export function errorsOf(route: Route): ReadonlyMap<number, readonly ErrorCode[]> {
  const all = new Set([...EVERYWHERE, ...(route.body === undefined ? [] : OF_BODIES), ...route.errors]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of all) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

function schemaOf(route: Route): FastifySchema {
  const { operationId, tag, summary, description, isHidden, params, query, headers, body } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(isHidden === true ? { hide: true } : {}),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: body.schema }),
    ...(body?.form === "bytes" ? { consumes: ["application/json", "text/plain"] } : {}),
    response: answersOf(route),
  };
}

function answersOf(route: Route): JsonObject {
  const answers: { [status: string]: JsonObject } = {};
  for (const [status, { description, schema, contentType, headers }] of Object.entries(route.answers)) {
    answers[status] = {
      description,
      ...(headers === undefined ? {} : { headers }),
      ...(schema === undefined ? {} : { content: { [contentType ?? "application/json"]: { schema } } }),
    };
  }
  for (const [status, codes] of errorsOf(route)) {
    answers[status] ??= {
      description: codes.join(", "),
      content: { [PROBLEM_TYPE]: { schema: PROBLEM } },
    };
  }
  return answers;
}

/** What is taken as text or bytes is for the route to judge. */
function validatorOfUnread(part: FastifyRouteSchemaDef<FastifySchema>): FastifyValidationResult {
  return part.httpPart === "body" ? () => true : requestValidator(part);
}
