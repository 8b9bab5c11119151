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
  if (errorState !== undefined && survey.actions.length > 0) starts.add(errorState);
  for (const { state } of root) if (state.triggeredBy !== undefined) starts.add(state.stateId);
  const reached = stateGraph(survey).reachableFrom(starts);
  return survey.states
    .filter(({ state }) => !reached.has(state.stateId))
    .map(({ pointer, label }) =>
      finding("UNREACHABLE_STATE", pointer, `${label} cannot be reached: no way leads to it.`, {
        hint: "Add a transition to it, or remove it.",
      }),
    );
};

/** From every state some way leads to a final state. */
export const deadEnd: Rule = ({ survey }) => {
  const ends = survey.scopes[0]?.states.filter((entry) => entry.isFinal) ?? [];
  if (ends.length === 0) return [];
  const leading = stateGraph(survey).leadingTo(new Set(ends.map(({ state }) => state.stateId)));
  const findings: RuleFinding[] = [];
  for (const { state, pointer, label, isFinal } of survey.states) {
    if (isFinal || leading.has(state.stateId)) continue;
    findings.push(
      finding("DEAD_END", pointer, `${label} is a dead end: no way leads from it to a final state.`, {
        hint: "Add a transition that leads on, or make it a final state.",
      }),
    );
  }
  return findings;
};
