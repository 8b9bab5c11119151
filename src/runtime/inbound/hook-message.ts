/**
 * A webhook as it came, and what definitions see of it: `message` with `body`, `headers`, `query` and `params`.
 *
 * 1. What proves who sends (signatures, tokens, cookies) is not part of it: it must not come to stand in data.
 * 2. A body is strict JSON, or text where its content type says text; anything else is refused.
 */
import type { ErrorCode } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";
import { parseJsonText } from "../../core/json/parse-json.js";
import type { Given, HookRefusal, HookRequest } from "./hook-outcome.js";

/** Bytes of a request's body. */
export const MAX_HOOK_BYTES = 1_048_576;

export interface HookContents {
  /** The body as it was written. */
  readonly text: string;
  readonly body: Json;
  /** By name in lower case. */
  readonly headers: JsonObject;
  readonly query: JsonObject;
}

const KEPT_BACK =
  /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|api-key|.*(signature|token|secret).*)$/;

/** By name in lower case; several values of one name are joined as HTTP does. */
export function lowerHeaders(headers: Given): { readonly [name: string]: string } {
  const lowered: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      lowered.push([name.toLowerCase(), typeof value === "string" ? value : value.join(", ")]);
  }
  return Object.fromEntries(lowered);
}

export function readHookContents(
  request: HookRequest,
  headers: { readonly [name: string]: string },
): { readonly contents: HookContents } | HookRefusal {
  const body = readBody(request.rawBody, headers["content-type"] ?? "application/json");
  if ("outcome" in body) return body;
  return {
    contents: {
      ...body,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !KEPT_BACK.test(name))),
      query: queryOf(request.query ?? {}),
    },
  };
}

function readBody(bytes: Uint8Array, contentType: string): Pick<HookContents, "body" | "text"> | HookRefusal {
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const isText = type.startsWith("text/");
  if (!isText && !/^application\/(.+\+)?json$/.test(type)) {
    return refused(
      "MEDIA_TYPE_UNSUPPORTED",
      415,
      `The content type "${type.slice(0, 100)}" is not read: send application/json.`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refused("VALIDATION_FAILED", 422, "The body is not UTF-8.");
  }
  if (text === "") return { body: null, text };
  if (isText)
    return text.includes("\0")
      ? refused("VALIDATION_FAILED", 422, "The body holds the NUL character.")
      : { body: text, text };
  const parsed = parseJsonText(text);
  if (parsed.ok) return { body: parsed.value, text };
  const [first] = parsed.faults;
  return refused(
    "VALIDATION_FAILED",
    422,
    `The body is not JSON: line ${first?.line}, column ${first?.column}: ${first?.message}`,
  );
}

function refused(code: ErrorCode, status: number, message: string): HookRefusal {
  return { outcome: "refused", code, status, message };
}

function queryOf(query: Given): JsonObject {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]): [string, Json][] =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

/** The body where it is an object: what an event's data is taken of where the definition says nothing. */
export function bodyData({ body }: HookContents): JsonObject {
  return isJsonObject(body) ? body : {};
}
