import type { ErrorStrategies, TimeoutStrategies } from "../../definition-document.generated.js";
import { didYouMean } from "../../shape/nearest-name.js";
import { isComposite } from "../../survey/enclosing.js";
import type { StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { stateOfDoneEvent } from "../graph/completion.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/**
 * Every state that is named is defined: ends of transitions, inner starts, error states, `inState`, `rollbackTo`; and what
 * follows `done.state.` in an event's id is a state that can be done.
 */
export const unknownState: Rule = ({ definition, survey }) => {
  const findings: RuleFinding[] = [];
  const known = survey.statesById;
  const check = (
    stateId: string | undefined,
    pointer: string,
    sentence: (named: string) => string,
    offset?: number,
  ) => {
    if (stateId === undefined || known.has(stateId)) return;
    findings.push(
      finding("UNKNOWN_STATE", pointer, sentence(`"${stateId}", which is not defined.`), {
        hint: didYouMean(stateId, known.keys()),
        offset,
      }),
    );
  };
  const checkRollback = (
    strategies: ErrorStrategies | TimeoutStrategies | undefined,
    pointer: string,
    label: string,
  ) => {
    for (const [stateId, at] of rollbackTargets(strategies)) {
      check(stateId, `${pointer}${at}/rollbackTo`, (named) => `${label}: rollbackTo names ${named}`);
    }
  };

  for (const { transition, pointer, label, sourceIds } of survey.transitions) {
    const { fromStateId, toStateId } = transition;
    if (fromStateId !== "*") {
      for (const stateId of sourceIds) {
        const place = typeof fromStateId === "string" ? "" : `/${fromStateId.indexOf(stateId)}`;
        check(
          stateId,
          `${pointer}/fromStateId${place}`,
          (named) => `Transition "${transition.transitionId}" comes from ${named}`,
        );
      }
    }
    check(toStateId, `${pointer}/toStateId`, (named) => `${label} leads to ${named}`);
    findings.push(...neverDone(survey, { transition, pointer, label }));
  }
  for (const { initial, pointer, label } of survey.scopes) {
    check(initial, `${pointer}/initial`, (named) => `${label}: initial names ${named}`);
  }
  const handler = definition.globalErrorHandler;
  check(
    handler?.errorState,
    "/globalErrorHandler/errorState",
    (named) => `The machine: errorState names ${named}`,
  );
  checkRollback(handler?.onError, "/globalErrorHandler/onError", "The machine");
  checkRollback(handler?.onTimeout, "/globalErrorHandler/onTimeout", "The machine");
  for (const { state, pointer, label } of survey.states) {
    checkRollback(state.timeout?.onTimeout, `${pointer}/timeout/onTimeout`, `${label}: its timeout`);
  }
  for (const { action, pointer, label } of survey.actions) {
    checkRollback(action.onError, `${pointer}/onError`, label);
    checkRollback(action.onTimeout, `${pointer}/onTimeout`, label);
  }
  for (const { expression, source, pointer, label } of survey.expressions) {
    for (const stateId of expression?.statesAsked ?? []) {
      const offset = source.indexOf(stateId);
      check(stateId, pointer, (named) => `${label} asks for the state ${named}`, offset);
    }
  }
  return findings;
};

/** The engine raises `done.state.X` when X is done, which only what holds states, regions or children can be. */
function neverDone(
  { states, statesById }: DefinitionSurvey,
  { transition, pointer, label }: Pick<TransitionEntry, "transition" | "pointer" | "label">,
): RuleFinding[] {
  return (transition.event ?? []).flatMap(({ eventId, trigger }, at) => {
    const stateId = stateOfDoneEvent(eventId);
    if (trigger !== "manual" || stateId === undefined) return [];
    const entry = statesById.get(stateId);
    if (entry !== undefined && canBeDone(entry)) return [];
    const fault =
      entry === undefined
        ? "which is not defined"
        : "which has no states, regions or children to be done with";
    const ids = states.filter(canBeDone).map(({ state }) => state.stateId);
    return [
      finding(
        "UNKNOWN_STATE",
        `${pointer}/event/${at}/eventId`,
        `${label}: the event "${eventId}" names "${stateId}", ${fault}.`,
        { hint: didYouMean(stateId, ids) },
      ),
    ];
  });
}

function canBeDone(entry: StateEntry): boolean {
  const { subMachine, forEach } = entry.state;
  return isComposite(entry) || subMachine !== undefined || forEach !== undefined;
}

function rollbackTargets(
  strategies: ErrorStrategies | TimeoutStrategies | undefined,
): (readonly [string, string])[] {
  if (strategies === undefined) return [];
  const list = Array.isArray(strategies) ? strategies : [strategies];
  return list.flatMap((strategy, at) => {
    if (typeof strategy === "string" || strategy.rollbackTo === undefined || strategy.rollbackTo === "start")
      return [];
    return [[strategy.rollbackTo, Array.isArray(strategies) ? `/${at}` : ""] as const];
  });
}
