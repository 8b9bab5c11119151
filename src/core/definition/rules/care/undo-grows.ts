/**
 * Who can go back to the start keeps what undoes everything. Where a state that does something can be come to again, that
 * grows with each round. One finding for the machine, at the first action or child in a circle.
 */
import { stateGraph } from "../graph/state-graph.js";
import type { Rule, RuleContext } from "../rule.js";
import { finding } from "../rule.js";
import { rollbacksIn } from "./rollbacks.js";

export const undoGrows: Rule = (context) => {
  const isToStart = rollbacksIn(context).some(({ rollbackTo }) => rollbackTo === "start");
  const first = isToStart
    ? undoablesOf(context).find(({ stateIds }) => stateIds.some((id) => comesAgain(context, id)))
    : undefined;
  if (first === undefined) return [];
  const message = `${first.label} can be done again and again, and what undoes it is kept each time: a rollbackTo is "start".`;
  const hint = "Roll back to a state of the round, or let a child do the round.";
  return [finding("UNDO_GROWS", first.pointer, message, { hint })];
};

/** What a log keeps something of, with the states that it is done in. */
function undoablesOf({ survey }: RuleContext) {
  const actions = survey.actions.filter(
    ({ action, isOrdinary }) => isOrdinary && action.compensate !== undefined,
  );
  const children = survey.states
    .filter(({ state }) => state.subMachine !== undefined || state.forEach !== undefined)
    .map(({ state, pointer, label }) => ({ pointer, label, stateIds: [state.stateId] }));
  return [...actions, ...children];
}

/** By its own transitions, or those of what is around it. */
function comesAgain({ survey }: RuleContext, stateId: string): boolean {
  const around = new Set([stateId]);
  for (let home = survey.statesById.get(stateId)?.home.parent; home !== undefined; home = home.home.parent)
    around.add(home.state.stateId);
  const next = survey.transitions
    .filter(({ sourceIds }) => sourceIds.some((id) => around.has(id)))
    .flatMap(({ transition }) => transition.toStateId ?? stateId);
  return stateGraph(survey).reachableFrom(new Set(next)).has(stateId);
}
