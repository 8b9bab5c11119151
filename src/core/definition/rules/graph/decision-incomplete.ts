import type { Rule } from "../rule.js";
import { finding } from "../rule.js";

/** A decision, fork or join says where to go whatever the data: by a default, or by a transition without condition. */
export const decisionIncomplete: Rule = ({ survey }) => {
  const settled = new Set<string>();
  const leaving = new Set<string>();
  for (const { transition, sourceIds } of survey.transitions) {
    const { condition, default: isDefault } = transition;
    const always = isDefault === true || condition === undefined || condition === "true";
    for (const stateId of sourceIds) {
      leaving.add(stateId);
      if (always) settled.add(stateId);
    }
  }
  return survey.states
    .filter(({ state, isRouting }) => isRouting && leaving.has(state.stateId) && !settled.has(state.stateId))
    .map(({ state, pointer, label }) =>
      finding(
        "DECISION_INCOMPLETE",
        pointer,
        `${label} is a ${state.baseStateType} without a default: where no condition holds, the instance fails.`,
        {
          hint: 'Mark one of its transitions with "default": true.',
        },
      ),
    );
};
