/**
 * Reads a definition from outside: text → JSON → shape → canonical form → rules. All findings are told at once, as far
 * as each stage leaves something to look at.
 *
 * 1. Never throws; everything that can be wrong with a definition is a finding.
 * 2. A definition is given exactly when no finding is an error.
 * 3. Findings stand in the order of their places in the source.
 */
import type { Json } from "../json/json.js";
import { type JsonLocator, parseJsonText } from "../json/parse-json.js";
import { parentPointer } from "../json/pointer.js";
import type { SchemaCompiler } from "../model/schema-port.js";
import type { CanonicalDefinition } from "./definition-document.generated.js";
import type { Finding } from "./finding.js";
import type { PointerMap } from "./forms/pointer-map.js";
import { normalise } from "./normalise.js";
import { RULES_OF_NAMES, RULES_OF_PARTS, RULES_OF_THE_WHOLE } from "./rules/index.js";
import { MAX_DEFINITION_BYTES } from "./rules/limits.js";
import type { RuleFinding } from "./rules/rule.js";
import { type CheckedShape, checkShape } from "./shape/check-shape.js";
import type { ShapeFinding } from "./shape/shape-sentence.js";
import { surveyDefinition } from "./survey/survey.js";

/** Text has places; a document (JSON already) has pointers only. */
export type DefinitionSource = { readonly text: string } | { readonly document: Json };

export interface ReadDefinition {
  /** In canonical form; undefined when a finding is an error. */
  readonly definition: CanonicalDefinition | undefined;
  /** In the order of their places in the source. */
  readonly findings: readonly Finding[];
}

export function readDefinition(
  source: DefinitionSource,
  ports: { readonly schemas: SchemaCompiler },
): ReadDefinition {
  const text = "text" in source ? source.text : textOf(source.document);
  const hasPlaces = "text" in source;
  if (text === undefined) return refused("INVALID_JSON", "The definition is not JSON.");
  if (byteLength(text) > MAX_DEFINITION_BYTES) {
    return refused("LIMIT", "The definition is larger than 1 MiB, which is the most that is read.");
  }
  const parsed = parseJsonText(text);
  if (!parsed.ok)
    return { definition: undefined, findings: parsed.faults.map((fault) => jsonFinding(fault, hasPlaces)) };

  const shape = checkShape(parsed.value, ports.schemas);
  const { definition, found } = applyRules(shape, ports.schemas);
  const placed = [
    ...shape.findings.map((finding) => placeShapeFinding(finding, parsed.locate)),
    ...found.map(({ finding, pointer }) => placeRuleFinding(finding, pointer, parsed.locate, text)),
  ];
  placed.sort((one, other) => one.at - other.at);
  const findings = placed.map(({ finding }) => (hasPlaces ? finding : withoutPlace(finding)));
  const isSound = findings.every((finding) => finding.severity !== "error");
  return { definition: isSound ? definition : undefined, findings };
}

interface Placed {
  readonly finding: Finding;
  /** Offset in the text, by which findings are ordered. */
  readonly at: number;
}

interface FoundByRule {
  readonly finding: RuleFinding;
  /** Into the author's document. */
  readonly pointer: string;
}

function applyRules(
  shape: CheckedShape,
  schemas: SchemaCompiler,
): { definition: CanonicalDefinition | undefined; found: readonly FoundByRule[] } {
  if (shape.document === undefined) return { definition: undefined, found: [] };
  const isSound = shape.findings.length === 0;
  const { definition, origins, impliedStateIds } = normalise(shape.document, { implyStates: isSound });
  const context = { definition, survey: surveyDefinition(definition), schemas, impliedStateIds };
  const rules = [
    ...RULES_OF_PARTS,
    ...(shape.lacksStates ? [] : RULES_OF_NAMES),
    ...(isSound ? RULES_OF_THE_WHOLE : []),
  ];
  const found = rules.flatMap((rule) => rule(context));
  return {
    definition,
    found: found.map((finding) => ({
      finding,
      pointer: authorsPointer(finding.pointer, origins, shape.origins),
    })),
  };
}

function authorsPointer(pointer: string, fromCanonical: PointerMap, fromPruned: PointerMap): string {
  return fromPruned.resolve(fromCanonical.resolve(pointer));
}

function placeShapeFinding({ isAboutKey, ...shape }: ShapeFinding, locate: JsonLocator): Placed {
  const place = locate(shape.pointer, isAboutKey ? "key" : "value") ?? nearestPlace(shape.pointer, locate);
  return {
    finding: { ...shape, severity: "error", line: place.line, column: place.column },
    at: place.start,
  };
}

function placeRuleFinding(
  { offset, ...finding }: RuleFinding,
  pointer: string,
  locate: JsonLocator,
  text: string,
): Placed {
  const { pointer: existing, ...place } = nearestPlace(pointer, locate);
  const inside = offset !== undefined && isPlainString(text.slice(place.start, place.end)) ? offset + 1 : 0;
  return {
    finding: { ...finding, pointer: existing, line: place.line, column: place.column + inside },
    at: place.start + inside,
  };
}

/** The place of the thing, or of the nearest thing around it: what is derived or missing has none of its own. */
function nearestPlace(pointer: string, locate: JsonLocator) {
  for (let at = pointer; ; at = parentPointer(at)) {
    const place = locate(at);
    if (place !== undefined) return { pointer: at, ...place };
    if (at === "") return { pointer: "", line: 1, column: 1, start: 0, end: 0 };
  }
}

/** A string without escapes: an offset into it is an offset into its text. */
function isPlainString(source: string): boolean {
  return source.startsWith('"') && !source.includes("\\");
}

function withoutPlace({ line: _, column: __, ...finding }: Finding): Finding {
  return finding;
}

function jsonFinding(
  { message, line, column }: { message: string; line: number; column: number },
  hasPlaces: boolean,
): Finding {
  const finding: Finding = { code: "INVALID_JSON", severity: "error", pointer: "", message, line, column };
  return hasPlaces ? finding : withoutPlace(finding);
}

function refused(code: "INVALID_JSON" | "LIMIT", message: string): ReadDefinition {
  return { definition: undefined, findings: [{ code, severity: "error", pointer: "", message }] };
}

function textOf(document: Json): string | undefined {
  try {
    return JSON.stringify(document);
  } catch {
    return undefined;
  }
}

function byteLength(text: string): number {
  // Three bytes is the most that a UTF-16 unit takes.
  return text.length * 3 <= MAX_DEFINITION_BYTES ? text.length : new TextEncoder().encode(text).length;
}
