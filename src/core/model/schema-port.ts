import type { Json, JsonObject } from "../json/json.js";

/**
 * The one thing that the core needs done to JSON Schema: turn a draft-07 schema into a validator. The implementation
 * (ajv) is injected, so that the core stays free of code generation.
 */
export interface SchemaCompiler {
  /**
   * Compiles a draft-07 schema; formats are enforced, `$ref` is resolved inside the schema alone.
   * Never throws: a schema that is not valid gives `faults`. The same content gives the same validator.
   */
  compile(schema: JsonObject | boolean): CompiledSchema;
}

export type CompiledSchema =
  | { readonly ok: true; readonly validate: (value: Json) => readonly Violation[] }
  | { readonly ok: false; readonly faults: readonly SchemaFault[] };

/** One way in which data does not satisfy a schema. */
export interface Violation {
  /** RFC 6901 pointer into the data; for a missing or an undeclared property the pointer of that property. */
  readonly path: string;
  /** A sentence that a person understands, naming the property. */
  readonly message: string;
  /** The schema keyword that failed (`required`, `format`, …). */
  readonly keyword: string;
}

export interface SchemaFault {
  /** RFC 6901 pointer into the schema. */
  readonly pointer: string;
  readonly message: string;
}
