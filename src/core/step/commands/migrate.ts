/**
 * Moving an instance to another version of its machine. The step runs on the new version: what the instance was is in its
 * snapshot, so a replay needs for each entry only the version that the entry names.
 *
 * Invariants:
 * 1. Everything that is in the way is named at once, and then nothing has changed.
 * 2. Where the instance is does not change but by name: nothing is entered or left, no action runs, nobody is told. What waits
 *    by itself (automatic transitions, incidents about data) is looked at again under the new version.
 * 3. Open incidents stay open; a retry renders anew what it sends.
 */
import { checkCorrection, checkVariablesTogether } from "../../data/correct-data.js";
import { compileTemplate } from "../../expression/compile-template.js";
import { EvaluationError } from "../../expression/evaluation-error.js";
import type { Json, JsonObject } from "../../json/json.js";
import { appendPointer } from "../../json/pointer.js";
import type { Rejection } from "../../message/answer.js";
import type { MigrateCommand } from "../../message/command.js";
import { ROOT_SCOPE } from "../../model/machine.js";
import { expressionScope } from "../expression-scope.js";
import { arrange, innermostTokens } from "../tokens/token-tree.js";
import { record, type Turn } from "../turn.js";
import { obstacles, type Place, placeToken } from "./place-token.js";
import { changeData, reconsiderAll } from "./set-data.js";

interface Obstacle {
  readonly path: string;
  readonly message: string;
}

export function migrate(turn: Turn, command: MigrateCommand): Rejection | undefined {
  const { draft, machine } = turn;
  if (draft.version !== command.from || machine.version !== command.to) {
    return blocked(turn, [{ path: "", message: `it is on version ${draft.version}, not ${command.from}` }]);
  }
  const renamed = (stateId: string): string => nameIn(command.states, stateId);
  const found: Obstacle[] = [];
  const changes = renderChanges(turn, command, found);
  const places = findPlaces(turn, renamed, found);
  for (const place of places) {
    const path = appendPointer("/states", place.token.stateId);
    for (const message of obstacles(machine, place)) found.push({ path, message });
  }
  found.push(...dataObstacles(turn, command, changes, places));
  if (found.length > 0) return blocked(turn, found);

  const moved = draft.tokens.map(({ stateId }) => [stateId, renamed(stateId)] as const);
  if (Object.keys(changes.data).length + Object.keys(changes.variables).length + command.unset.length > 0) {
    changeData(turn, { data: changes.data, unset: command.unset }, changes.variables);
  }
  draft.version = machine.version;
  record(turn, "migrated", { from: command.from, to: command.to, states: Object.fromEntries(moved) });
  rename(turn, renamed);
  for (const place of places) placeToken(turn, place, renamed);
  arrange(machine, draft);
  if (draft.tokens.length > 1) turn.hasMoved = true;
  reconsiderAll(turn);
  return undefined;
}

/** A state may be called `constructor`: only own properties count. */
function nameIn(states: MigrateCommand["states"], stateId: string): string {
  return Object.hasOwn(states, stateId) ? (states[stateId] ?? stateId) : stateId;
}

function findPlaces(turn: Turn, renamed: (stateId: string) => string, found: Obstacle[]): Place[] {
  const { draft, machine } = turn;
  const models = new Map<string, string>([[ROOT_SCOPE, ROOT_SCOPE]]);
  const inner = new Map<string, string[]>();
  for (const { scopeId, ownerId, modelId } of draft.scopes) {
    if (ownerId === undefined || modelId === undefined) continue;
    const model = scopeNamed(modelId, renamed);
    models.set(scopeId, model);
    inner.set(ownerId, [...(inner.get(ownerId) ?? []), model]);
  }
  return draft.tokens.flatMap((token): Place[] => {
    const state = machine.states.get(renamed(token.stateId));
    if (state === undefined) {
      const path = appendPointer("/states", token.stateId);
      found.push({ path, message: `version ${machine.version} has no state "${renamed(token.stateId)}"` });
      return [];
    }
    const scopeModelId = models.get(token.scopeId) ?? ROOT_SCOPE;
    return [{ token, state, scopeModelId, innerModelIds: inner.get(token.tokenId) ?? [] }];
  });
}

/** A scope is named by its state and, of a parallel one, its region. */
function scopeNamed(modelId: string, renamed: (stateId: string) => string): string {
  const slash = modelId.indexOf("/");
  return slash === -1 ? modelId : renamed(modelId.slice(0, slash)) + modelId.slice(slash);
}

interface Changes {
  readonly data: JsonObject;
  readonly variables: JsonObject;
}

/** All on the instance as it was: the order of properties means nothing. */
function renderChanges(turn: Turn, command: MigrateCommand, found: Obstacle[]): Changes {
  const stateId = innermostTokens(turn.draft)[0]?.stateId ?? "";
  const scope = expressionScope(turn, { stateId });
  const renderAll = (templates: JsonObject, place: string): JsonObject =>
    Object.fromEntries(
      Object.entries(templates).flatMap(([name, source]): [string, Json][] => {
        const path = appendPointer(place, name);
        const compiled = compileTemplate(source);
        if (!compiled.ok) {
          found.push({ path, message: `the template is not right: ${compiled.faults[0]?.message ?? ""}` });
          return [];
        }
        try {
          return [[name, compiled.template.render(scope)]];
        } catch (error) {
          if (!(error instanceof EvaluationError)) throw error;
          found.push({ path, message: error.message });
          return [];
        }
      }),
    );
  return { data: renderAll(command.data, "/data"), variables: renderAll(command.variables, "/variables") };
}

function dataObstacles(
  turn: Turn,
  { unset }: MigrateCommand,
  { data, variables }: Changes,
  places: readonly Place[],
): readonly Obstacle[] {
  const { draft, machine } = turn;
  const innermost = new Set(innermostTokens(draft).map(({ tokenId }) => tokenId));
  const current = places
    .filter(({ token }) => innermost.has(token.tokenId))
    .flatMap(({ state }) => [state, ...state.ancestors.flatMap((id) => machine.states.get(id) ?? [])]);
  const problem =
    checkCorrection(machine, [...new Set(current)], draft.data, { data, unset }) ??
    checkVariablesTogether(draft.variables, { ...draft.variables, ...variables });
  return (problem?.violations ?? []).map(({ path, message }) => ({ path: `/data${path}`, message }));
}

/** Whatever else names a state: incidents, histories, the counts of entries, scopes. */
function rename(turn: Turn, renamed: (stateId: string) => string): void {
  const { draft, machine } = turn;
  for (const scope of draft.scopes)
    if (scope.modelId !== undefined) scope.modelId = scopeNamed(scope.modelId, renamed);
  for (const incident of draft.incidents) {
    if (renamed(incident.state) === incident.state) continue;
    incident.state = renamed(incident.state);
    turn.effects.push({ kind: "incident", incident: { ...incident } });
  }
  const entries = new Map<string, number>();
  for (const [stateId, count] of Object.entries(draft.counters.entries)) {
    entries.set(renamed(stateId), (entries.get(renamed(stateId)) ?? 0) + count);
  }
  draft.counters.entries = Object.fromEntries(entries);
  forgetWayBack(turn, renamed);
  if (draft.histories === undefined) return;
  // What cannot be gone back to in the new version is forgotten: its scope is entered at its beginning then.
  const histories = Object.entries(draft.histories)
    .map(([scopeId, states]) => [scopeNamed(scopeId, renamed), states.map(renamed)] as const)
    .filter(
      ([scopeId, states]) => machine.scopes.has(scopeId) && states.every((id) => machine.states.has(id)),
    );
  if (histories.length > 0) draft.histories = Object.fromEntries(histories);
  else delete draft.histories;
}

/**
 * What was completed can still be undone where its compensation is there, and a rollback names it where it is not; where one
 * would go back to was in the other version, and is forgotten.
 */
function forgetWayBack({ draft }: Turn, renamed: (stateId: string) => string): void {
  delete draft.returns;
  for (const token of draft.tokens) {
    delete token.cameFrom;
    if (token.agenda?.transition?.before === undefined) continue;
    const { before: _, ...transition } = token.agenda.transition;
    token.agenda.transition = transition;
  }
  if (draft.compensations === undefined) return;
  draft.compensations = draft.compensations.map((compensation) => ({
    ...compensation,
    state: renamed(compensation.state),
  }));
}

function blocked({ draft, machine }: Turn, found: readonly Obstacle[]): Rejection {
  const why = [...new Set(found.map(({ message }) => message))].join("; ");
  return {
    code: "MIGRATION_BLOCKED",
    message: `Instance "${draft.instanceId}" cannot be moved to version ${machine.version}: ${why}.`,
    violations: found,
  };
}
