/** Turns whatever goes wrong in a request into a problem, from the first byte on. */
import type { Socket } from "node:net";
import type { ConnectionError, FastifyInstance, FastifyReply } from "fastify";
import { ERRORS, type ErrorCode, StatewrightError } from "../../core/errors.js";
import type { Logger } from "../../index.js";
import { RateLimitedError } from "../admit/rate-limits.js";
import { PROBLEM_TYPE } from "../contract/problem-schema.js";
import type { Gate } from "../gate.js";
import { MAX_BODY_BYTES } from "../request/body.js";
import type { KnownPaths } from "./known-paths.js";
import { problemOf, RequestInvalidError } from "./problem.js";

const RETRY_AFTER_SECONDS = 1;

export function answerProblems(
  server: FastifyInstance,
  paths: KnownPaths,
  gate: Gate,
  logger: Logger | undefined,
): void {
  const answer = (reply: FastifyReply, given: unknown) => {
    const error = knownError(given);
    const { method, url, id } = reply.request;
    const problem = problemOf(error, id);
    if (problem.code === "UNEXPECTED") {
      const stack = given instanceof Error ? (given.stack ?? given.message) : String(given);
      logger?.error("A request failed unexpectedly.", {
        request: id,
        method,
        path: url.split("?", 1)[0] ?? "",
        stack,
      });
    }
    if (error instanceof RateLimitedError) reply.header("retry-after", error.retryAfterSeconds);
    else if (problem.status === 503) reply.header("retry-after", RETRY_AFTER_SECONDS);
    return reply
      .code(problem.status)
      .headers(gate.challenge?.(error) ?? {})
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problem));
  };
  server.setErrorHandler((error, _request, reply) => answer(reply, error));
  server.setNotFoundHandler((request, reply) => {
    const methods = paths.methodsOf(request.url);
    if (methods.length > 0) reply.header("allow", methods.join(", "));
    if (methods.length > 0 && request.method === "OPTIONS") return reply.code(204).send();
    return answer(reply, notThere(request.method, request.url, methods));
  });
}

function notThere(method: string, url: string, methods: readonly string[]): StatewrightError {
  const path = url.split("?", 1)[0]?.slice(0, 255) ?? "";
  if (methods.length === 0) {
    return new StatewrightError("PATH_UNKNOWN", `There is nothing at "${path}".`, {
      hint: "The contract is at /openapi.json.",
    });
  }
  return new StatewrightError("METHOD_NOT_ALLOWED", `"${path}" does not know ${method}.`, {
    hint: `It knows ${methods.join(", ")}.`,
  });
}

/** What Fastify itself refuses, in our words. */
function knownError(error: unknown): unknown {
  if (error instanceof StatewrightError) return error;
  const { code } = error as { readonly code?: unknown };
  switch (code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
    case "FST_ERR_CTP_INVALID_CONTENT_TYPE":
      return new StatewrightError("MEDIA_TYPE_UNSUPPORTED", "A body of this type is not taken.", {
        hint: "Send JSON with content-type: application/json.",
      });
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new StatewrightError("LIMIT_EXCEEDED", `The body is larger than ${MAX_BODY_BYTES} bytes.`);
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new RequestInvalidError("The body is not as long as Content-Length says.", []);
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new RequestInvalidError("The path cannot be read.", [
        { path: "", message: "A part of the path is not percent-encoded UTF-8, or too long." },
      ]);
    case "FST_ERR_ROUTE_METHOD_NOT_SUPPORTED":
      return new StatewrightError("METHOD_NOT_ALLOWED", "This method is not known.");
    default:
      return error;
  }
}

/** Of requests that are no HTTP, or too slow, or too large to be read at all. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = clientErrorCode(error.code);
  const { status, meaning } = ERRORS[code];
  const wireStatus = error.code === "HPE_HEADER_OVERFLOW" ? 431 : status;
  const detail = CLIENT_ERRORS[error.code ?? ""] ?? "The request is no HTTP that can be read.";
  const problem = {
    type: `https://statewright.dev/errors#${code}`,
    title: meaning,
    status: wireStatus,
    code,
    detail,
  };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${wireStatus} ${code}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const CLIENT_ERRORS: { readonly [code: string]: string } = {
  ERR_HTTP_REQUEST_TIMEOUT: "The request came too slowly.",
  HPE_HEADER_OVERFLOW: "The headers are larger than 16 KiB.",
};

function clientErrorCode(code: string | undefined): ErrorCode {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "REQUEST_TIMEOUT";
  return code === "HPE_HEADER_OVERFLOW" ? "LIMIT_EXCEEDED" : "REQUEST_INVALID";
}
