/**
 * Reading a member of a value. Only own properties of objects and numbered elements of arrays are there: prototypes,
 * methods and `length` do not exist, and a member of what is absent is absent.
 */
import type { Json } from "../../json/json.js";
import type { Value } from "../scope.js";

/** The own property of an object; `undefined` for everything else, arrays included. */
export function readProperty(holder: Value, key: string): Value {
  if (typeof holder !== "object" || holder === null || Array.isArray(holder)) return undefined;
  return Object.hasOwn(holder, key) ? (holder as { readonly [key: string]: Json })[key] : undefined;
}

/** `holder[key]` for any key; arrays by whole numbers, objects by texts and numbers. */
export function readMember(holder: Value, key: Value): Value {
  if (typeof key === "string") return readProperty(holder, key);
  if (typeof key !== "number") return undefined;
  if (Array.isArray(holder))
    return Number.isInteger(key) && key >= 0 ? (holder[key] as Json | undefined) : undefined;
  return readProperty(holder, String(key));
}
