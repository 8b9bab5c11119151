/**
 * How long a value's canonical text is, without writing it.
 *
 * 1. `canonicalBytes(value)` is the number of UTF-8 bytes of `canonicalJson(value)` wherever it is at most the limit.
 * 2. It stops as soon as the limit is passed: a value that shares its parts can be exponentially longer than its memory
 *    shows.
 */
import { isJsonObject, type Json, type JsonObject } from "./json.js";

const PLAIN_TEXT = /^[ !#-[\]-~]*$/;

/** Bytes of the value's canonical text (RFC 8785); `Infinity` when they are more than the limit. */
export function canonicalBytes(value: Json, limit = Number.POSITIVE_INFINITY): number {
  let bytes = 0;
  /** False once the limit is passed. */
  const add = (part: Json): boolean => {
    if (typeof part !== "object" || part === null) bytes += scalarBytes(part);
    else if (isJsonObject(part)) return addMembers(part);
    else {
      bytes += 2 + Math.max(0, part.length - 1);
      return part.every(add);
    }
    return bytes <= limit;
  };
  const addMembers = (object: JsonObject): boolean => {
    bytes += 1;
    let count = 0;
    for (const key of Object.keys(object)) {
      const member = object[key];
      // Left out of the canonical text as well.
      if (member === undefined) continue;
      count += 1;
      bytes += textBytes(key) + 2;
      if (!add(member)) return false;
    }
    if (count === 0) bytes += 1;
    return bytes <= limit;
  };
  add(value);
  return bytes <= limit ? bytes : Number.POSITIVE_INFINITY;
}

/** Bytes of the text as a JSON string, quotes and escapes included. */
export function textBytes(text: string): number {
  if (PLAIN_TEXT.test(text)) return text.length + 2;
  const escaped = JSON.stringify(text);
  let bytes = escaped.length;
  for (let at = 0; at < escaped.length; at += 1) {
    const unit = escaped.charCodeAt(at);
    // Each half of a pair is two of its four bytes.
    if (unit >= 0xd800 && unit <= 0xdfff) bytes += 1;
    else if (unit >= 0x800) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

/** Bytes of a plain value: null, boolean, finite number or text. */
export function scalarBytes(value: null | boolean | number | string): number {
  return typeof value === "string" ? textBytes(value) : JSON.stringify(value).length;
}
