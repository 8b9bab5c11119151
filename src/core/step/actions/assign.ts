/** Setting data from inside: `assign` and `output`, checked like any data. */
import { checkAssigned, landingsOf } from "../../data/data-rules.js";
import type { JsonObject } from "../../json/json.js";
import type { Failure } from "../../message/failure.js";
import type { ActionModel, PropertyTemplate, StateModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import type { ScopeExtras } from "../expression-scope.js";
import { enclosingStates, record, stateNamed, stateOf, type Turn } from "../turn.js";
import { noteChanges } from "../undo/mark.js";
import { actionScope } from "./action-scope.js";

/** What a completed try leaves in the data. Throws `EvaluationError`; gives a failure where it does not fit. */
export function keepOutput(
  turn: Turn,
  token: Token,
  action: ActionModel,
  extras: ScopeExtras,
): Failure | undefined {
  return assignProperties(turn, token, [...action.output, ...action.assign], extras);
}

/** All are worked out on the data of before, so that their order means nothing. */
export function assignProperties(
  turn: Turn,
  token: Token,
  properties: readonly PropertyTemplate[],
  extras: ScopeExtras,
): Failure | undefined {
  if (properties.length === 0) return undefined;
  if (turn.hadEnded) {
    // The instance has ended: its data is what it was; results stay in the records of their actions.
    record(turn, "output-ignored", { properties: properties.map(({ property }) => property) });
    return undefined;
  }
  const scope = actionScope(turn, token, extras);
  const assigned: JsonObject = Object.fromEntries(
    properties.map(({ property, template }) => [property, template.render(scope)]),
  );
  return setProperties(turn, token, assigned);
}

/** Sets properties of the data from inside, in the state that the token is in or goes to; a failure where they do not fit. */
export function setProperties(turn: Turn, token: Token, assigned: JsonObject): Failure | undefined {
  if (Object.keys(assigned).length === 0) return undefined;
  const problem = checkAssigned(turn.machine, statesInReach(turn, token), turn.draft.data, assigned);
  if (problem !== undefined) {
    const list = problem.violations.map((violation) => violation.message).join("; ");
    return { code: problem.code, message: `What the action sets is not valid: ${list}`, isFinal: true };
  }
  const { data, variables } = turn.draft;
  turn.draft.data = { ...data, ...assigned };
  noteChanges(turn, token, data, variables);
  turn.unsettled.add(token.tokenId);
  if (turn.draft.tokens.length > 1) turn.hasMoved = true;
  return undefined;
}

/** The state the token is in, and where it is on its way to. */
function statesInReach(turn: Turn, token: Token): readonly StateModel[] {
  const targetId = token.agenda?.transition?.targetId;
  const source = stateOf(turn, token);
  const around = enclosingStates(turn, token).filter(({ schema }) => schema !== undefined);
  if (targetId === undefined || targetId === token.stateId) return [source, ...around];
  return [source, ...around, ...landingsOf(turn.machine, stateNamed(turn.machine, targetId))];
}
