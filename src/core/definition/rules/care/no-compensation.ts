/**
 * Where a rollback can go, what was done there can be undone. A rollback without a target reaches what runs with the failing
 * action: earlier actions of the same list, those of the transitions that lead there and the exit of their sources. Others
 * reach whatever came before, so there every action counts.
 */
import type { Json } from "../../../json/json.js";
import { isJsonObject } from "../../../json/json.js";
import type { ActionEntry } from "../../survey/entries.js";
import type { Rule, RuleContext } from "../rule.js";
import { finding } from "../rule.js";

export const noCompensation: Rule = (context) => {
  const reached = reachedByRollback(context);
  return context.survey.actions
    .filter((entry) => reached(entry) && entry.isOrdinary && CHANGING.has(entry.kind))
    .filter(({ action }) => action.compensate === undefined)
    .map(({ pointer, label }) =>
      finding("NO_COMPENSATION", pointer, `${label} can be rolled back, and has nothing that undoes it.`, {
        hint: "Add compensate, an action that undoes it.",
      }),
    );
};

/** What changes something outside. */
const CHANGING: ReadonlySet<string> = new Set(["webhook", "kafka", "file", "function"]);

function reachedByRollback({ definition, survey }: RuleContext): (entry: ActionEntry) => boolean {
  const shared = [definition.globalErrorHandler, definition.actionDefaults];
  const everywhere = [...shared, ...survey.actions.map(({ action }) => action)]
    .flatMap((holder) => rollbacksOf(holder as Json | undefined))
    .concat(survey.states.flatMap(({ state }) => rollbacksOf(state.timeout as Json | undefined)));
  const isFar = everywhere.some((rollback) => isJsonObject(rollback) && rollback.rollbackTo !== undefined);
  if (isFar || shared.some((holder) => rollbacksOf(holder as Json | undefined).length > 0)) return () => true;
  const failing = survey.actions.filter(
    ({ action, isOrdinary }) => isOrdinary && rollbacksOf(action as Json).length > 0,
  );
  const timed = survey.states
    .filter(({ state }) => rollbacksOf(state.timeout as Json | undefined).length > 0)
    .map(({ state }) => state.stateId);
  return (entry) =>
    failing.some((other) => other !== entry && runsBefore(entry, other)) ||
    timed.some((stateId) => isOnTheWayTo(entry, stateId));
}

/** Earlier in the same list, or on the way to the state of the other. */
function runsBefore(entry: ActionEntry, other: ActionEntry): boolean {
  const [list, at] = placeOf(entry);
  const [otherList, otherAt] = placeOf(other);
  if (list === otherList) return at < otherAt;
  return other.transition === undefined && other.stateIds.some((stateId) => leadsTo(entry, stateId));
}

function isOnTheWayTo(entry: ActionEntry, stateId: string): boolean {
  return (
    leadsTo(entry, stateId) || (entry.stateIds.includes(stateId) && entry.pointer.includes("/entryActions/"))
  );
}

function leadsTo({ transition }: ActionEntry, stateId: string): boolean {
  return transition?.transition.toStateId === stateId;
}

function placeOf({ pointer }: ActionEntry): readonly [string, number] {
  const cut = pointer.lastIndexOf("/");
  return [pointer.slice(0, cut), Number(pointer.slice(cut + 1))];
}

/** The rollbacks of `onError` and `onTimeout`: words, or objects with their settings. */
function rollbacksOf(holder: Json | undefined): Json[] {
  if (!isJsonObject(holder)) return [];
  return [holder.onError, holder.onTimeout]
    .flatMap((value): readonly Json[] =>
      Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value],
    )
    .filter((each) => each === "rollback" || (isJsonObject(each) && each.strategy === "rollback"));
}
