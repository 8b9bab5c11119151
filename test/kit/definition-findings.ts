/** What validation says of a definition, and the pieces that definitions in tests are made of. */
import type { Finding } from "../../src/core/definition/finding.js";
import type { FindingCode } from "../../src/core/definition/finding-codes.js";
import { readDefinition } from "../../src/core/definition/read-definition.js";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { ajvSchemaCompiler } from "../../src/platform/ajv-schema-compiler.js";

const schemas = ajvSchemaCompiler();

/** All findings of a definition. */
export function findingsOf(document: unknown): readonly Finding[] {
  const { findings } = readDefinition({ document: document as Json }, { schemas });
  return findings;
}

/** The findings of one code, as `severity pointer`. */
export function places(document: unknown, code: FindingCode): string[] {
  return findingsOf(document)
    .filter((finding) => finding.code === code)
    .map(({ severity, pointer }) => `${severity} ${pointer}`);
}

/** The sentences of one code. */
export function messages(document: unknown, code: FindingCode): string[] {
  return findingsOf(document)
    .filter((finding) => finding.code === code)
    .map(({ message }) => message);
}

/** Data of a state, by the names of its properties. */
export const schema = (...names: string[]) => ({
  schema: { type: "object", properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])) },
});
/** A machine in the short form. */
export const short = (states: JsonObject, more: JsonObject = {}) => ({ id: "m", ...more, states });
export const end = { type: "final" };
/** A transition of the short form. */
export const to = (target: string, more: JsonObject = {}) => ({ target, ...more });
/** A webhook that raises no finding. */
export const call = (actionId: string, more: JsonObject = {}) => ({
  actionId,
  trigger: { webhook: { url: "https://api.bank.com/x" } },
  timeout: "PT1S",
  onError: "abort",
  ...more,
});
