/**
 * TypeScript text of JSON Schema (draft-07), by the same mapping as `FromSchema`: what a type cannot say is left to
 * validation, so a printed type is wider than its schema, never narrower.
 */
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";

/** Type expression of a schema; lines after the first begin with the indent. */
export function schemaText(schema: Json | undefined, indent = ""): string {
  if (!isJsonObject(schema)) return "Json";
  if (schema.const !== undefined) return valueText(schema.const);
  if (Array.isArray(schema.enum)) return unionText(schema.enum.map((value: Json) => valueText(value)));
  const parts = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(parts)) return unionText(parts.map((part: Json) => schemaText(part, indent)));
  if (Array.isArray(schema.allOf)) {
    return schema.allOf.map((part: Json) => grouped(schemaText(part, indent))).join(" & ");
  }
  if (schema.type === undefined) return isJsonObject(schema.properties) ? objectText(schema, indent) : "Json";
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return unionText(kinds.map((kind: Json) => kindText(schema, kind, indent)));
}

/** One property a line, each with its description. */
export function propertyLines(properties: readonly PrintedProperty[], indent: string): string[] {
  return properties.flatMap(({ name, type, isRequired, description }) => [
    ...commentLines(description, indent),
    `${indent}readonly ${propertyName(name)}${isRequired ? "" : "?"}: ${type};`,
  ]);
}

export interface PrintedProperty {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description?: string | undefined;
}

/** The properties that a schema declares. */
export function printedProperties(schema: JsonObject, indent: string): PrintedProperty[] {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required: readonly Json[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: schemaText(property, indent),
    isRequired: required.includes(name),
    description: descriptionOf(property),
  }));
}

export function descriptionOf(schema: Json | undefined): string | undefined {
  const description = isJsonObject(schema) ? schema.description : undefined;
  return typeof description === "string" ? description : undefined;
}

/** A documentation comment; a description cannot end it. */
export function commentLines(description: string | undefined, indent: string): string[] {
  const text = description?.replaceAll("*/", "*\\/").replace(/\s+/g, " ").trim() ?? "";
  return text === "" ? [] : [`${indent}/** ${text} */`];
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** Each member once, in order. */
export function unionText(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  return distinct.length === 0 ? "never" : distinct.join(" | ");
}

function kindText(schema: JsonObject, kind: Json, indent: string): string {
  switch (kind) {
    case "string":
    case "boolean":
    case "null":
    case "number":
      return kind;
    case "integer":
      return "number";
    case "array":
      return `readonly ${grouped(isJsonObject(schema.items) ? schemaText(schema.items, indent) : "Json")}[]`;
    case "object":
      return objectText(schema, indent);
    default:
      return "Json";
  }
}

function objectText(schema: JsonObject, indent: string): string {
  const more = schema.additionalProperties;
  if (!isJsonObject(schema.properties)) {
    return `{ readonly [name: string]: ${isJsonObject(more) ? schemaText(more, indent) : "Json"} }`;
  }
  const inner = `${indent}  `;
  const lines = propertyLines(printedProperties(schema, inner), inner);
  const known = lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
  if (more === false) return lines.length === 0 ? "{ readonly [name: string]: never }" : known;
  return `${lines.length === 0 ? "" : `${known} & `}{ readonly [name: string]: Json | undefined }`;
}

function valueText(value: Json): string {
  if (Array.isArray(value)) return `readonly [${value.map((item: Json) => valueText(item)).join(", ")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `readonly ${propertyName(name)}: ${valueText(member)}`,
  );
  return `{ ${members.join("; ")} }`;
}

function grouped(type: string): string {
  return / [|&] |^readonly /.test(type) ? `(${type})` : type;
}
