import type { ErrorStrategies, TimeoutStrategies } from "../../definition-document.generated.js";
import { didYouMean } from "../../shape/nearest-name.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** Every state that is named is defined: ends of transitions, inner starts, error states, `inState`, `rollbackTo`. */
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
