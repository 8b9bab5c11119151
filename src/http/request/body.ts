/**
 * Bodies of requests, as strict as every other door.
 *
 * 1. JSON is UTF-8, has no duplicate keys, NUL, lone surrogates, numbers that lose value, nor `__proto__` or `constructor`
 *    keys, and is no deeper than 64 levels: each refused with its path, line and column.
 * 2. Other types, other charsets and every content encoding are refused unread: nothing is unpacked.
 * 3. What a route wants as text or as bytes it gets as they came, unread.
 */
import { TextDecoder } from "node:util";
import { StatewrightError } from "../../core/errors.js";
import { isJsonObject, type Json } from "../../core/json/json.js";
import { parseJsonText } from "../../core/json/parse-json.js";
import { appendPointer } from "../../core/json/pointer.js";
import { RequestInvalidError } from "../answer/problem.js";

/** Bytes of a body. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** How a route wants its body: checked JSON, its text, or its bytes. */
export type BodyForm = "json" | "text" | "bytes";

/** Throws `REQUEST_INVALID` with every fault; `undefined` for a body of no bytes. */
export function readBody(bytes: Buffer, form: BodyForm): unknown {
  if (form === "bytes") return bytes;
  const text = decode(bytes);
  if (form === "text") return text;
  if (text === "") return undefined;
  const parsed = parseJsonText(text);
  if (!parsed.ok) {
    throw new RequestInvalidError(
      "The body is not JSON that can be taken.",
      parsed.faults.map(({ pointer = "", line, column, message }) => ({
        path: pointer,
        message: `${message} (line ${line}, column ${column})`,
      })),
    );
  }
  const places = constructorKeys(parsed.value, "");
  if (places.length > 0) {
    throw new RequestInvalidError(
      "The body is not JSON that can be taken.",
      places.map((path) => ({ path, message: 'The key "constructor" is not allowed.' })),
    );
  }
  return parsed.value;
}

/** Throws `MEDIA_TYPE_UNSUPPORTED` when the body is in a form that is not read. */
export function checkBodyHeaders(headers: {
  readonly "content-type"?: string | undefined;
  readonly "content-encoding"?: string | undefined;
}): void {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new StatewrightError(
      "MEDIA_TYPE_UNSUPPORTED",
      `Bodies with the content encoding "${encoding.slice(0, 80)}" are not taken.`,
      { hint: "Send the body as it is." },
    );
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers["content-type"] ?? "")?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new StatewrightError("MEDIA_TYPE_UNSUPPORTED", `Bodies in ${charset.slice(0, 80)} are not taken.`, {
      hint: "Send JSON in UTF-8.",
    });
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RequestInvalidError("The body is not UTF-8.", [
      { path: "", message: "The body holds bytes that are no UTF-8." },
    ]);
  }
}

function constructorKeys(value: Json, path: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((each, at) => constructorKeys(each, appendPointer(path, at)));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const at = appendPointer(path, key);
    return key === "constructor" ? [at] : constructorKeys(each, at);
  });
}
