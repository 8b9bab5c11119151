import type { JsonObject } from "../../json/json.js";
import type { StateModel } from "../../model/machine.js";
import { entriesOf } from "../enter.js";
import { record, type Turn } from "../turn.js";

/**
 * An old confirmation confirms nothing: a user task entered again forgets what only it collects. Done when the transition
 * is taken, before its event and its actions set anything anew.
 */
export function clearStaleAnswers(turn: Turn, state: StateModel, eventData: JsonObject): void {
  const { draft, machine } = turn;
  if (state.kind !== "userTask" || state.schema === undefined || entriesOf(turn, state.stateId) === 0) return;
  const others = [...machine.states.values()].filter((other) => other.stateId !== state.stateId);
  const stale = state.schema.properties.filter(
    (property) =>
      Object.hasOwn(draft.data, property) &&
      !Object.hasOwn(eventData, property) &&
      !machine.immutable.has(property) &&
      !others.some((other) => other.schema?.properties.includes(property)),
  );
  if (stale.length === 0) return;
  draft.data = Object.fromEntries(
    Object.entries(draft.data).filter(([property]) => !stale.includes(property)),
  );
  record(turn, "data-cleared", { state: state.stateId, properties: stale });
}
