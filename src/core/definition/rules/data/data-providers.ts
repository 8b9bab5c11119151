/** Where the properties of an instance's data can come from. */
import { isJsonObject } from "../../../json/json.js";
import { isComposite } from "../../survey/enclosing.js";
import type { StateEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";

export interface DataProviders {
  /** Names that schemas declare or that actions set. */
  readonly names: ReadonlySet<string>;
  /** True when some schema declares the property or some action sets it. */
  readonly provides: (property: string) => boolean;
  /** Ids of the states that take any property: those without a schema, and with an open one. */
  readonly takersOfAnything: ReadonlySet<string>;
}

export function dataProviders(survey: DefinitionSurvey): DataProviders {
  const names = new Set<string>();
  const patterns: RegExp[] = [];
  const takersOfAnything = new Set<string>();
  for (const entry of survey.states) {
    const declared = declaredProperties(entry);
    if (declared === "anything") takersOfAnything.add(entry.state.stateId);
    else {
      for (const name of declared.names) names.add(name);
      patterns.push(...declared.patterns);
    }
    const { subMachine, forEach } = entry.state;
    for (const name of Object.keys({ ...subMachine?.output, ...forEach?.subMachine?.output }))
      names.add(name);
  }
  for (const { action } of survey.actions) {
    for (const name of Object.keys({ ...action.assign, ...action.output })) names.add(name);
  }
  return {
    names,
    provides: (property) => names.has(property) || patterns.some((pattern) => pattern.test(property)),
    takersOfAnything,
  };
}

/**
 * What a state's schema says its data may have; additional properties count as forbidden where it does not say. A compound
 * or parallel state without a schema adds nothing to what the states inside it declare.
 */
export function declaredProperties(
  entry: StateEntry,
): "anything" | { readonly names: readonly string[]; readonly patterns: readonly RegExp[] } {
  const schema = entry.state.data?.schema;
  const isPassedThrough = entry.isRouting || (isComposite(entry) && schema === undefined);
  if (isPassedThrough || schema === false) return { names: [], patterns: [] };
  if (!isJsonObject(schema)) return "anything";
  const { properties, patternProperties, additionalProperties, $ref, allOf, anyOf, oneOf } = schema;
  const isOpen = additionalProperties !== undefined && additionalProperties !== false;
  // What is put together from parts is not looked into.
  if (isOpen || [$ref, allOf, anyOf, oneOf].some((part) => part !== undefined)) return "anything";
  const patterns = isJsonObject(patternProperties) ? Object.keys(patternProperties) : [];
  return {
    names: isJsonObject(properties) ? Object.keys(properties) : [],
    patterns: patterns.flatMap((source) => readPattern(source)),
  };
}

function readPattern(source: string): RegExp[] {
  try {
    return [new RegExp(source, "u")];
  } catch {
    return [];
  }
}
