/** The start of an instance. */
import { checkUpdate, checkVariables } from "../../data/data-rules.js";
import type { StartCommand } from "../../message/command.js";
import { ROOT_SCOPE, type StateModel } from "../../model/machine.js";
import { addToken, enterState } from "../enter.js";
import { stateNamed, type Turn } from "../turn.js";
import type { Handled } from "./handled.js";
import { refusedData } from "./refused-data.js";

/** Begins an instance in an initial state, with data that is complete. */
export function startInstance(turn: Turn, command: StartCommand): Handled {
  const { draft, machine } = turn;
  const stateId = command.at ?? machine.initialStateId;
  const state = stateNamed(machine, stateId);
  const problem =
    checkUpdate(machine, state, {}, command.data) ??
    checkVariables({}, command.variables) ??
    checkStartComplete(state, command);
  if (problem !== undefined)
    return refusedData(`Instance of "${machine.stateMachineId}" cannot start`, problem);
  draft.data = command.data;
  draft.variables = command.variables;
  if (command.parent !== undefined) draft.parent = command.parent;
  enterState(turn, addToken(turn, ROOT_SCOPE), stateId, { actor: command.actor }, undefined);
  return { answer: { outcome: "started", seq: draft.seq, to: stateId } };
}

function checkStartComplete(state: StateModel, command: StartCommand) {
  if (state.schema === undefined || state.validate === "exit") return undefined;
  const violations = state.schema.checkFull(command.data);
  return violations.length === 0 ? undefined : { code: "VALIDATION_FAILED" as const, violations };
}
