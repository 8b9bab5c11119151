/**
 * The data rules of a transition: what an event may bring, when a state's data must be complete, and what an error
 * state is given. Nothing here changes the draft: a rule either yields the data as it will be, or says what is wrong.
 *
 * 1. A property of an event belongs to the source, to the target or to both, by what their schemas declare.
 * 2. The source must be complete when it is left, unless the transition interrupts it or is an error route.
 * 3. The target must be complete on entry where its kind, its `validate` or the event's origin asks for it; else what
 *    is there must be valid.
 * 4. Properties that exit and transition actions will set are not missed before those actions have run.
 * 5. Whatever is added, data stays JSON within its limits, and so do variables.
 */
import { EvaluationError } from "../expression/evaluation-error.js";
import { canonicalJson } from "../json/canonical-json.js";
import { checkJson, MAX_DATA_BYTES } from "../json/check-json.js";
import type { Json, JsonObject } from "../json/json.js";
import type { ActionModel, DataSchema, Machine, StateModel, TransitionModel } from "../model/machine.js";
import type { Violation } from "../model/schema-port.js";
import type { Origin } from "../model/snapshot.js";
import { expressionScope } from "../step/expression-scope.js";
import type { Turn } from "../step/turn.js";

export interface DataProblem {
  readonly code: "VALIDATION_FAILED" | "IMMUTABLE" | "LIMIT_EXCEEDED";
  readonly violations: readonly Violation[];
}

export interface TransitionData {
  readonly source: StateModel;
  /** The compound and parallel states around the source: what their schemas declare is theirs to take. */
  readonly around: readonly StateModel[];
  /** False while what is inside the source is at work: leaving it then is an interruption. */
  readonly isDone: boolean;
  /** Absent for an internal transition. */
  readonly target: StateModel | undefined;
  readonly transition: TransitionModel;
  readonly origin: Origin;
  readonly eventId: string | undefined;
  readonly eventData: JsonObject;
  /** What the engine adds for an error state; the event's values win over it. */
  readonly errorData: JsonObject;
}

/** Checks a transition that is about to be taken; `undefined` when nothing is wrong. */
export function checkTransition(turn: Turn, given: TransitionData): DataProblem | undefined {
  const { source, target, eventData } = given;
  const takers = takersOf(turn.machine, source, given.around, target);
  const undeclared = undeclaredProperties(eventData, takers);
  if (undeclared.length > 0) return { code: "VALIDATION_FAILED", violations: undeclared };
  const changed = immutableChanges(turn.machine, turn.draft.data, eventData);
  if (changed.length > 0) return { code: "IMMUTABLE", violations: changed };

  const preview = previewData(turn, given);
  const excess = adds(turn.draft.data, preview.data) ? checkJsonLimits("The data", preview.data) : undefined;
  if (excess !== undefined) return excess;
  const left = checkState(source, preview, target !== undefined && mustBeCompleteToLeave(given));
  const around = given.around.length === 0 ? NONE : checkAll(takenAround(given.around, eventData), preview);
  const entered = target === undefined ? NONE : checkTarget(turn.machine, given, target, preview);
  if (left.length + around.length + entered.length === 0) return undefined;
  const violations = [...left, ...around, ...entered];
  return { code: "VALIDATION_FAILED", violations: distinct(violations) };
}

const NONE: readonly Violation[] = [];

/** Who may declare what an event brings: its source, with a schema also what is around it, and where it leads. */
function takersOf(
  machine: Machine,
  source: StateModel,
  around: readonly StateModel[],
  target: StateModel | undefined,
): readonly StateModel[] {
  const landings = target === undefined ? [] : landingsOf(machine, target);
  if (around.length === 0) return [source, ...landings];
  return [source, ...around.filter(({ schema }) => schema !== undefined), ...landings];
}

/** Those around whose schemas declare something of what is brought. */
function takenAround(around: readonly StateModel[], added: JsonObject): readonly StateModel[] {
  return around.filter(({ schema }) => Object.keys(added).some((property) => schema?.declares(property)));
}

/** The part of the data that somebody declares. */
export function takenPart(
  machine: Machine,
  source: StateModel,
  around: readonly StateModel[],
  target: StateModel | undefined,
  data: JsonObject,
): JsonObject {
  const undeclared = new Set(
    undeclaredProperties(data, takersOf(machine, source, around, target)).map(({ path }) =>
      unescapePointer(path),
    ),
  );
  return Object.fromEntries(Object.entries(data).filter(([property]) => !undeclared.has(property)));
}

/**
 * Checks data that is added to a state without leaving it. `around` are the states around it that have a schema; in a
 * routing state, and for a token that is held on its way, `onward` are the states that take the data too.
 */
export function checkUpdate(
  machine: Machine,
  state: StateModel,
  data: JsonObject,
  added: JsonObject,
  around: readonly StateModel[] = [],
  onward: readonly StateModel[] = [],
): DataProblem | undefined {
  const undeclared = undeclaredProperties(added, [...landingsOf(machine, state), ...around, ...onward]);
  if (undeclared.length > 0) return { code: "VALIDATION_FAILED", violations: undeclared };
  const changed = immutableChanges(machine, data, added);
  if (changed.length > 0) return { code: "IMMUTABLE", violations: changed };
  const merged = { ...data, ...added };
  const excess = Object.keys(added).length === 0 ? undefined : checkJsonLimits("The data", merged);
  if (excess !== undefined) return excess;
  const violations = distinct(
    checkAll([state, ...takenAround(around, added)], { data: merged, promised: new Set() }),
  );
  return violations.length > 0 ? { code: "VALIDATION_FAILED", violations } : undefined;
}

/** What a command adds to the variables; `undefined` when they stay within the limit of an instance's data. */
export function checkVariables(variables: JsonObject, added: JsonObject): DataProblem | undefined {
  return Object.keys(added).length === 0
    ? undefined
    : checkJsonLimits("The variables", { ...variables, ...added });
}

/** Whether a state's data must be complete the moment it is entered. */
export function mustBeCompleteOnEntry(state: StateModel, origin: Origin): boolean {
  if (state.validate !== undefined) return state.validate === "entry";
  switch (state.kind) {
    case "initial":
    case "final":
    case "error":
      return true;
    case "userTask":
    case "wait":
      return false;
    default:
      return origin === "outside";
  }
}

/** The properties that the state's schema declares, out of the instance's data. */
export function currentStateData(state: StateModel, data: JsonObject): JsonObject {
  return state.schema === undefined ? data : declaredPart(state.schema, data);
}

/** What an error state takes of `{ errorCode, errorMessage, errorTimestamp, failedState }`. */
export function declaredErrorData(state: StateModel, errorData: JsonObject): JsonObject {
  return currentStateData(state, errorData);
}

/** Violations of setting properties from inside (`assign`, `output`), in the state that the token is in or goes to. */
export function checkAssigned(
  machine: Machine,
  states: readonly StateModel[],
  data: JsonObject,
  assigned: JsonObject,
): DataProblem | undefined {
  const undeclared = undeclaredProperties(assigned, states);
  if (undeclared.length > 0) return { code: "VALIDATION_FAILED", violations: undeclared };
  const changed = immutableChanges(machine, data, assigned);
  if (changed.length > 0) return { code: "IMMUTABLE", violations: changed };
  const preview = { data: { ...data, ...assigned }, promised: new Set<string>() };
  const excess = checkJsonLimits("The data", preview.data);
  if (excess !== undefined) return excess;
  const violations = distinct(states.flatMap((state) => checkState(state, preview, false)));
  return violations.length > 0 ? { code: "VALIDATION_FAILED", violations } : undefined;
}

/** Where a token that is sent to the state can come to rest: who takes the data. */
export function landingsOf(machine: Machine, state: StateModel): readonly StateModel[] {
  return machine.landings.get(state.stateId) ?? [state];
}

interface Preview {
  readonly data: JsonObject;
  /** Properties that actions still to run will set. */
  readonly promised: ReadonlySet<string>;
}

function previewData(turn: Turn, given: TransitionData): Preview {
  const { source, target, transition, eventData } = given;
  const errorData = target?.isError === true ? declaredErrorData(target, given.errorData) : {};
  let data: JsonObject = { ...turn.draft.data, ...errorData, ...eventData };
  const promised = new Set<string>();
  const event = given.eventId === undefined ? {} : { event: { id: given.eventId, data: eventData } };
  const leaving = target === undefined || transition.keepsSource ? [] : source.exitActions;
  for (const action of [...leaving, ...transition.actions]) {
    for (const property of action.output) promised.add(property.property);
    data = previewAssign(turn, action, data, promised, { ...event, stateId: source.stateId });
  }
  return { data, promised };
}

/** Runs an action's `assign` ahead of time; what depends on results that are not there yet is only promised. */
function previewAssign(
  turn: Turn,
  action: ActionModel,
  before: JsonObject,
  promised: Set<string>,
  extras: { readonly stateId: string; readonly event?: { readonly id: string; readonly data: JsonObject } },
): JsonObject {
  const assigned: [string, Json][] = [];
  for (const { property, template, needsResults } of action.assign) {
    if (needsResults || action.condition !== undefined) {
      promised.add(property);
      continue;
    }
    try {
      // All on the data of before: the order of properties means nothing.
      assigned.push([property, template.render(expressionScope(turn, { ...extras, data: before }))]);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      promised.add(property);
    }
  }
  return { ...before, ...Object.fromEntries(assigned) };
}

function mustBeCompleteToLeave(given: TransitionData): boolean {
  const { source, target, transition, origin } = given;
  if (
    source.isRouting ||
    !given.isDone ||
    transition.interrupts ||
    transition.keepsSource ||
    origin === "failure" ||
    target?.isError === true
  )
    return false;
  return source.validate !== "entry";
}

function checkTarget(
  machine: Machine,
  given: TransitionData,
  target: StateModel,
  preview: Preview,
): readonly Violation[] {
  // A failure or an automatic route into an error state is never refused: the instance ends there all the same.
  if (target.isError && given.origin !== "outside") return [];
  const own = checkState(target, preview, mustBeCompleteOnEntry(target, given.origin));
  if (machine.scopes.size === 1) return own;
  return [...own, ...checkAll(enteredBeside(machine, given, target), preview)];
}

/** What is entered together with the target for certain: states around it, and those it begins with inside. */
function enteredBeside(machine: Machine, given: TransitionData, target: StateModel): readonly StateModel[] {
  const there = new Set([given.source, ...given.around].map(({ stateId }) => stateId));
  const outer = target.ancestors.filter((stateId) => !there.has(stateId));
  const inner = given.transition.history === undefined ? initialInside(machine, target) : [];
  return [...outer.flatMap((stateId) => machine.states.get(stateId) ?? []), ...inner];
}

function initialInside(machine: Machine, { innerScopeIds }: StateModel): readonly StateModel[] {
  return innerScopeIds.flatMap((scopeId) => {
    const state = machine.states.get(machine.scopes.get(scopeId)?.initialStateId ?? "");
    return state === undefined ? [] : [state, ...initialInside(machine, state)];
  });
}

/** What is there must be valid; nothing need be complete. */
function checkAll(states: readonly StateModel[], preview: Preview): readonly Violation[] {
  return states.flatMap((state) => checkState(state, preview, false));
}

function checkState(state: StateModel, preview: Preview, isComplete: boolean): readonly Violation[] {
  const { schema } = state;
  if (schema === undefined) return [];
  const part = declaredPart(schema, preview.data);
  if (!isComplete) return schema.checkPartial(part);
  return schema.checkFull(part).filter((violation) => !isPromised(violation, preview.promised));
}

function isPromised(violation: Violation, promised: ReadonlySet<string>): boolean {
  return violation.keyword === "required" && promised.has(unescapePointer(violation.path));
}

function unescapePointer(pointer: string): string {
  return pointer.slice(1).replaceAll("~1", "/").replaceAll("~0", "~");
}

function declaredPart(schema: DataSchema, data: JsonObject): JsonObject {
  // Half the time of Object.fromEntries; no door lets a property named __proto__ in.
  const part: { [property: string]: Json } = {};
  for (const [property, value] of Object.entries(data)) {
    if (schema.declares(property)) part[property] = value;
  }
  return part;
}

function undeclaredProperties(added: JsonObject, states: readonly StateModel[]): Violation[] {
  if (states.some((state) => state.schema === undefined && !state.isRouting)) return [];
  return Object.keys(added)
    .filter((property) => !states.some((state) => state.schema?.declares(property)))
    .map((property) => ({
      path: `/${property.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      keyword: "additionalProperties",
      message: `"${property}" is not declared by ${states.map((state) => `state "${state.stateId}"`).join(" or ")}`,
    }));
}

function immutableChanges(machine: Machine, data: JsonObject, added: JsonObject): Violation[] {
  return Object.keys(added)
    .filter((property) => machine.immutable.has(property) && Object.hasOwn(data, property))
    .filter((property) => canonicalJson(data[property] ?? null) !== canonicalJson(added[property] ?? null))
    .map((property) => ({
      path: `/${property}`,
      keyword: "immutable",
      message: `"${property}" is immutable and has another value already`,
    }));
}

/** Whether a value is another one: data that is as it was need not be measured. */
function adds(before: JsonObject, after: JsonObject): boolean {
  return Object.keys(after).some((property) => before[property] !== after[property]);
}

function checkJsonLimits(what: string, value: JsonObject): DataProblem | undefined {
  const checked = checkJson(value);
  if (checked.ok) return undefined;
  const { code, path, isTooLarge } = checked.problem;
  const fault =
    isTooLarge === true ? `would be larger than ${MAX_DATA_BYTES / 1024} KiB` : checked.problem.message;
  const message = `${what} of the instance${path === "" ? "" : ` at ${JSON.stringify(path.slice(0, 300))}`} ${fault}`;
  return { code, violations: [{ path, keyword: "json", message }] };
}

function distinct(violations: readonly Violation[]): Violation[] {
  const seen = new Map(violations.map((violation) => [`${violation.path} ${violation.message}`, violation]));
  return [...seen.values()];
}
