/**
 * Validates the parts of a request by the schemas of the contract, with the same sentences as everywhere in the house.
 *
 * 1. What is not declared is refused by its name; nothing is filled in, nothing left out.
 * 2. Parameters and queries are texts: one that reads as the number or truth value that its schema asks for becomes it.
 */
import type { FastifySchema } from "fastify";
import type { FastifyRouteSchemaDef, FastifyValidationResult } from "fastify/types/schema.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";
import { validateAgainst } from "../../validation.js";
import { RequestInvalidError } from "../answer/problem.js";

const PARTS: { readonly [part: string]: string } = {
  params: "The path",
  querystring: "The query",
  headers: "A header",
  body: "The body",
};

/** For Fastify's `setValidatorCompiler`. */
export function requestValidator(part: FastifyRouteSchemaDef<FastifySchema>): FastifyValidationResult {
  const { httpPart } = part;
  // Fastify's type says what a whole route has; what comes is the schema of one part.
  const schema = part.schema as JsonObject;
  const compiled = validateAgainst(schema);
  if (!compiled.ok) {
    throw new Error(`Broken invariant: a schema of the contract: ${compiled.faults[0]?.message ?? ""}`);
  }
  const isText = httpPart === "params" || httpPart === "querystring";
  const validate = (given: unknown) => {
    const value = isText ? asDeclared(given as JsonObject, schema) : (given ?? null);
    const violations = compiled.validate(value as Json).map(({ path, message }) => ({ path, message }));
    if (violations.length === 0) return { value };
    const name = PARTS[httpPart ?? "body"] ?? "The request";
    const first = violations[0]?.message ?? "";
    return { error: new RequestInvalidError(`${name} is not as the contract says: ${first}`, violations) };
  };
  return validate as unknown as FastifyValidationResult;
}

function asDeclared(given: JsonObject, { properties }: JsonObject): JsonObject {
  const declared = isJsonObject(properties) ? properties : {};
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const schema = Object.hasOwn(declared, name) ? declared[name] : undefined;
      return [name, typeof value === "string" && isJsonObject(schema) ? readText(value, schema.type) : value];
    }),
  );
}

function readText(text: string, type: Json | undefined): Json {
  if (type === "integer" && /^-?(0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
