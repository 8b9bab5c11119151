/** Says what is wrong with the shape of a definition: in the words of the schema at the place, with what is near. */
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import { parentPointer, pointerParts } from "../../json/pointer.js";
import type { Violation } from "../../model/schema-port.js";
import type { FindingCode } from "../finding-codes.js";
import { didYouMean, nearestName } from "./nearest-name.js";
import { placeLabel } from "./place-label.js";
import { applicableSchemas, childSchemas, propertyNames } from "./schema-walk.js";

export interface ShapeFinding {
  readonly code: FindingCode;
  /** Into the author's document. */
  readonly pointer: string;
  /** The key is the matter, not its value. */
  readonly isAboutKey: boolean;
  readonly message: string;
  readonly hint?: string;
}

/** What people write for a field that has another name here, by either form. */
const OTHER_NAMES: { readonly [name: string]: readonly string[] } = {
  id: ["stateMachineId", "stateId", "transitionId", "actionId", "eventId"],
  type: ["baseStateType", "trigger"],
  from: ["fromStateId"],
  source: ["fromStateId"],
  to: ["toStateId", "target"],
  target: ["toStateId"],
  guard: ["condition"],
  cond: ["condition"],
  when: ["condition"],
  on: ["event"],
  events: ["event"],
  entry: ["entryActions"],
  onEntry: ["entryActions"],
  exit: ["exitActions"],
  onExit: ["exitActions"],
  schema: ["data"],
  delay: ["after", "retryDelay"],
  retries: ["retryCount"],
  body: ["payload"],
  stateMachineId: ["id"],
  toStateId: ["target"],
  baseStateType: ["type"],
};

/** The finding of one violation of the language's schema. */
export function shapeFinding(document: Json, { path, keyword, message }: Violation): ShapeFinding {
  const parent = parentPointer(path);
  const name = pointerParts(path).at(-1) ?? "";
  if (keyword === "required" || keyword === "dependencies") {
    const hint =
      name === "type" && placeLabel(document, parent).includes("action") ? ACTION_TYPE_HINT : undefined;
    return {
      code: "MISSING_FIELD",
      pointer: parent,
      isAboutKey: false,
      message: `${placeLabel(document, parent)}: the field "${name}" is missing${within(document, parent)}.`,
      ...(hint === undefined ? {} : { hint }),
    };
  }
  if (keyword === "additionalProperties") return unknownField(document, path, parent, name);
  const place = describe(document, path);
  const schemas = schemasAt(document, path);
  const value = valueAt(document, path);
  const sentence = valueSentence(keyword, schemas, value) ?? message;
  const words = wordsOf(schemas);
  const hint = typeof value === "string" && words.length > 0 ? didYouMean(value, words) : undefined;
  return {
    code: "INVALID_VALUE",
    pointer: path,
    isAboutKey: keyword === "propertyNames",
    message:
      keyword === "propertyNames"
        ? `${placeLabel(document, parent)}: ${idSentence(name)}`
        : `${place} ${sentence}.`,
    ...(hint === undefined ? {} : { hint }),
  };
}

const ACTION_TYPE_HINT = "An action needs a type, or one of trigger, assign and function that imply it.";

function unknownField(document: Json, path: string, parent: string, name: string): ShapeFinding {
  const names = propertyNames(schemasAt(document, parent));
  // A field may be called `constructor`: only own entries count.
  const others = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  const other = others?.find((candidate) => names.includes(candidate));
  const nearest = other ?? nearestName(name, names);
  return {
    code: "UNKNOWN_FIELD",
    pointer: path,
    isAboutKey: true,
    message: `${placeLabel(document, parent)}: the field "${name}" is not known${within(document, parent)}.`,
    hint:
      nearest === undefined
        ? `The fields here are ${names.join(", ")}; your own begin with "x-".`
        : `Did you mean "${nearest}"?`,
  };
}

/** ` in "data"` where the place is not a state, transition, action or the definition itself. */
function within(document: Json, pointer: string): string {
  const name = pointerParts(pointer).at(-1);
  if (name === undefined || /^\d+$/.test(name)) return "";
  const label = placeLabel(document, pointer);
  return label.endsWith(`"${name}"`) || label.endsWith(`in "${name}"`) ? "" : ` in "${name}"`;
}

function describe(document: Json, path: string): string {
  const parts = pointerParts(path);
  const label = placeLabel(document, path);
  const name = parts.at(-1);
  if (name === undefined) return "The definition";
  if (/^\d+$/.test(name)) {
    const isThing = label !== placeLabel(document, parentPointer(path));
    return isThing ? label : `${label}: item ${Number(name) + 1} of "${parts.at(-2) ?? ""}"`;
  }
  return label.endsWith(`state "${name}"`) ? label : `${label}: "${name}"`;
}

function valueSentence(
  keyword: string,
  schemas: readonly JsonObject[],
  value: Json | undefined,
): string | undefined {
  const first = (key: string) => schemas.find((schema) => schema[key] !== undefined)?.[key];
  switch (keyword) {
    case "enum":
    case "const":
      return `must be ${orList(wordsOf(schemas))}${typeof value === "string" ? `, not "${value}"` : ""}`;
    case "type":
      return `must be ${typeWords(first("type"))}, not ${typeOf(value)}`;
    case "pattern":
      return `is not of the right form: ${patternDescription(schemas)}`;
    case "minLength":
      return "must not be empty";
    case "maxLength":
      return `must have at most ${first("maxLength")} characters`;
    case "minimum":
      return `must be at least ${first("minimum")}`;
    case "maximum":
      return `must be at most ${first("maximum")}`;
    case "minItems":
      return "must not be empty";
    case "minProperties":
    case "maxProperties":
      return `must have exactly one of ${orList(propertyNames(schemas))}`;
    default:
      return undefined;
  }
}

/** What the schema with the pattern says of itself, which tells more than the pattern does. */
function patternDescription(schemas: readonly JsonObject[]): string {
  const description = schemas.find((schema) => schema.pattern !== undefined)?.description;
  return String(description ?? "").replace(/\.$/, "");
}

function idSentence(name: string): string {
  return `"${name}" is not an identifier: a letter or underscore first, then letters, digits, underscores, dots and hyphens.`;
}

function wordsOf(schemas: readonly JsonObject[]): readonly string[] {
  const lists = schemas.flatMap((schema) =>
    Array.isArray(schema.enum) ? [schema.enum as readonly Json[]] : [],
  );
  const [longest = []] = lists.sort((one, other) => other.length - one.length);
  return longest.filter((word): word is string => typeof word === "string");
}

function orList(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "something else";
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

const TYPE_WORDS: { readonly [type: string]: string } = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};

function typeWords(type: Json | undefined): string {
  const types = Array.isArray(type) ? (type as readonly Json[]) : [type ?? ""];
  return orList(types.map((one) => TYPE_WORDS[String(one)] ?? String(one)));
}

function typeOf(value: Json | undefined): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return String(value);
  return TYPE_WORDS[typeof value] ?? typeof value;
}

function schemasAt(document: Json, pointer: string): readonly JsonObject[] {
  const isShort = !(isJsonObject(document) && Array.isArray(document.states));
  const root = { $ref: `#/definitions/${isShort ? "ShortDefinition" : "ArrayDefinition"}` };
  let schemas = applicableSchemas(root, document);
  let value: Json | undefined = document;
  for (const part of pointerParts(pointer)) {
    value = childOf(value, part);
    schemas = childSchemas(schemas, part, value);
  }
  return schemas;
}

function valueAt(document: Json, pointer: string): Json | undefined {
  return pointerParts(pointer).reduce<Json | undefined>(childOf, document);
}

function childOf(value: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(part)];
  return isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}
