/**
 * The JSON Schema of the language (draft-07), put together from its parts.
 *
 * - `authoredSchema` describes what authors write, in either form; it is what definitions are validated with.
 * - `canonicalParts` are the shapes after normalising; TypeScript types are made from them.
 */
import type { Json, JsonObject } from "../../json/json.js";
import { actionParts } from "./action.js";
import { fileParts } from "./file.js";
import { kafkaParts } from "./kafka.js";
import { machineParts } from "./machine.js";
import { plainParts } from "./plain-parts.js";
import { choose, type SchemaNode } from "./schema-node.js";
import { stateParts } from "./state.js";
import { strategyParts } from "./strategy.js";
import { transitionParts } from "./transition.js";
import { authoredTriggerParts, canonicalTriggerParts, startParts } from "./trigger.js";
import { webhookParts } from "./webhook.js";

const SCHEMA_ID = "urn:statewright:schema:definition";

/** Shapes of the normalised definition alone: no author writes against them. */
const CANONICAL_ONLY = [
  "CanonicalDefinition",
  "CanonicalState",
  "CanonicalTransition",
  "CanonicalRegion",
  ...Object.keys(canonicalTriggerParts),
];

/** Every named shape of the language, with the notes for the generation of types. */
export const allParts: { readonly [name: string]: SchemaNode } = {
  ...machineParts,
  ...stateParts,
  ...transitionParts,
  ...canonicalTriggerParts,
  ...authoredTriggerParts,
  ...startParts,
  ...actionParts,
  ...strategyParts,
  ...webhookParts,
  ...kafkaParts,
  ...fileParts,
  ...plainParts,
};

/** The published schema: an array of states means the canonical form, anything else the short form. */
export const authoredSchema: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Statewright definition",
  description: "One version of one state machine.",
  type: "object",
  ...choose(
    { properties: { states: { type: "array" } }, required: ["states"] },
    { $ref: "#/definitions/ArrayDefinition" },
    { $ref: "#/definitions/ShortDefinition" },
  ),
  definitions: withoutTypeNotes(
    Object.fromEntries(Object.entries(allParts).filter(([name]) => !CANONICAL_ONLY.includes(name))),
  ),
};

/** The schema as a file: with the address that editors know it by. */
export const publishedSchema: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: SCHEMA_ID,
  ...authoredSchema,
};

function withoutTypeNotes<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutTypeNotes) as unknown as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => !(key === "tsType" && typeof part === "string"))
      .map(([key, part]) => [key, withoutTypeNotes(part as Json)]),
  ) as T;
}
