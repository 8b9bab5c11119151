/** Parts that the schemas of the contract are made of. Draft-07, and as such also what OpenAPI 3.1 takes. */
import type { JsonObject } from "../../core/json/json.js";

/** An object with these properties and no others. A `title` makes it a named schema of the OpenAPI document. */
export function closedObject(
  properties: { readonly [name: string]: JsonObject },
  options: {
    readonly title?: string;
    readonly description?: string;
    readonly required?: readonly string[];
  } = {},
): JsonObject {
  return { type: "object", ...(options as JsonObject), properties, additionalProperties: false };
}

/** An object of an answer: later versions may add to it. */
export function openObject(
  title: string,
  description: string,
  properties: { readonly [name: string]: JsonObject },
  required: readonly string[],
): JsonObject {
  return { title, description, type: "object", required: [...required], properties };
}

/** What a list answers with. */
export function pageOf(title: string, item: JsonObject): JsonObject {
  return openObject(
    title,
    "One page of a list.",
    {
      items: listOf(item),
      nextCursor: {
        type: ["string", "null"],
        description: "Where the next page begins, for `cursor`; null when this is the last one.",
      },
    },
    ["items", "nextCursor"],
  );
}

export function listOf(item: JsonObject): JsonObject {
  return { type: "array", items: item };
}

export function described(description: string, schema: JsonObject): JsonObject {
  return { ...schema, description };
}

export function oneOfWords(words: readonly string[]): JsonObject {
  return { type: "string", enum: [...words] };
}

export const TEXT: JsonObject = { type: "string" };
export const COUNT: JsonObject = { type: "integer", minimum: 0 };
export const VERSION: JsonObject = { type: "integer", minimum: 1, maximum: 9_007_199_254_740_991 };
export const BOOLEAN: JsonObject = { type: "boolean" };
export const INSTANT: JsonObject = { type: "string", format: "date-time" };
export const ANY_OBJECT: JsonObject = { type: "object" };

/** An id: what the engine takes as one. Its own checks say more than a pattern could. */
export const ID: JsonObject = { type: "string", minLength: 1, maxLength: 255 };

export const STATUS: JsonObject = oneOfWords(["active", "suspended", "completed", "error", "cancelled"]);

export const LIMIT: JsonObject = {
  type: "integer",
  minimum: 1,
  maximum: 1000,
  description: "How many items at most; 100 where nothing is said.",
};

export const CURSOR: JsonObject = {
  type: "string",
  minLength: 1,
  maxLength: 2000,
  description:
    "`nextCursor` of the page before. It means a place in the order, so what is inserted meanwhile moves nothing.",
};

/** A path and a sentence, where data or a request is at fault. */
export const VIOLATIONS: JsonObject = listOf(
  openObject(
    "Violation",
    "One fault and its place.",
    {
      path: described("RFC 6901 pointer to what is at fault; empty for the whole.", TEXT),
      message: described("A sentence that a person understands.", TEXT),
    },
    ["path", "message"],
  ),
);
