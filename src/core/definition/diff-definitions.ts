/**
 * What changed from one definition to another, in words.
 *
 * 1. Both are canonical. Two that mean the same have no difference; the order of states does not count.
 * 2. A state or transition is the same thing when it has the same id, also inside another state; one that moved between
 *    scopes is told by a change of "inside". An action is the same when it has the same id in the same place; one that moved is told as
 *    removed and added.
 * 3. Order: the machine's own fields, then states, transitions, actions, schemas, each removed before added before changed.
 */
import { canonicalJson } from "../json/canonical-json.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";

export interface DefinitionChange {
  readonly change: "removed" | "added" | "changed";
  readonly subject: "machine" | "state" | "transition" | "action" | "schema";
  /** The id of the subject; of a schema, its state's; of a field of the machine, the field. */
  readonly id: string;
  readonly message: string;
}

/** The things of a definition, by kind, by id, each without what is listed by itself. */
interface Inventory {
  readonly state: Map<string, JsonObject>;
  readonly transition: Map<string, JsonObject>;
  readonly action: Map<string, JsonObject>;
  readonly schema: Map<string, JsonObject>;
}

const SUBJECTS = ["state", "transition", "action"] as const;
const CHANGES = ["removed", "added", "changed"] as const;
const LISTED_APART = ["states", "transitions"];
/** Where a state or a transition keeps its actions. */
const ACTION_LISTS = ["entryActions", "exitActions", "actions"];

export function diffDefinitions(from: JsonObject, to: JsonObject): readonly DefinitionChange[] {
  const before = inventoryOf(from);
  const after = inventoryOf(to);
  return [
    ...diffFields(without(from, LISTED_APART), without(to, LISTED_APART)).map(
      ({ change, field, text }): DefinitionChange => ({
        change,
        subject: "machine",
        id: field,
        message: `The machine's ${text}.`,
      }),
    ),
    ...SUBJECTS.flatMap((subject) => diffThings(subject, before[subject], after[subject])),
    ...diffSchemas(before.schema, after.schema),
  ];
}

function inventoryOf(definition: JsonObject): Inventory {
  const inventory: Inventory = {
    state: new Map(),
    transition: new Map(),
    action: new Map(),
    schema: new Map(),
  };
  collectScope(definition, inventory, {});
  return inventory;
}

/** `inside` names what the scope belongs to: a state, or a region; the machine's own has none. */
function collectScope(scope: JsonObject, inventory: Inventory, inside: { readonly inside?: string }): void {
  for (const state of objects(scope.states)) collectState(state, inventory, inside);
  for (const transition of objects(scope.transitions)) {
    const id = String(transition.transitionId);
    collectActions(transition, `transition "${id}"`, inventory);
    inventory.transition.set(id, { ...without(transition, ["transitionId", ...ACTION_LISTS]), ...inside });
  }
}

function collectState(state: JsonObject, inventory: Inventory, inside: { readonly inside?: string }): void {
  const id = String(state.stateId);
  collectActions(state, `state "${id}"`, inventory);
  const data = isJsonObject(state.data) ? state.data : {};
  if (isJsonObject(data.schema)) inventory.schema.set(id, data.schema);
  const { schema: _, ...rules } = data;
  const regions = objects(state.regions);
  inventory.state.set(id, {
    ...without(state, ["stateId", "data", "regions", ...LISTED_APART, ...ACTION_LISTS]),
    ...(Object.keys(rules).length === 0 ? {} : { data: rules }),
    ...(regions.length === 0 ? {} : { regions: regions.map((region) => without(region, LISTED_APART)) }),
    ...inside,
  });
  collectScope(state, inventory, { inside: id });
  for (const region of regions)
    collectScope(region, inventory, { inside: `${id}/${String(region.regionId)}` });
}

function collectActions(owner: JsonObject, place: string, inventory: Inventory): void {
  for (const list of ACTION_LISTS) {
    objects(owner[list]).forEach((action, index) => {
      const phase = { entryActions: "on entry of ", exitActions: "on exit of " }[list] ?? "of ";
      const name = `${String(action.actionId)} ${phase}${place}`;
      inventory.action.set(name, { ...without(action, ["actionId"]), place: index + 1 });
    });
  }
}

function diffThings(
  subject: (typeof SUBJECTS)[number],
  before: ReadonlyMap<string, JsonObject>,
  after: ReadonlyMap<string, JsonObject>,
): DefinitionChange[] {
  const title = `${subject[0]?.toUpperCase()}${subject.slice(1)}`;
  const name = (id: string): string => (subject === "action" ? actionName(id) : `"${id}"`);
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): DefinitionChange[] => {
    const old = before.get(id);
    const fresh = after.get(id);
    if (old === undefined || fresh === undefined) {
      const change = old === undefined ? "added" : "removed";
      return [{ change, subject, id, message: `${title} ${name(id)} was ${change}${ends(old ?? fresh)}.` }];
    }
    const texts = diffFields(old, fresh).map(({ text }) => text);
    if (texts.length === 0) return [];
    return [{ change: "changed", subject, id, message: `${title} ${name(id)}: ${texts.join("; ")}.` }];
  });
  return inOrder(changes);
}

/** `pay on entry of state "x"` with the id in quotes. */
function actionName(id: string): string {
  return id.replace(/^(.*?)( on (?:entry|exit) of | of )/, '"$1"$2');
}

/** From where to where, of a transition. */
function ends(thing: JsonObject | undefined): string {
  if (thing?.fromStateId === undefined) return "";
  const from = Array.isArray(thing.fromStateId) ? thing.fromStateId.join(", ") : String(thing.fromStateId);
  return thing.toStateId === undefined ? ` (inside ${from})` : ` (${from} → ${String(thing.toStateId)})`;
}

function diffSchemas(
  before: ReadonlyMap<string, JsonObject>,
  after: ReadonlyMap<string, JsonObject>,
): DefinitionChange[] {
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): DefinitionChange[] => {
    const old = before.get(id);
    const fresh = after.get(id);
    const subject = "schema";
    const title = `The schema of state "${id}"`;
    if (old === undefined) return [{ change: "added", subject, id, message: `${title} was added.` }];
    if (fresh === undefined) return [{ change: "removed", subject, id, message: `${title} was removed.` }];
    const texts = schemaTexts(old, fresh);
    return texts.length === 0
      ? []
      : [{ change: "changed", subject, id, message: `${title}: ${texts.join("; ")}.` }];
  });
  return inOrder(changes);
}

function schemaTexts(before: JsonObject, after: JsonObject): string[] {
  const properties = diffFields(objectOf(before.properties), objectOf(after.properties));
  const wasRequired = textsOf(before.required);
  const isRequired = textsOf(after.required);
  return [
    ...properties.map(({ text }) => `property ${text}`),
    ...isRequired.filter((name) => !wasRequired.includes(name)).map((name) => `"${name}" is required now`),
    ...wasRequired
      .filter((name) => !isRequired.includes(name))
      .map((name) => `"${name}" is no longer required`),
    ...diffFields(
      without(before, ["properties", "required"]),
      without(after, ["properties", "required"]),
    ).map(({ text }) => text),
  ];
}

interface FieldChange {
  readonly change: DefinitionChange["change"];
  readonly field: string;
  readonly text: string;
}

function diffFields(before: JsonObject, after: JsonObject): FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field): FieldChange[] => {
    const old = before[field];
    const fresh = after[field];
    if (old === undefined && fresh !== undefined) {
      return [{ change: "added", field, text: `"${field}" was added: ${shown(fresh)}` }];
    }
    if (fresh === undefined && old !== undefined) {
      return [{ change: "removed", field, text: `"${field}" was removed; it was ${shown(old)}` }];
    }
    if (old === undefined || fresh === undefined || canonicalJson(old) === canonicalJson(fresh)) return [];
    return [{ change: "changed", field, text: `"${field}" changed from ${shown(old)} to ${shown(fresh)}` }];
  });
}

function inOrder(changes: readonly DefinitionChange[]): DefinitionChange[] {
  return CHANGES.flatMap((kind) => changes.filter(({ change }) => change === kind));
}

function shown(value: Json): string {
  return JSON.stringify(value);
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item: Json) => typeof item === "string") : [];
}
