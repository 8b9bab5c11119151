/**
 * ajv as the house uses it: draft-07, every violation told, values never changed.
 *
 * 1. A new instance for each schema: `$id`s of two definitions never meet, and nothing outside the schema is resolved
 *    but draft-07's own meta-schema. There is no loader, so nothing is ever fetched.
 * 2. Formats are enforced and complete (no shortcuts): times are RFC 3339 to the letter, `uuid` is the bare form.
 * 3. Only a value's own properties count: `constructor` is missing where nobody gave it.
 * 4. Values are compared as data: a property called `valueOf` is one like any other.
 * 5. ajv is loaded with the first use (60 ms on a slow machine): what never validates does not pay for it.
 */
import { createRequire } from "node:module";
import type { Ajv, CodeOptions, Options } from "ajv";
import { isMultipleOf } from "./is-multiple-of.js";
import { isSameJson } from "./is-same-json.js";

const load = createRequire(import.meta.url);

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  verbose: true,
  ownProperties: true,
  logger: false,
  // The meta-schema is checked apart, by an instance that has compiled it once.
  validateSchema: false,
};

const DATE_TIME_SHAPE = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:z|[+-]\d{2}:\d{2})$/i;
const TIME_SHAPE = /^\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:z|[+-]\d{2}:\d{2})$/i;
const UUID_SHAPE = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** `code` is for the build alone, which keeps the code that ajv makes. */
export function newAjv(code?: CodeOptions): Ajv {
  const { Ajv, _ } = load("ajv") as typeof import("ajv");
  const { default: addFormats } = load("ajv-formats") as typeof import("ajv-formats");
  const ajv = new Ajv(code === undefined ? OPTIONS : { ...OPTIONS, code });
  // Its types say that the plugin is the default export of a CommonJS module, seen from an ES module.
  (addFormats as unknown as typeof addFormats.default)(ajv, { mode: "full", keywords: false });
  narrowFormat(ajv, "date-time", DATE_TIME_SHAPE);
  narrowFormat(ajv, "time", TIME_SHAPE);
  ajv.addFormat("uuid", UUID_SHAPE);
  // Where ajv asks for its own equality, it finds ours under that key; the code is for what is made ahead of time.
  const { default: equality } = load("ajv/dist/runtime/equal") as typeof import("ajv/dist/runtime/equal.js");
  ajv.scope.value("func", { key: equality, ref: isSameJson, code: _`isSameJson` });
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    compile: (divisor: number) => (value: number) => isMultipleOf(value, divisor),
  });
  return ajv;
}

/** The formats that an instance knows; asking for them does not load ajv. */
export function isKnownFormat(name: string): boolean {
  const { fullFormats } = load("ajv-formats/dist/formats") as typeof import("ajv-formats/dist/formats.js");
  return Object.hasOwn(fullFormats, name);
}

/** The library's times take a space for the `T` and offsets without colon, which RFC 3339 does not have. */
function narrowFormat(ajv: Ajv, name: string, shape: RegExp): void {
  const format = ajv.formats[name];
  if (typeof format !== "object" || format instanceof RegExp || typeof format.validate !== "function") {
    throw new Error(`The format "${name}" is not there in the form that is narrowed here.`);
  }
  const validate = format.validate as (text: string) => boolean;
  ajv.addFormat(name, { type: "string", validate: (text: string) => shape.test(text) && validate(text) });
}
