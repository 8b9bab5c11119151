/**
 * JSON Schema draft-07 by ajv.
 *
 * 1. `compile` never throws: a schema that is not valid, names an unknown format or refers to something outside itself
 *    gives faults with pointers into it.
 * 2. `validate` never throws and never changes the value.
 * 3. Schemas of equal content share one validator; at most `MAX_KEPT` validators are kept, the least recently used goes.
 * 4. ajv is loaded only when a validator that was not made ahead of time is needed: the schema of the language and the
 *    meta-schema are there already, and other schemas are compiled at their first use unless only compiling them tells
 *    whether they can be.
 */
import type { AnySchemaObject, ErrorObject, ValidateFunction } from "ajv";
import { authoredSchema } from "../core/definition/schema/definition-schema.js";
import { canonicalJson } from "../core/json/canonical-json.js";
import { isJsonObject, type Json, type JsonObject } from "../core/json/json.js";
import { appendPointer } from "../core/json/pointer.js";
import type { CompiledSchema, SchemaCompiler, SchemaFault, Violation } from "../core/model/schema-port.js";
import { isKnownFormat, newAjv } from "./schema/ajv-instance.js";
import { draft07Validator, languageValidator } from "./schema/precompiled.js";
import { subschemas } from "./schema/subschemas.js";
import { isSureToCompile } from "./schema/sure-to-compile.js";
import { toViolations } from "./schema/violation-sentence.js";

const MAX_KEPT = 500;
const DRAFT_07 = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;
const META_SCHEMA = "http://json-schema.org/draft-07/schema";

export function ajvSchemaCompiler(): SchemaCompiler {
  const kept = new Map<string, CompiledSchema>();
  return {
    compile(schema) {
      if (schema === authoredSchema && languageValidator !== undefined) return compiledBy(languageValidator);
      let key: string;
      try {
        key = canonicalJson(schema);
      } catch {
        return { ok: false, faults: [{ pointer: "", message: "The schema is not JSON." }] };
      }
      let compiled = kept.get(key);
      if (compiled === undefined) {
        // What is kept must not change with the caller's object, hence the copy.
        compiled = compileSchema(JSON.parse(key) as JsonObject | boolean);
      }
      kept.delete(key);
      kept.set(key, compiled);
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return compiled;
    },
  };
}

function compileSchema(schema: JsonObject | boolean): CompiledSchema {
  const faults = [...metaFaults(schema), ...ownFaults(schema)];
  if (faults.length > 0) return { ok: false, faults };
  const compile = () => newAjv().compile(withoutDialect(schema));
  if (isSureToCompile(schema)) {
    let validator: ValidateFunction | undefined;
    return {
      ok: true,
      validate(value) {
        validator ??= compile();
        return violationsOf(validator, value);
      },
    };
  }
  try {
    return compiledBy(compile());
  } catch (error) {
    return { ok: false, faults: [compileFault(schema, error)] };
  }
}

function compiledBy(validator: ValidateFunction): CompiledSchema {
  return { ok: true, validate: (value) => violationsOf(validator, value) };
}

let draft07 = draft07Validator;

function metaValidator(): ValidateFunction {
  draft07 ??= newAjv().getSchema(META_SCHEMA);
  if (draft07 === undefined) throw new Error("ajv comes without the meta-schema of draft-07.");
  return draft07;
}

/** What the meta-schema of draft-07 says; of each place only the first, the others follow from it. */
function metaFaults(schema: Json): readonly SchemaFault[] {
  const validator = metaValidator();
  if (validator(schema) === true) return [];
  const faults = new Map<string, SchemaFault>();
  for (const { path, message } of toViolations(validator.errors ?? [])) {
    if (!faults.has(path))
      faults.set(path, { pointer: path, message: message.replace(/^The data /, "The schema ") });
  }
  return [...faults.values()];
}

/** What the meta-schema allows and this compiler does not. */
function ownFaults(schema: Json): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  if (isJsonObject(schema) && typeof schema.$schema === "string" && !DRAFT_07.test(schema.$schema)) {
    const message = `The dialect "${schema.$schema}" is not understood; write the schema in draft-07 (${META_SCHEMA}#).`;
    faults.push({ pointer: "/$schema", message });
  }
  for (const { pointer, schema: part } of subschemas(schema)) {
    faults.push(...patternFaults(pointer, part));
    const { format } = part;
    if (typeof format === "string" && !isKnownFormat(format)) {
      const message = `The format "${format}" is not known; draft-07 has date-time, date, time, email, uri, uuid and others.`;
      faults.push({ pointer: appendPointer(pointer, "format"), message });
    }
    if (part.$async !== undefined) {
      faults.push({
        pointer: appendPointer(pointer, "$async"),
        message: 'Remove "$async": it is no part of draft-07.',
      });
    }
  }
  return faults;
}

/** ajv's meta-schema leaves formats alone, so patterns are tried here, in the unicode mode in which ajv uses them. */
function* patternFaults(pointer: string, schema: JsonObject): Generator<SchemaFault> {
  const { pattern, patternProperties } = schema;
  const found =
    typeof pattern === "string" ? [{ at: appendPointer(pointer, "pattern"), source: pattern }] : [];
  if (isJsonObject(patternProperties)) {
    for (const source of Object.keys(patternProperties)) {
      found.push({ at: appendPointer(pointer, "patternProperties", source), source });
    }
  }
  for (const { at, source } of found) {
    try {
      new RegExp(source, "u");
    } catch (error) {
      yield { pointer: at, message: `The pattern is not one that can be used: ${(error as Error).message}.` };
    }
  }
}

/** The dialect has been checked; ajv knows it under one spelling only. */
function withoutDialect(schema: JsonObject | boolean): AnySchemaObject | boolean {
  if (typeof schema === "boolean") return schema;
  const { $schema: _, ...rest } = schema;
  return rest;
}

function compileFault(schema: Json, error: unknown): SchemaFault {
  const { message, missingRef } = error as Error & { missingRef?: string };
  if (typeof missingRef !== "string")
    return { pointer: "", message: `The schema cannot be used: ${message}.` };
  for (const { pointer, schema: part } of subschemas(schema)) {
    if (typeof part.$ref === "string" && missingRef.endsWith(part.$ref)) {
      return { pointer: appendPointer(pointer, "$ref"), message: refSentence(part.$ref) };
    }
  }
  return { pointer: "", message: refSentence(missingRef) };
}

function refSentence(ref: string): string {
  return ref.startsWith("#")
    ? `"${ref}" leads nowhere in this schema.`
    : `"${ref}" is outside this schema and is never fetched; copy it into "definitions" and refer to it there.`;
}

function violationsOf(validator: ValidateFunction, value: Json): readonly Violation[] {
  let errors: readonly ErrorObject[];
  try {
    errors = validator(value) === true ? [] : (validator.errors ?? []);
    // ajv keeps the errors, and with them the data, until the next call.
    validator.errors = null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = "The data could not be checked: the schema refers to itself without end";
    return [{ path: "", message, keyword: "$ref" }];
  }
  return errors.length === 0 ? [] : toViolations(errors);
}
