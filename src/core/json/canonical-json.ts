import canonicalizeModule from "canonicalize";
import type { Json } from "./json.js";

// The library is CommonJS whose module is the function itself, which its types do not say.
const canonicalize = canonicalizeModule as unknown as (value: Json) => string | undefined;

/**
 * The canonical text of a JSON value by RFC 8785: no white space, keys sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Equal values have equal texts, so hashes may be taken of it. Properties that are
 * `undefined` are left out.
 *
 * Own code with sorted keys was measured at 0.8 of the library's time, which is not worth having.
 *
 * @throws Error for what is no JSON: a number that is not finite, `undefined` at the top.
 */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError(`A value of type ${typeof value} is not JSON.`);
  return text;
}
