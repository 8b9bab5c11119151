/**
 * Checks a document against the schema of the language, and gives what can be worked with all the same.
 *
 * 1. Every fault of the shape is told, each place once.
 * 2. What is given on is of valid shape: parts that are not are taken away, the smallest that will do.
 */
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import { parentPointer } from "../../json/pointer.js";
import type { CompiledSchema, SchemaCompiler, Violation } from "../../model/schema-port.js";
import type { PointerMap } from "../forms/pointer-map.js";
import { authoredSchema } from "../schema/definition-schema.js";
import { prune } from "./prune.js";
import { type ShapeFinding, shapeFinding } from "./shape-sentence.js";

export interface CheckedShape {
  readonly findings: readonly ShapeFinding[];
  /** Of valid shape; undefined when nothing usable is left. */
  readonly document: JsonObject | undefined;
  /** From pointers of `document` to those of the author's. */
  readonly origins: PointerMap;
  /** True when whole states were taken away, so that it is not known which there are. */
  readonly lacksStates: boolean;
}

const MAX_ROUNDS = 20;
const MAX_FINDINGS = 1_000;
const compiledSchemas = new WeakMap<SchemaCompiler, CompiledSchema & { readonly ok: true }>();

export function checkShape(document: Json, schemas: SchemaCompiler): CheckedShape {
  const { validate } = languageSchema(schemas);
  const findings: ShapeFinding[] = [];
  const removed = new Set<string>();
  let pruned = prune(document, removed);
  let isNamed = true;
  for (let round = 0; round < MAX_ROUNDS && pruned.value !== undefined; round += 1) {
    const candidate = isNamed ? pruned.value : withName(pruned.value);
    const violations = telling(validate(candidate));
    if (violations.length === 0 && isJsonObject(candidate)) {
      return { findings, document: candidate, origins: pruned.origins, lacksStates: lacksStates(removed) };
    }
    // Those of later rounds only follow from what was taken away.
    if (round === 0) {
      findings.push(
        ...violations.slice(0, MAX_FINDINGS).map((violation) => shapeFinding(document, violation)),
      );
    }
    const sizeBefore = removed.size;
    for (const violation of violations) {
      if (/^\/(id|stateMachineId)$/.test(violation.path)) isNamed = false;
      if (/^\/(id|stateMachineId)$/.test(violation.path) && violation.keyword === "required") continue;
      removed.add(pruned.origins.resolve(partToRemove(violation)));
    }
    if (removed.size === sizeBefore && isNamed) break;
    pruned = prune(document, removed);
  }
  return { findings, document: undefined, origins: pruned.origins, lacksStates: true };
}

function languageSchema(schemas: SchemaCompiler): CompiledSchema & { readonly ok: true } {
  const known = compiledSchemas.get(schemas);
  if (known !== undefined) return known;
  const compiled = schemas.compile(authoredSchema);
  if (!compiled.ok)
    throw new Error(`The schema of the language is not valid: ${JSON.stringify(compiled.faults)}`);
  compiledSchemas.set(schemas, compiled);
  return compiled;
}

/** A machine without a name can be looked at all the same. */
function withName(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return { [Array.isArray(value.states) ? "stateMachineId" : "id"]: "unnamed", ...value };
}

/** One violation for each place: of several kinds of value that a place could not be, the first says it all. */
function telling(violations: readonly Violation[]): readonly Violation[] {
  const told = new Set<string>();
  return violations.filter(({ path, keyword }) => {
    if (keyword === "if" || told.has(path)) return false;
    told.add(path);
    return true;
  });
}

function partToRemove({ path, keyword }: Violation): string {
  return keyword === "required" || keyword === "dependencies" ? parentPointer(path) : path;
}

function lacksStates(removed: ReadonlySet<string>): boolean {
  return [...removed].some(
    (pointer) => /(^|\/)states(\/[^/]+)?$/.test(pointer) || /\/regions(\/\d+)?$/.test(pointer),
  );
}
