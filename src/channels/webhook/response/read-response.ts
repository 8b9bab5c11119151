/**
 * Reads a response up to a limit.
 *
 * 1. Never more than the limit is held in memory, whatever `Content-Length` says.
 * 2. An encoded (compressed) body is not decoded: none was asked for.
 * 3. A body that is not read to its end costs the connection, never the caller.
 */
import type { Dispatcher } from "undici";
import type { Json } from "../../../core/json/json.js";
import { parseJsonText } from "../../../core/json/parse-json.js";
import { isJsonMediaType } from "../request/read-request.js";

export interface Answer {
  readonly status: number;
  /** By lower-case name; several values joined by ", ". */
  readonly headers: { readonly [name: string]: string };
  readonly body: Json;
  /** Why the body was not taken; it is null then. */
  readonly bodyFault: string | undefined;
}

/** Rejects with the socket's error when the connection ends in the middle of the body. */
export async function readResponse(data: Dispatcher.ResponseData, maxBytes: number): Promise<Answer> {
  const headers = readHeaders(data.headers);
  const status = data.statusCode;
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    discard(data.body);
    return {
      status,
      headers,
      body: null,
      bodyFault: `encoded as ${shorten(encoding)} although none was asked for`,
    };
  }
  const bytes = await readUpTo(data.body, maxBytes);
  if (bytes === undefined) {
    return { status, headers, body: null, bodyFault: `larger than ${formatBytes(maxBytes)}` };
  }
  return { status, headers, body: parseBody(bytes, headers["content-type"] ?? ""), bodyFault: undefined };
}

/** Ends a body that nobody reads. */
export function discard(body: Dispatcher.ResponseData["body"]): void {
  body.on("error", () => {});
  body.destroy();
}

function readHeaders(given: Dispatcher.ResponseData["headers"]): { readonly [name: string]: string } {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === "__proto__") continue;
    headers[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

async function readUpTo(
  body: Dispatcher.ResponseData["body"],
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early destroys the body.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** JSON where it is declared and can be kept without loss (`parseJsonText` says what that means), else text. */
function parseBody(bytes: Buffer, contentType: string): Json {
  if (bytes.byteLength === 0) return null;
  const text = new TextDecoder().decode(bytes);
  if (isJsonMediaType(contentType)) {
    const parsed = parseJsonText(text);
    if (parsed.ok) return parsed.value;
  }
  // NUL is the one character of a text that the stores do not keep.
  return text.replaceAll("\0", "\uFFFD");
}

function formatBytes(count: number): string {
  if (count >= 1_048_576 && count % 1_048_576 === 0) return `${count / 1_048_576} MiB`;
  if (count >= 1_024 && count % 1_024 === 0) return `${count / 1_024} KiB`;
  return `${count} bytes`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
