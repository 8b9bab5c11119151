/**
 * The headers of a request: those of the definition, checked, and those of the engine.
 *
 * 1. No header can end its line, begin another request or change how the message is framed.
 * 2. The engine's own headers cannot be set by a definition: the receiver tells repeated tries by `Idempotency-Key`.
 */
import { isJsonObject, type Json } from "../../../core/json/json.js";
import type { ChannelRequest } from "../../../ports/channel.js";
import { unusableRequest } from "../send-failure.js";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Code points above 255 would be cut to their low byte on the wire, and U+010A is a line feed then.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const FRAMING = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const OWN = new Set([
  "idempotency-key",
  "statewright-callback",
  "statewright-instance",
  "statewright-machine",
]);

/** The definition's headers under lower-case names. @throws SendFailure that names the header. */
export function readHeaders(given: Json | undefined): Map<string, string> {
  const headers = new Map<string, string>();
  if (given === undefined || given === null) return headers;
  if (!isJsonObject(given)) throw unusableRequest('"headers" must be an object of names and texts.');
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    if (typeof value === "object")
      throw unusableRequest(`The header ${shown(name)} must be a text, a number or a boolean.`);
    appendHeader(headers, name, String(value));
  }
  return headers;
}

/** Adds one more, under its lower-case name. @throws SendFailure that names the header, never its value. */
export function appendHeader(headers: Map<string, string>, name: string, text: string): void {
  const lowerName = name.toLowerCase();
  if (!TOKEN.test(name))
    throw unusableRequest(`The header name ${shown(name)} holds characters that are not allowed.`);
  if (FRAMING.has(lowerName))
    throw unusableRequest(`The header ${shown(name)} belongs to the connection; remove it.`);
  if (OWN.has(lowerName)) throw unusableRequest(`The header ${shown(name)} is set by the engine; remove it.`);
  if (headers.has(lowerName)) throw unusableRequest(`The header ${shown(name)} is there twice.`);
  if (!VALUE.test(text)) {
    throw unusableRequest(
      `The value of the header ${shown(name)} holds a line break or another character that is not allowed.`,
    );
  }
  headers.set(lowerName, text);
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

/** What the engine says of itself, whatever the definition says. */
export function engineHeaders(
  request: ChannelRequest,
  userAgent: string,
): readonly (readonly [string, string])[] {
  return [
    ["idempotency-key", headerText(request.idempotencyKey)],
    ["statewright-instance", headerText(request.instanceId)],
    ["statewright-machine", headerText(request.stateMachineId)],
    ...(request.callbackUrl === undefined ? [] : [["statewright-callback", request.callbackUrl] as const]),
    ["user-agent", userAgent],
    // Nothing compressed is asked for, so nothing can unfold into gigabytes here.
    ["accept-encoding", "identity"],
  ];
}

/** Ids may hold any character: what a header cannot carry is percent-encoded as UTF-8, and `%` itself is too. */
function headerText(id: string): string {
  return id.replace(/[^\x21-\x24\x26-\x7e]/gu, (character) =>
    [...Buffer.from(character, "utf8")]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}
