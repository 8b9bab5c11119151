import { isJsonObject, type Json, type JsonObject } from "../../../json/json.js";
import { appendPointer } from "../../../json/pointer.js";
import { checkPattern, type PatternCheck } from "../../../pattern/check-pattern.js";
import type { CanonicalAction } from "../../definition-document.generated.js";
import { prune } from "../../shape/prune.js";
import type { Rule, RuleContext, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

interface SchemaPlace {
  readonly schema: JsonObject | boolean;
  readonly pointer: string;
  readonly label: string;
}

/**
 * Every JSON Schema in the definition is valid, and none of its patterns can be made to run for ever. Both are told of
 * a schema: it is compiled without its unsafe patterns, because even to read one may take seconds.
 */
export const schemaFaults: Rule = (context) => {
  const findings: RuleFinding[] = [];
  const checked = new Map<string, PatternCheck>();
  // Many states share a schema, and to know that by its text is cheaper than to ask the compiler again.
  const sound = new Set<string>();
  for (const { schema, pointer, label } of schemaPlaces(context)) {
    const text = JSON.stringify(schema);
    if (sound.has(text)) continue;
    const unsafe = unsafePatterns(schema, checked);
    for (const [at, { source, reason }] of unsafe) {
      const message = `${label}: the pattern ${source} is not safe: ${reason}`;
      const hint = "Rewrite it without nested or overlapping repetitions.";
      findings.push(finding("UNSAFE_PATTERN", pointer + at, message, { hint }));
    }
    const compiled = context.schemas.compile(withoutPlaces(schema, unsafe));
    if (compiled.ok && unsafe.size === 0) sound.add(text);
    for (const fault of compiled.ok ? [] : compiled.faults) {
      findings.push(finding("SCHEMA_INVALID", pointer + fault.pointer, `${label}: ${fault.message}`));
    }
  }
  return findings;
};

/** By their pointers into the schema. */
function unsafePatterns(
  schema: Json,
  checked: Map<string, PatternCheck>,
): ReadonlyMap<string, { readonly source: string; readonly reason: string }> {
  const unsafe = new Map<string, { readonly source: string; readonly reason: string }>();
  for (const { source, at } of patternsOf(schema, "")) {
    const verdict = checked.get(source) ?? checkPattern(source);
    checked.set(source, verdict);
    if (!verdict.safe) unsafe.set(at, { source, reason: verdict.reason });
  }
  return unsafe;
}

/** Only properties are taken away, hence no element moves and pointers stay what they are. */
function withoutPlaces(
  schema: JsonObject | boolean,
  places: ReadonlyMap<string, unknown>,
): JsonObject | boolean {
  const { value } = prune(schema, new Set(places.keys()));
  return value !== undefined && isJsonObject(value) ? value : schema;
}

function* schemaPlaces({ definition, survey }: RuleContext): Generator<SchemaPlace> {
  for (const { state, pointer, label } of survey.states) {
    yield* place(state.data?.schema, `${pointer}/data/schema`, label);
    yield* inward(state.startOn, `${pointer}/startOn`, label);
  }
  for (const { transition, pointer, label } of survey.transitions) {
    for (const [at, trigger] of (transition.event ?? []).entries())
      yield* inward(trigger, `${pointer}/event/${at}`, label);
  }
  for (const { action, pointer, label } of survey.actions) yield* ofAction(action, pointer, label);
  yield* response(
    definition.globalCallbackHandler?.webhook?.expectedResponse,
    "/globalCallbackHandler/webhook/expectedResponse",
    "The machine's callback handler",
  );
}

function* ofAction(action: CanonicalAction, pointer: string, label: string): Generator<SchemaPlace> {
  const { trigger, callback } = action;
  yield* response(trigger?.webhook?.expectedResponse, `${pointer}/trigger/webhook/expectedResponse`, label);
  yield* response(callback?.webhook?.expectedResponse, `${pointer}/callback/webhook/expectedResponse`, label);
  yield* inward(callback?.kafka, `${pointer}/callback/kafka`, label);
  yield* inward(callback?.file, `${pointer}/callback/file`, label);
}

function* response(expected: Json | undefined, pointer: string, label: string): Generator<SchemaPlace> {
  if (expected !== undefined && isJsonObject(expected)) yield* place(expected.body, `${pointer}/body`, label);
}

function* inward(channel: JsonObject | undefined, pointer: string, label: string): Generator<SchemaPlace> {
  for (const name of ["expectedMessage", "expectedContent"]) {
    yield* place(channel?.[name], `${pointer}/${name}`, label);
  }
}

function* place(schema: Json | undefined, pointer: string, label: string): Generator<SchemaPlace> {
  if (typeof schema === "boolean" || (schema !== undefined && isJsonObject(schema)))
    yield { schema, pointer, label };
}

/** Keywords whose values are data, not schemas. */
const DATA_KEYWORDS = new Set(["const", "enum", "default", "examples"]);
/** Keywords whose values hold schemas by names that are free: a property may be called `default`. */
const MAPS_OF_SCHEMAS = new Set(["properties", "patternProperties", "definitions", "$defs", "dependencies"]);

function* patternsOf(schema: Json, at: string): Generator<{ source: string; at: string }> {
  if (Array.isArray(schema)) {
    for (const [index, part] of (schema as readonly Json[]).entries())
      yield* patternsOf(part, `${at}/${index}`);
    return;
  }
  if (!isJsonObject(schema)) return;
  for (const [keyword, value] of Object.entries(schema)) {
    const here = appendPointer(at, keyword);
    if (keyword === "pattern" && typeof value === "string") yield { source: value, at: here };
    if (MAPS_OF_SCHEMAS.has(keyword) && isJsonObject(value)) {
      for (const [name, part] of Object.entries(value)) {
        const place = appendPointer(here, name);
        if (keyword === "patternProperties") yield { source: name, at: place };
        yield* patternsOf(part, place);
      }
    } else if (!DATA_KEYWORDS.has(keyword)) {
      yield* patternsOf(value, here);
    }
  }
}
