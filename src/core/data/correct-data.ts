/**
 * The data rules of a correction: what an operator, or a migration, makes of an instance's data as a whole.
 *
 * 1. A property must be one that some state of the definition declares, wherever the instance is: what a later action needs
 *    may have come in long ago. Its value must be one that such a state takes.
 * 2. What the current states declare must be valid; nothing need be complete.
 * 3. What is immutable and has a value is neither changed nor taken out, by nobody.
 */
import { canonicalJson } from "../json/canonical-json.js";
import { checkJson, MAX_DATA_BYTES } from "../json/check-json.js";
import type { JsonObject } from "../json/json.js";
import { appendPointer } from "../json/pointer.js";
import type { Machine, StateModel } from "../model/machine.js";
import type { Violation } from "../model/schema-port.js";
import { currentStateData, type DataProblem } from "./data-rules.js";

export interface Correction {
  readonly data: JsonObject;
  readonly unset: readonly string[];
}

/** The data as it is then. */
export function correctedData(before: JsonObject, { data, unset }: Correction): JsonObject {
  const gone = new Set(unset);
  return Object.fromEntries(
    Object.entries({ ...before, ...data }).filter(([property]) => !gone.has(property)),
  );
}

/** What is wrong with it; `current` are the states whose data it is. */
export function checkCorrection(
  machine: Machine,
  current: readonly StateModel[],
  before: JsonObject,
  correction: Correction,
): DataProblem | undefined {
  const fixed = immutableChanges(machine, before, correction);
  if (fixed.length > 0) return { code: "IMMUTABLE", violations: fixed };
  const after = correctedData(before, correction);
  const excess = tooMuch("The data", before, after);
  if (excess !== undefined) return excess;
  const here = current.flatMap((state) => violationsIn(state, after));
  const elsewhere = Object.keys(correction.data).flatMap((property) =>
    propertyViolations(machine, current, property, after),
  );
  const violations = [...here, ...elsewhere];
  return violations.length > 0 ? { code: "VALIDATION_FAILED", violations: distinct(violations) } : undefined;
}

/** Variables, which no schema knows. */
export function checkVariablesTogether(before: JsonObject, after: JsonObject): DataProblem | undefined {
  return tooMuch("The variables", before, after);
}

function violationsIn(state: StateModel, data: JsonObject): readonly Violation[] {
  return state.schema?.checkPartial(currentStateData(state, data)) ?? [];
}

/** A property that no current state declares is judged by the states that do: one that takes it is enough. */
function propertyViolations(
  machine: Machine,
  current: readonly StateModel[],
  property: string,
  data: JsonObject,
): readonly Violation[] {
  if (current.some(({ schema }) => schema?.declares(property))) return [];
  const states = [...machine.states.values()].filter(({ isRouting }) => !isRouting);
  if (states.some(({ schema }) => schema === undefined)) return [];
  const path = appendPointer("", property);
  const found = states
    .filter(({ schema }) => schema?.declares(property))
    .map((state) => violationsIn(state, data).filter((violation) => isAt(violation, path)));
  if (found.some((violations) => violations.length === 0)) return [];
  const message = `"${property}" is declared by no state of "${machine.stateMachineId}" version ${machine.version}`;
  return found[0] ?? [{ path, keyword: "additionalProperties", message }];
}

function isAt({ path }: Violation, property: string): boolean {
  return path === property || path.startsWith(`${property}/`);
}

function immutableChanges(machine: Machine, before: JsonObject, { data, unset }: Correction): Violation[] {
  const changed = Object.keys(data).filter(
    (property) => canonicalJson(before[property] ?? null) !== canonicalJson(data[property] ?? null),
  );
  return [...changed, ...unset]
    .filter((property) => machine.immutable.has(property) && Object.hasOwn(before, property))
    .map((property) => ({
      path: appendPointer("", property),
      keyword: "immutable",
      message: `"${property}" is immutable and has another value already`,
    }));
}

function tooMuch(what: string, before: JsonObject, after: JsonObject): DataProblem | undefined {
  if (Object.keys(after).every((property) => before[property] === after[property])) return undefined;
  const checked = checkJson(after);
  if (checked.ok) return undefined;
  const { code, path, isTooLarge } = checked.problem;
  const fault =
    isTooLarge === true ? `would be larger than ${MAX_DATA_BYTES / 1024} KiB` : checked.problem.message;
  const place = path === "" ? "" : ` at ${JSON.stringify(path.slice(0, 300))}`;
  return {
    code,
    violations: [{ path, keyword: "json", message: `${what} of the instance${place} ${fault}` }],
  };
}

function distinct(violations: readonly Violation[]): Violation[] {
  return [...new Map(violations.map((each) => [`${each.path} ${each.message}`, each])).values()];
}
