/**
 * A state's data schema as the data rules need it: which properties it takes, the full check, and the partial check in
 * which only `required` of the top level may be unmet.
 *
 * The partial check runs on a relaxed copy of the schema: `required`, `minProperties` and the list form of
 * `dependencies` are left out at the top level and in everything that applies to the same object (`allOf`, `anyOf`,
 * `oneOf` as `anyOf`, `then`, `else`, a local `$ref`). What lies deeper is kept: a nested object that is there must be
 * whole. Validators are compiled at first use, so that a machine with many states starts fast.
 */
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import type { DataSchema } from "./machine.js";
import type { CompiledSchema, SchemaCompiler, Violation } from "./schema-port.js";

export function compileDataSchema(schema: JsonObject, compiler: SchemaCompiler): DataSchema {
  const parts = topLevelParts(schema, schema, 0);
  const properties = [...new Set(parts.flatMap((part) => Object.keys(objectAt(part, "properties"))))];
  const patterns = parts
    .flatMap((part) => Object.keys(objectAt(part, "patternProperties")))
    .map((source) => new RegExp(source, "u"));
  const isOpen = parts.some(
    (part) => part.additionalProperties === true || isJsonObject(part.additionalProperties),
  );
  const known = new Set(properties);
  return {
    properties,
    declares: (property) =>
      isOpen || known.has(property) || patterns.some((pattern) => pattern.test(property)),
    checkFull: lazily(compiler, () => schema),
    checkPartial: lazily(compiler, () => relax(schema, schema, 0)),
  };
}

const MAX_DEPTH = 16;

function lazily(
  compiler: SchemaCompiler,
  schema: () => JsonObject,
): (data: JsonObject) => readonly Violation[] {
  let compiled: CompiledSchema | undefined;
  return (data) => {
    compiled ??= compiler.compile(schema());
    if (!compiled.ok)
      throw new Error(
        `Broken invariant: a published schema does not compile: ${compiled.faults[0]?.message ?? ""}`,
      );
    return compiled.validate(data);
  };
}

/** The schema and every schema that applies to the same object. */
function topLevelParts(schema: JsonObject, root: JsonObject, depth: number): JsonObject[] {
  if (depth > MAX_DEPTH) return [];
  const referred = localReference(schema, root);
  if (referred !== undefined) return topLevelParts(referred, root, depth + 1);
  const branches = [
    ...listAt(schema, "allOf"),
    ...listAt(schema, "anyOf"),
    ...listAt(schema, "oneOf"),
    schema.if,
    schema.then,
    schema.else,
  ];
  return [
    schema,
    ...branches.filter(isSchemaObject).flatMap((branch) => topLevelParts(branch, root, depth + 1)),
  ];
}

function relax(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  if (depth > MAX_DEPTH) return schema;
  const referred = localReference(schema, root);
  if (referred !== undefined) return keepDefinitions(relax(referred, root, depth + 1), schema);
  const relaxed: { [keyword: string]: Json } = {};
  for (const [keyword, value] of Object.entries(schema)) {
    switch (keyword) {
      case "required":
      case "minProperties":
        break;
      case "dependencies":
        relaxed.dependencies = withoutLists(value);
        break;
      case "allOf":
      case "anyOf":
        relaxed[keyword] = relaxList(value, root, depth);
        break;
      case "oneOf":
        // Branches that differ only in what they require may hold together now.
        relaxed.allOf = [...listAt(relaxed, "allOf"), { anyOf: relaxList(value, root, depth) }];
        break;
      case "then":
      case "else":
        relaxed[keyword] = isJsonObject(value) ? relax(value, root, depth + 1) : value;
        break;
      default:
        relaxed[keyword] = value;
    }
  }
  return relaxed;
}

function relaxList(value: Json, root: JsonObject, depth: number): Json {
  if (!Array.isArray(value)) return value;
  return value.map((branch: Json) => (isJsonObject(branch) ? relax(branch, root, depth + 1) : branch));
}

function withoutLists(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, dependency]) => !Array.isArray(dependency)));
}

/** What a `$ref` of the form `#/…` points to inside the document. */
function localReference(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const { $ref } = schema;
  if (typeof $ref !== "string" || !$ref.startsWith("#/")) return undefined;
  let found: Json | undefined = root;
  for (const part of $ref.slice(2).split("/")) {
    found = isJsonObject(found)
      ? found[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")]
      : undefined;
  }
  return isJsonObject(found) ? found : undefined;
}

function keepDefinitions(relaxed: JsonObject, schema: JsonObject): JsonObject {
  return schema.definitions === undefined || relaxed.definitions !== undefined
    ? relaxed
    : { ...relaxed, definitions: schema.definitions };
}

function objectAt(schema: JsonObject, keyword: string): JsonObject {
  const value = schema[keyword];
  return isJsonObject(value) ? value : {};
}

function listAt(schema: JsonObject, keyword: string): readonly Json[] {
  const value = schema[keyword];
  return Array.isArray(value) ? value : [];
}

function isSchemaObject(value: Json | undefined): value is JsonObject {
  return isJsonObject(value);
}
