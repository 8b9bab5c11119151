/**
 * The OpenAPI 3.1 document, made from the schemas that validate. Schemas with a title become components, so that a client
 * that is generated from the document has names for them.
 */
import { isJsonObject, type Json, type JsonObject } from "../core/json/json.js";

export const OPENAPI = {
  openapi: "3.1.0",
  info: {
    title: "Statewright",
    description:
      "Durable state machines. Errors are `application/problem+json` (RFC 9457) with a stable `code`; lists are `{ items, nextCursor }`.",
    version: "1",
    license: { name: "MIT", identifier: "MIT" },
  },
  tags: [
    { name: "definitions", description: "Versions of state machines." },
    { name: "instances", description: "Starting, sending, reading, operating." },
    { name: "incidents", description: "What somebody has to look at." },
    { name: "stream", description: "What happens, as it happens." },
    { name: "inbound", description: "What other systems call." },
    { name: "service", description: "The server itself." },
  ],
};

/** The document with its titled schemas under `components.schemas`. Two of one title must be the same. */
export function withComponents(document: JsonObject): JsonObject {
  const schemas: { [title: string]: Json } = {};
  const hoist = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(hoist);
    if (!isJsonObject(value)) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hoist(each)]));
    const { title, type } = value;
    if (typeof title !== "string" || type !== "object") return inner;
    const known = schemas[title];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(inner)) {
      throw new Error(`Broken invariant: two schemas are called "${title}".`);
    }
    schemas[title] = inner;
    return { $ref: `#/components/schemas/${title}` };
  };
  const { components: _, paths = {}, ...rest } = document;
  const hoisted = hoist(paths);
  const named = Object.fromEntries(Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { ...rest, paths: hoisted, components: { schemas: named } };
}
