/**
 * Reading definitions with the schema compiler wired in: what a door needs to validate and to print, without an engine.
 */
import type { CanonicalDefinition } from "./core/definition/definition-document.generated.js";
import type { Finding } from "./core/definition/finding.js";
import { readDefinition } from "./core/definition/read-definition.js";
import type { Json, JsonObject } from "./core/json/json.js";
import type { CompiledSchema, SchemaCompiler } from "./core/model/schema-port.js";
import { ajvSchemaCompiler } from "./platform/ajv-schema-compiler.js";

/** A definition in either form, as text (findings have lines and columns) or as parsed JSON. */
export type DefinitionSource = { readonly text: string } | { readonly document: Json };

let compiler: SchemaCompiler | undefined;

/** One compiler for the process: compiling the language's own schema is most of what a start costs. */
export function sharedSchemaCompiler(): SchemaCompiler {
  compiler ??= ajvSchemaCompiler();
  return compiler;
}

/** The canonical definition, when it has no finding of severity error, and all findings in the order of their places. */
export function readDefinitionSource(source: DefinitionSource): {
  readonly definition: CanonicalDefinition | undefined;
  readonly findings: readonly Finding[];
} {
  return readDefinition(source, { schemas: sharedSchemaCompiler() });
}

/** A validator for a JSON Schema (draft-07), for instance of a configuration. */
export function validateAgainst(schema: JsonObject): CompiledSchema {
  return sharedSchemaCompiler().compile(schema);
}
