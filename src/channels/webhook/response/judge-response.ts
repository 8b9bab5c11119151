/**
 * Says what came of a request that was answered.
 *
 * 1. The status decides first: one that is not expected is a failure whatever the body holds. Another 2xx than the
 *    expected is a mismatch, and final: the work was done, only the answer is not the agreed one.
 * 2. Of an answer with an expected status the headers and the body must fit too; if not, that is a mismatch, and final.
 * 3. A failing answer may name its own code, `errorCode` in a JSON body.
 * 4. Values of headers and bodies never stand in a message.
 */
import { isJsonObject, type Json } from "../../../core/json/json.js";
import type { SchemaCompiler } from "../../../core/model/schema-port.js";
import type { ChannelOutcome, ChannelResponse } from "../../../ports/channel.js";
import { requestLabel, type WebRequest } from "../request/read-request.js";
import { SendFailure } from "../send-failure.js";
import type { Answer } from "./read-response.js";
import { retryAfterMs } from "./retry-after.js";

/** Statuses that another try cannot better. */
export const FINAL_STATUSES = new Set([400, 401, 403, 404, 405, 410, 422]);
const ERROR_CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const MOST_VIOLATIONS_SHOWN = 3;

/** @throws SendFailure */
export function judgeResponse(request: WebRequest, answer: Answer, schemas: SchemaCompiler): ChannelOutcome {
  const { status, headers, body } = answer;
  const response: ChannelResponse = { status, headers, body };
  if (!request.expectation.takesStatus(status)) throw unexpectedStatus(request, response);
  if (answer.bodyFault !== undefined) {
    throw mismatch(request, response, `sent a response that is ${answer.bodyFault}`);
  }
  checkHeaders(request, response);
  checkBody(request, response, schemas);
  return { outcome: "completed", response };
}

function unexpectedStatus(request: WebRequest, response: ChannelResponse): SendFailure {
  const { status, headers, body } = response;
  const { statusText } = request.expectation;
  if (status >= 200 && status < 300) {
    return mismatch(request, response, `answered ${status} where ${statusText} is expected`);
  }
  const waitMs = retryAfterMs(headers["retry-after"], headers.date);
  return new SendFailure(
    errorCodeOf(body) ?? "ACTION_FAILED",
    `${requestLabel(request)} answered ${status}`,
    {
      isFinal: FINAL_STATUSES.has(status),
      mayHaveActed: mayHaveActed(status),
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
      response,
    },
  );
}

/** Who refuses says so with a 4xx, but for 408: there the request was begun, and given up by whoever was to act. */
function mayHaveActed(status: number): boolean {
  return status < 400 || status === 408 || status >= 500;
}

function errorCodeOf(body: Json): string | undefined {
  if (!isJsonObject(body)) return undefined;
  const { errorCode } = body;
  return typeof errorCode === "string" && ERROR_CODE.test(errorCode) ? errorCode : undefined;
}

function checkHeaders(request: WebRequest, response: ChannelResponse): void {
  for (const [name, expected] of request.expectation.headers) {
    const actual = response.headers[name];
    if (actual === undefined) throw mismatch(request, response, `answered without the header "${name}"`);
    // `application/json` is what `application/json; charset=utf-8` says.
    const [main = ""] = actual.split(";");
    if (actual.trim() !== expected.trim() && main.trim() !== expected.trim()) {
      throw mismatch(request, response, `answered with another value of the header "${name}" than expected`);
    }
  }
}

function checkBody(request: WebRequest, response: ChannelResponse, schemas: SchemaCompiler): void {
  const { bodySchema } = request.expectation;
  if (bodySchema === undefined) return;
  const compiled = schemas.compile(bodySchema);
  if (!compiled.ok) {
    const [fault] = compiled.faults;
    const message = `"expectedResponse.body" is not a schema that can be used: ${fault?.message ?? "it is not valid"}`;
    throw new SendFailure("ACTION_FAILED", message, { isFinal: true, mayHaveActed: true, response });
  }
  const violations = compiled.validate(response.body);
  if (violations.length === 0) return;
  const shown = violations.slice(0, MOST_VIOLATIONS_SHOWN).map((violation) => violation.message);
  const more = violations.length > shown.length ? ` (and ${violations.length - shown.length} more)` : "";
  throw mismatch(request, response, `answered with a body that does not fit: ${shown.join("; ")}${more}`);
}

function mismatch(request: WebRequest, response: ChannelResponse, what: string): SendFailure {
  return new SendFailure("RESPONSE_MISMATCH", `${requestLabel(request)} ${what}`, {
    isFinal: true,
    mayHaveActed: true,
    response,
  });
}
