/** An operator's correction of data and variables. What was there before stands in the trail beside what is there now. */
import {
  type Correction,
  checkCorrection,
  checkVariablesTogether,
  correctedData,
} from "../../data/correct-data.js";
import type { JsonObject } from "../../json/json.js";
import type { Rejection } from "../../message/answer.js";
import type { SetCommand } from "../../message/command.js";
import type { StateModel } from "../../model/machine.js";
import { innermostTokens } from "../tokens/token-tree.js";
import { enclosingStates, record, stateOf, type Turn } from "../turn.js";
import { refusedData } from "./refused-data.js";
import { reconsider } from "./update.js";

/** Changes the data, and has everything that waits for data looked at again; the rejection when it does not fit. */
export function setData(turn: Turn, command: SetCommand): Rejection | undefined {
  const { draft, machine } = turn;
  if (Object.keys(command.data).length + Object.keys(command.variables).length + command.unset.length === 0) {
    const message = `Nothing is named that could be set in instance "${draft.instanceId}".`;
    return { code: "VALIDATION_FAILED", message, violations: [{ path: "", message }] };
  }
  const problem =
    checkCorrection(machine, statesPresent(turn), draft.data, command) ??
    checkVariablesTogether(draft.variables, { ...draft.variables, ...command.variables });
  if (problem !== undefined) {
    return refusedData(`The data of instance "${draft.instanceId}" cannot be set`, problem).rejection;
  }
  changeData(turn, command, command.variables);
  reconsiderAll(turn);
  return undefined;
}

/** Where the instance is, inside and around. */
function statesPresent(turn: Turn): readonly StateModel[] {
  const tokens = innermostTokens(turn.draft).filter(({ phase }) => phase !== "exiting");
  return [...new Set(tokens.flatMap((token) => [stateOf(turn, token), ...enclosingStates(turn, token)]))];
}

/** Writes what was checked, and records both what was there and what is there. */
export function changeData(turn: Turn, correction: Correction, variables: JsonObject): void {
  const { draft } = turn;
  const named = [...Object.keys(correction.data), ...correction.unset];
  const names = Object.keys(variables);
  const before = membersOf(draft.data, named);
  const variablesBefore = membersOf(draft.variables, names);
  draft.data = correctedData(draft.data, correction);
  draft.variables = { ...draft.variables, ...variables };
  record(turn, "data-set", {
    properties: named,
    variables: names,
    before,
    after: membersOf(draft.data, named),
    variablesBefore,
    variablesAfter: variables,
  });
}

export function reconsiderAll(turn: Turn): void {
  // A copy: what is tried again may leave tokens behind and make others.
  for (const token of [...turn.draft.tokens]) if (turn.draft.tokens.includes(token)) reconsider(turn, token);
}

function membersOf(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name] ?? null]),
  );
}
