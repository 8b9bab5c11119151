import { enclosingStates } from "../../survey/enclosing.js";
import type { ActionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import type { Rule } from "../rule.js";
import { finding } from "../rule.js";
import { isReconcile } from "../words/delivery-words.js";
import { errorStateId } from "./error-state.js";

/** An action that calls the outside says how long that may take. */
export const noTimeout: Rule = ({ definition, survey }) => {
  if (definition.actionDefaults?.timeout !== undefined) return [];
  return callingActions(survey)
    .filter(({ action }) => action.timeout === undefined)
    .map(({ pointer, label }) =>
      finding("NO_TIMEOUT", pointer, `${label} has no timeout; a try may take 30 seconds.`, {
        hint: 'Write one, for example "timeout": "PT10S".',
      }),
    );
};

/** Something says what happens when an action fails: a strategy, or a transition on the error. */
export const noErrorRoute: Rule = ({ definition, survey }) => {
  const { actionDefaults, globalErrorHandler } = definition;
  if (actionDefaults?.onError !== undefined || globalErrorHandler?.onError !== undefined) return [];
  const routed = statesWithErrorRoute(survey);
  return callingActions(survey)
    .filter((entry) => !isReconcile(entry))
    .filter(({ action, stateIds }) => action.onError === undefined && !stateIds.some((id) => routed.has(id)))
    .map(({ pointer, label }) =>
      finding(
        "NO_ERROR_ROUTE",
        pointer,
        `${label} has no error route: when it fails, the instance is aborted.`,
        {
          hint: "Add onError to it or to globalErrorHandler, or a transition on the event error.",
        },
      ),
    );
};

/** Where `abort` goes nothing goes on. */
export const errorStateNotFinal: Rule = ({ definition, survey }) => {
  const declared = definition.globalErrorHandler?.errorState;
  const entry = declared === undefined ? undefined : survey.statesById.get(declared);
  if (entry === undefined || entry.isError || (entry.isFinal && entry.home.parent === undefined)) return [];
  return [
    finding(
      "ERROR_STATE_NOT_FINAL",
      "/globalErrorHandler/errorState",
      `The machine: errorState names "${declared}", which is ${entry.isFinal ? "a final state inside another" : "not a final state"}.`,
      { hint: `Make "${declared}" a state of type error, or name another.` },
    ),
  ];
};

/** Where anything can fail, `abort` has a state to go to. */
export const noErrorState: Rule = ({ definition, survey }) => {
  if (callingActions(survey).length === 0 || errorStateId(definition, survey) !== undefined) return [];
  const errorStates = (survey.scopes[0]?.states ?? []).filter((entry) => entry.isError);
  const sentence =
    errorStates.length > 1
      ? `Of the error states ${errorStates.map(({ state }) => `"${state.stateId}"`).join(", ")} none is the one that abort goes to`
      : "The machine has no error state for abort to go to";
  return [
    finding(
      "NO_ERROR_STATE",
      "/states",
      `${sentence}; an instance that fails ends in status error where it is.`,
      {
        hint:
          errorStates.length > 1
            ? "Name one with globalErrorHandler.errorState."
            : "Add a state of type error.",
      },
    ),
  ];
};

function callingActions(survey: DefinitionSurvey): readonly ActionEntry[] {
  const calling = new Set(["webhook", "kafka", "file", "function"]);
  return survey.actions.filter(({ kind }) => calling.has(kind));
}

function isErrorEvent(eventId: string): boolean {
  return eventId === "error" || eventId.startsWith("error.");
}

/**
 * Error routes: transitions on the event error (or error.<code>), every transition into an error state, and event
 * sub-processes that an error starts.
 */
function statesWithErrorRoute(survey: DefinitionSurvey): ReadonlySet<string> {
  const routed = new Set<string>();
  for (const { transition, sourceIds } of survey.transitions) {
    const { event = [], toStateId } = transition;
    const isRoute =
      event.some(({ eventId }) => isErrorEvent(eventId)) ||
      (toStateId !== undefined && survey.statesById.get(toStateId)?.isError === true);
    if (isRoute) for (const stateId of sourceIds) routed.add(stateId);
  }
  for (const { state, home } of survey.states) {
    if (!isErrorEvent(state.triggeredBy?.event ?? "")) continue;
    for (const beside of home.states) if (beside.state !== state) routed.add(beside.state.stateId);
  }
  // What nothing inside catches goes to what is around.
  for (const entry of survey.states) {
    if (enclosingStates(entry).some(({ state }) => routed.has(state.stateId)))
      routed.add(entry.state.stateId);
  }
  return routed;
}
