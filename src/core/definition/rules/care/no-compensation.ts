/**
 * Where a rollback can go, what was done there can be undone. A rollback without a target reaches what runs with the failing
 * action: earlier actions of the same list, those of the transitions that lead there and the exit of their sources. Others
 * reach whatever came before, so there every action counts. A webhook that only asks (GET, HEAD) has done nothing.
 */
import type { Json } from "../../../json/json.js";
import type { ActionEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import type { Rule, RuleContext } from "../rule.js";
import { finding } from "../rule.js";
import { rollbacksIn, rollbacksOf } from "./rollbacks.js";

export const noCompensation: Rule = (context) => {
  const reached = reachedByRollback(context);
  return context.survey.actions
    .filter((entry) => reached(entry) && entry.isOrdinary && changesSomething(entry))
    .filter(({ action }) => action.compensate === undefined)
    .map(({ pointer, label }) =>
      finding("NO_COMPENSATION", pointer, `${label} can be rolled back, and has nothing that undoes it.`, {
        hint: "Add compensate, an action that undoes it.",
      }),
    );
};

/** What changes something outside. */
const CHANGING: ReadonlySet<string> = new Set(["webhook", "kafka", "file", "function"]);

function changesSomething({ kind, action }: ActionEntry): boolean {
  return CHANGING.has(kind) && !ASKING.has(action.trigger?.webhook?.method ?? "");
}

const ASKING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

function reachedByRollback({ definition, survey }: RuleContext): (entry: ActionEntry) => boolean {
  const isFar = rollbacksIn({ definition, survey }).some(({ rollbackTo }) => rollbackTo !== undefined);
  const shared = [definition.globalErrorHandler, definition.actionDefaults];
  if (isFar || shared.some((holder) => rollbacksOf(holder as Json | undefined).length > 0)) return () => true;
  const failing = survey.actions.filter(
    ({ action, isOrdinary }) => isOrdinary && rollbacksOf(action as Json).length > 0,
  );
  const timed = survey.states
    .filter(({ state }) => rollbacksOf(state.timeout as Json | undefined).length > 0)
    .map(({ state }) => state.stateId);
  return (entry) =>
    failing.some((other) => other !== entry && runsBefore(survey, entry, other)) ||
    timed.some((stateId) => isOnTheWayTo(survey, entry, stateId));
}

/** Earlier in the same list, or on the way to the state of the other; before a transition's actions come its exits. */
function runsBefore({ transitions }: DefinitionSurvey, entry: ActionEntry, other: ActionEntry): boolean {
  const [list, at] = placeOf(entry);
  const [otherList, otherAt] = placeOf(other);
  if (list === otherList) return at < otherAt;
  if (other.transition !== undefined) return isExitOf(entry, other.transition);
  return isOf("entry", other) && other.stateIds.some((stateId) => leadsTo({ transitions }, entry, stateId));
}

function isOnTheWayTo(survey: DefinitionSurvey, entry: ActionEntry, stateId: string): boolean {
  return leadsTo(survey, entry, stateId) || (entry.stateIds.includes(stateId) && isOf("entry", entry));
}

/** Of a transition to the state, or of the exit that it begins with. */
function leadsTo(
  { transitions }: Pick<DefinitionSurvey, "transitions">,
  entry: ActionEntry,
  stateId: string,
): boolean {
  if (entry.transition !== undefined) return entry.transition.transition.toStateId === stateId;
  return transitions.some(
    (transition) => transition.transition.toStateId === stateId && isExitOf(entry, transition),
  );
}

function isExitOf(entry: ActionEntry, { transition, sourceIds }: TransitionEntry): boolean {
  const isLeft = transition.toStateId !== undefined && transition.keepSource !== true;
  return isLeft && isOf("exit", entry) && entry.stateIds.some((stateId) => sourceIds.includes(stateId));
}

function isOf(list: "entry" | "exit", { pointer }: ActionEntry): boolean {
  return pointer.includes(`/${list}Actions/`);
}

function placeOf({ pointer }: ActionEntry): readonly [string, number] {
  const cut = pointer.lastIndexOf("/");
  return [pointer.slice(0, cut), Number(pointer.slice(cut + 1))];
}
