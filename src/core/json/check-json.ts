/**
 * Takes a value that a program gives as JSON. Types promise JSON and programs break promises, so it is checked as text
 * from outside is (`parse-json.ts`), and copied, so that nobody changes it afterwards.
 *
 * 1. What comes out is plain, well-formed JSON: no `undefined`, no dates, no class instances, no NUL, no lone
 *    surrogates, no `__proto__` key, no number that is not finite; `-0` is 0, as JSON has it.
 * 2. It shares nothing with what was given, and is within the limits.
 * 3. Never throws, not even for getters and proxies that do.
 */
import { scalarBytes, textBytes } from "./canonical-size.js";
import type { Json } from "./json.js";
import { MAX_JSON_DEPTH, MAX_JSON_KEYS } from "./parse-json.js";
import { appendPointer } from "./pointer.js";

/** Bytes of canonical text that data, or an event's data and variables together, may have. */
export const MAX_DATA_BYTES = 256 * 1024;

export interface JsonProblem {
  readonly code: "VALIDATION_FAILED" | "LIMIT_EXCEEDED";
  /** RFC 6901 pointer to what is wrong. */
  readonly path: string;
  /** The end of a sentence whose beginning names the thing: `is not JSON: a function`. */
  readonly message: string;
  /** True when the whole is too large: no part of it is the culprit. */
  readonly isTooLarge?: true;
}

export type CheckedJson =
  | { readonly ok: true; readonly value: Json; readonly bytes: number }
  | { readonly ok: false; readonly problem: JsonProblem };

/** Checks and copies. `bytes` is the length of the canonical text; depth and keys are limited as in JSON text. */
export function checkJson(given: unknown, maxBytes: number = MAX_DATA_BYTES): CheckedJson {
  try {
    const copying = new Copying(maxBytes);
    return { ok: true, value: copying.copy(given), bytes: copying.bytes };
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, problem: error.problem };
    return {
      ok: false,
      problem: { code: "VALIDATION_FAILED", path: "", message: "is not JSON: reading it fails" },
    };
  }
}

/** Why a text cannot be kept; `undefined` when it can. */
export function textFault(text: string): string | undefined {
  if (text.includes("\0")) return "holds the NUL character";
  // With the `u` flag a surrogate matches only where it has no partner.
  if (/[\uD800-\uDFFF]/u.test(text)) return "holds half of a surrogate pair, which is no character";
  return undefined;
}

class Unfit extends Error {
  constructor(readonly problem: JsonProblem) {
    super(problem.message);
  }
}

class Copying {
  bytes = 0;
  readonly #open: unknown[] = [];
  /** Where it is; written as a pointer only when something is wrong there. */
  readonly #parts: (string | number)[] = [];

  constructor(private readonly maxBytes: number) {}

  copy(given: unknown): Json {
    if (typeof given === "string" || typeof given === "boolean" || given === null) return this.#scalar(given);
    if (typeof given === "number") {
      if (!Number.isFinite(given)) throw this.#invalid(`is not JSON: the number ${given}`);
      return this.#scalar(given === 0 ? 0 : given);
    }
    if (typeof given !== "object") throw this.#invalid(`is not JSON: ${nameOf(given)}`);
    this.#enter(given);
    const copied = Array.isArray(given) ? this.#list(given) : this.#object(given);
    this.#open.pop();
    return copied;
  }

  #scalar<Scalar extends null | boolean | number | string>(value: Scalar): Scalar {
    const fault = typeof value === "string" ? textFault(value) : undefined;
    if (fault !== undefined) throw this.#invalid(fault);
    this.#count(scalarBytes(value));
    return value;
  }

  #enter(container: object): void {
    if (this.#open.includes(container)) throw this.#invalid("is not JSON: it contains itself");
    this.#open.push(container);
    if (this.#open.length > MAX_JSON_DEPTH)
      throw this.#excessive(`is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }

  #list(given: readonly unknown[]): Json {
    this.#count(2 + Math.max(0, given.length - 1));
    // By index, because the list's own iterator is the program's.
    return Array.from({ length: given.length }, (_, at) => this.#member(at, given[at]));
  }

  #object(given: object): Json {
    if (!isPlain(given)) throw this.#invalid(`is not JSON: ${nameOf(given)}`);
    const keys = Object.keys(given);
    if (keys.length > MAX_JSON_KEYS) throw this.#excessive(`has more than ${MAX_JSON_KEYS} keys`);
    this.#count(2 + Math.max(0, keys.length - 1));
    const copied: { [key: string]: Json } = {};
    for (const key of keys) {
      const fault = key === "__proto__" ? 'has the key "__proto__"' : textFault(key);
      if (fault !== undefined) {
        this.#parts.push(key);
        throw this.#invalid(fault);
      }
      this.#count(textBytes(key) + 1);
      copied[key] = this.#member(key, (given as { readonly [key: string]: unknown })[key]);
    }
    return copied;
  }

  #member(part: string | number, given: unknown): Json {
    this.#parts.push(part);
    const copied = this.copy(given);
    this.#parts.pop();
    return copied;
  }

  #count(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.maxBytes)
      throw new Unfit({
        code: "LIMIT_EXCEEDED",
        path: "",
        message: `is larger than ${Math.floor(this.maxBytes / 1024)} KiB`,
        isTooLarge: true,
      });
  }

  #invalid(message: string): Unfit {
    return new Unfit({ code: "VALIDATION_FAILED", path: appendPointer("", ...this.#parts), message });
  }

  #excessive(message: string): Unfit {
    return new Unfit({ code: "LIMIT_EXCEEDED", path: appendPointer("", ...this.#parts), message });
  }
}

/** An object literal, what `JSON.parse` makes, or one without prototype; also of another realm. */
function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(given: unknown): string {
  if (given === undefined) return "undefined";
  if (typeof given !== "object" || given === null) return `a ${typeof given}`;
  const { name } = given.constructor;
  return `an object of class ${typeof name === "string" && name !== "" ? name.slice(0, 80) : "unknown"}`;
}
