import type { CanonicalState, CanonicalTransition } from "../../definition-document.generated.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { errorStateId } from "../care/error-state.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { stateGraph } from "./state-graph.js";

/** Some way leads to every state. The error state can be reached by `abort`. */
export const unreachableState: Rule = ({ definition, survey }) => {
  const root = survey.scopes[0]?.states ?? [];
  const starts = new Set(
    root.filter(({ state }) => state.baseStateType === "initial").map(({ state }) => state.stateId),
  );
  if (starts.size === 0) return [];
  const errorState = errorStateId(definition, survey);
  if (errorState !== undefined && canFail(survey)) starts.add(errorState);
  const reached = stateGraph(survey).reachableFrom(starts);
  return survey.states
    .filter(({ state, home }) => {
      // What is inside of what is not reached is not told by itself.
      const around = home.parent?.state.stateId;
      return !reached.has(state.stateId) && (around === undefined || reached.has(around));
    })
    .map(({ pointer, label }) =>
      finding("UNREACHABLE_STATE", pointer, `${label} cannot be reached: no way leads to it.`, {
        hint: "Add a transition to it, or remove it.",
      }),
    );
};

/**
 * An action and a child can fail, a state can throw an error, and what is left at once can, without a default, have no way
 * out (`NO_TRANSITION`).
 */
function canFail(survey: DefinitionSurvey): boolean {
  if (survey.actions.length > 0) return true;
  if (survey.states.some(({ state }) => hasFailures(state))) return true;
  const routing = survey.states.filter(({ isRouting }) => isRouting);
  return routing.some(
    ({ state }) =>
      !survey.transitions.some(
        ({ transition }) => transition.default === true && leaves(transition, state.stateId),
      ),
  );
}

function hasFailures({ throws, emits, subMachine, forEach, timeout }: CanonicalState): boolean {
  return (
    throws?.error !== undefined || [emits, subMachine, forEach, timeout].some((part) => part !== undefined)
  );
}

function leaves(transition: CanonicalTransition, stateId: string): boolean {
  const from = transition.fromStateId;
  return Array.isArray(from) ? from.includes(stateId) : from === stateId;
}

/** From every state some way leads to a final state; from one inside another also by the ways out of what is around it. */
export const deadEnd: Rule = ({ survey }) => {
  if (survey.scopes[0]?.states.every((entry) => !entry.isFinal) !== false) return [];
  const { endable } = stateGraph(survey);
  const findings: RuleFinding[] = [];
  for (const { state, home, pointer, label, isFinal } of survey.states) {
    const around = home.parent?.state.stateId;
    if (isFinal || endable.has(state.stateId) || (around !== undefined && !endable.has(around))) continue;
    findings.push(
      finding("DEAD_END", pointer, `${label} is a dead end: no way leads from it to a final state.`, {
        hint: "Add a transition that leads on, or make it a final state.",
      }),
    );
  }
  return findings;
};
