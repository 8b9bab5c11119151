import { isJsonObject, type Json } from "../../json/json.js";
import { pointerParts } from "../../json/pointer.js";

const ID_FIELDS: { readonly [list: string]: readonly [string, string] } = {
  states: ["state", "stateId"],
  transitions: ["transition", "transitionId"],
  regions: ["region", "regionId"],
  event: ["event", "eventId"],
  entryActions: ["action", "actionId"],
  exitActions: ["action", "actionId"],
  actions: ["action", "actionId"],
  compensate: ["action", "actionId"],
  reconcile: ["action", "actionId"],
};

/**
 * What people call a place in a definition of either form: `State "confirm": transition "confirmToProcess"`, or
 * `The definition`. Only the innermost two things are named.
 */
export function placeLabel(document: Json, pointer: string): string {
  const labels: string[] = [];
  let value: Json | undefined = document;
  let list = "";
  for (const part of pointerParts(pointer)) {
    const holder: Json | undefined = value;
    value = childOf(holder, part);
    const kind = Object.hasOwn(ID_FIELDS, list) ? ID_FIELDS[list] : undefined;
    if (kind !== undefined && isListItem(holder, list))
      labels.push(labelOf(kind, value, part, Array.isArray(holder)));
    else if ((part === "compensate" || part === "reconcile") && isJsonObject(value)) {
      labels.push(labelOf(["action", "actionId"], value, part, false));
    }
    list = part;
  }
  if (labels.length === 0) return "The definition";
  const text = labels.slice(-2).join(": ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isListItem(holder: Json | undefined, list: string): boolean {
  return Array.isArray(holder) || (list === "states" && isJsonObject(holder));
}

function labelOf(
  [word, idField]: readonly [string, string],
  value: Json | undefined,
  part: string,
  isArray: boolean,
): string {
  if (!isArray && word === "state") return `state "${part}"`;
  if (!isJsonObject(value)) return `${word} ${Number(part) + 1}`;
  const { [idField]: id, fromStateId, toStateId, target } = value;
  if (typeof id === "string") return `${word} "${id}"`;
  const to = toStateId ?? target;
  if (word === "transition" && typeof to === "string") {
    return typeof fromStateId === "string"
      ? `transition from "${fromStateId}" to "${to}"`
      : `transition to "${to}"`;
  }
  return /^\d+$/.test(part) ? `${word} ${Number(part) + 1}` : `${word} in "${part}"`;
}

function childOf(value: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(part)];
  return isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}
