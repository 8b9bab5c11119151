/**
 * Cursors of lists: where the next page begins, as a text that nobody is meant to read. A cursor holds the last item's
 * place in the order, not a count, so that what is inserted or removed meanwhile moves nothing.
 */
import type { Json } from "../../core/json/json.js";
import { RequestInvalidError } from "../answer/problem.js";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export const USUAL_LIMIT = 100;

export function writeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** `shape`: the types of the parts, in order. Throws `REQUEST_INVALID` for one that this list has not given out. */
export function readCursor<const Shape extends readonly ("string" | "number")[]>(
  cursor: string,
  shape: Shape,
): { readonly [At in keyof Shape]: Shape[At] extends "string" ? string : number } {
  const place = parse(cursor);
  const fits =
    Array.isArray(place) &&
    place.length === shape.length &&
    place.every((part, at) => typeof part === shape[at]);
  if (fits) return place as never;
  throw new RequestInvalidError(
    "The cursor is none of this list.",
    [{ path: "/cursor", message: "The cursor is none that this list has given out." }],
    "Give `nextCursor` of the page before, or none for the first page.",
  );
}

/** `items` may hold one more than the limit: then there is a next page. */
export function pageOf<Item>(
  items: readonly Item[],
  limit: number,
  placeOf: (item: Item) => readonly (string | number)[],
): Page<Item> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown,
    nextCursor: items.length > limit && last !== undefined ? writeCursor(placeOf(last)) : null,
  };
}

function parse(cursor: string): Json | undefined {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as Json;
  } catch {
    return undefined;
  }
}
