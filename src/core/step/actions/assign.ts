/** Setting data from inside: `assign` and `output`, checked like any data. */
import { checkAssigned, landingsOf } from "../../data/data-rules.js";
import type { Json } from "../../json/json.js";
import type { Failure } from "../../message/failure.js";
import type { ActionModel, PropertyTemplate, StateModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import type { ScopeExtras } from "../expression-scope.js";
import { record, stateNamed, stateOf, type Turn } from "../turn.js";
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
  const assigned: { readonly [property: string]: Json } = Object.fromEntries(
    properties.map(({ property, template }) => [property, template.render(scope)]),
  );
  const problem = checkAssigned(turn.machine, statesInReach(turn, token), turn.draft.data, assigned);
  if (problem !== undefined) {
    const list = problem.violations.map((violation) => violation.message).join("; ");
    return { code: problem.code, message: `What the action sets is not valid: ${list}`, isFinal: true };
  }
  turn.draft.data = { ...turn.draft.data, ...assigned };
  turn.unsettled.add(token.tokenId);
  return undefined;
}

/** The state the token is in, and where it is on its way to. */
function statesInReach(turn: Turn, token: Token): readonly StateModel[] {
  const targetId = token.agenda?.transition?.targetId;
  const source = stateOf(turn, token);
  if (targetId === undefined || targetId === token.stateId) return [source];
  return [source, ...landingsOf(turn.machine, stateNamed(turn.machine, targetId))];
}
