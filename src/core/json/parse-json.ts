/**
 * Reads JSON text from outside. What cannot be kept without loss, or would mean different things to different readers,
 * is refused here, at the door, with its place.
 *
 * 1. A value that comes out is well-formed JSON for every reader: no duplicate keys, no NUL, no lone surrogates, no
 *    number that a double does not hold, no `__proto__` key.
 * 2. Its depth is at most 64, and no object in it has more than 10,000 keys.
 * 3. All faults of a text are told at once; of a text that is no JSON at all, the first.
 */
import { parse as parseWithPlaces } from "@humanwhocodes/momoa";
import type { Json } from "./json.js";
import { JsonPlaces } from "./json-places.js";
import { forEachJsonToken } from "./json-tokens.js";
import { isLosslessNumber } from "./lossless-number.js";
import { appendPointer } from "./pointer.js";
import { TextPlaces } from "./text-places.js";

export const MAX_JSON_DEPTH = 64;
export const MAX_JSON_KEYS = 10_000;

/** A place in a text, one-based, with the zero-based offsets of the value. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  /** Offsets into the text, zero-based; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface JsonFault {
  readonly message: string;
  /** RFC 6901 pointer to the value, or for a key to what stands under it; absent when the text is no JSON at all. */
  readonly pointer?: string;
  /** One-based. */
  readonly line: number;
  readonly column: number;
}

/**
 * Finds the value at an RFC 6901 pointer, or its key (`"key"`; the value where it has none).
 * `undefined` when the text holds no such value.
 */
export type JsonLocator = (pointer: string, part?: "value" | "key") => TextPlace | undefined;

export type JsonParseResult =
  | { readonly ok: true; readonly value: Json; readonly locate: JsonLocator }
  | { readonly ok: false; readonly faults: readonly JsonFault[] };

/** Parses strict JSON. Never throws. */
export function parseJsonText(text: string): JsonParseResult {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return { ok: false, faults: [syntaxFault(text, error)] };
  }
  const faults = findFaults(text);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value, locate: makeLocator(text) };
}

function makeLocator(text: string): JsonLocator {
  const lines = new TextPlaces(text);
  const places = new JsonPlaces(text);
  return (pointer, part = "value") => {
    const place = places.find(pointer);
    if (place === undefined) return undefined;
    const start = part === "key" ? (place.keyStart ?? place.start) : place.start;
    return { ...lines.at(start), start, end: place.end };
  };
}

/** `JSON.parse` is the judge; the parser with places only says where. */
function syntaxFault(text: string, error: unknown): JsonFault {
  const lines = new TextPlaces(text);
  if (text.startsWith("\uFEFF")) {
    return { message: "The text begins with a byte order mark; save it without one.", line: 1, column: 1 };
  }
  try {
    parseWithPlaces(text, { mode: "json" });
  } catch (fault) {
    const { line, column } = fault as { line?: number; column?: number };
    if (line !== undefined && column !== undefined) {
      const what = (fault as Error).message.replace(/ found\. \(\d+:\d+\)$/, "").replace(/ \(\d+:\d+\)$/, "");
      return { message: `The text is not JSON: ${plainWords(what)}.`, line, column };
    }
    return { message: "The text is not JSON.", line: 1, column: 1 };
  }
  // The other parser takes control characters inside strings, which JSON forbids.
  const control = findControlCharacter(text);
  if (control !== undefined) {
    return {
      message: "The text is not JSON: a line break or another control character stands inside a string.",
      ...lines.at(control),
    };
  }
  return { message: `The text is not JSON: ${(error as Error).message}.`, line: 1, column: 1 };
}

function plainWords(message: string): string {
  return message
    .replace("Unexpected end of input", "it ends too early")
    .replace("Unexpected token RBrace", 'unexpected "}"')
    .replace("Unexpected token LBrace", 'unexpected "{"')
    .replace("Unexpected token RBracket", 'unexpected "]"')
    .replace("Unexpected token LBracket", 'unexpected "["')
    .replace("Unexpected token Comma", "unexpected comma")
    .replace("Unexpected token Colon", "unexpected colon")
    .replace(/Unexpected token (\w+)/, (_, kind: string) => `unexpected ${kind.toLowerCase()}`)
    .replace("Unexpected character", "unexpected character");
}

function findControlCharacter(text: string): number | undefined {
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inString = !inString;
    else if (inString && code === 0x5c) at += 1;
    else if (inString && code < 0x20) return at;
  }
  return undefined;
}

/** A container that is being read: its keys (none of an array), and where in it the reading is. */
interface OpenContainer {
  readonly keys: Set<string> | undefined;
  part: string | number | undefined;
}

/** What JSON allows and this door does not. Told in the order of the text. */
function findFaults(text: string): readonly JsonFault[] {
  const faults: JsonFault[] = [];
  const lines = new TextPlaces(text);
  const mayHoldLoneSurrogates = hasLoneSurrogate(text);
  const open: OpenContainer[] = [];
  let afterKey = false;
  let tooDeep = false;
  const fault = (offset: number, message: string): void => {
    const pointer = appendPointer("", ...open.flatMap(({ part }) => (part === undefined ? [] : [part])));
    faults.push({ message, pointer, ...lines.at(offset) });
  };

  forEachJsonToken(text, (kind, start, end) => {
    const container = open.at(-1);
    if (typeof container?.part === "number" && kind !== "}" && kind !== "]") container.part += 1;
    if (kind === "{" || kind === "[") {
      if (open.length === MAX_JSON_DEPTH && !tooDeep) {
        tooDeep = true;
        fault(start, `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels.`);
      }
      open.push(kind === "{" ? { keys: new Set(), part: undefined } : { keys: undefined, part: -1 });
      afterKey = false;
      return;
    }
    if (kind === "}" || kind === "]") {
      open.pop();
      return;
    }
    const keys = container?.keys;
    const isKey = kind === "string" && keys !== undefined && !afterKey;
    afterKey = isKey;
    if (kind === "number") {
      const literal = text.slice(start, end);
      if (!isLosslessNumber(literal)) {
        fault(start, `The number ${shorten(literal)} would lose its value; write it as a string.`);
      }
    } else if (kind === "string") {
      const raw = text.slice(start + 1, end - 1);
      const isEscaped = raw.includes("\\");
      const content = isEscaped ? (JSON.parse(text.slice(start, end)) as string) : raw;
      if (isKey && container !== undefined) container.part = content;
      if (isEscaped && content.includes("\0")) fault(start, "A string holds the NUL character (\\u0000).");
      if ((isEscaped || mayHoldLoneSurrogates) && hasLoneSurrogate(content)) {
        fault(start, "A string holds half of a surrogate pair, which is no character.");
      }
      if (isKey) checkKey(content, start, keys, fault);
    }
  });
  return faults;
}

function checkKey(
  key: string,
  start: number,
  keys: Set<string>,
  fault: (offset: number, message: string) => void,
): void {
  if (key === "__proto__") fault(start, 'The key "__proto__" is not allowed.');
  if (keys.has(key)) fault(start, `The key ${JSON.stringify(shorten(key))} is there twice.`);
  keys.add(key);
  if (keys.size === MAX_JSON_KEYS + 1) fault(start, `An object has more than ${MAX_JSON_KEYS} keys.`);
}

/** With the `u` flag a surrogate matches only where it has no partner. */
function hasLoneSurrogate(text: string): boolean {
  return /[\uD800-\uDFFF]/u.test(text);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
