import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** The machine can end, and where it has ended nothing happens any more. */
export const finalStates: Rule = ({ survey }) => {
  const findings: RuleFinding[] = [];
  if (survey.scopes[0]?.states.every((entry) => !entry.isFinal)) {
    findings.push(
      finding(
        "NO_FINAL",
        "/states",
        "The machine has no final state, so no instance could ever be completed.",
        {
          hint: "Give the states in which instances end the type final or error.",
        },
      ),
    );
  }
  for (const { transition, pointer, sourceIds } of survey.transitions) {
    if (transition.fromStateId === "*") continue;
    for (const stateId of sourceIds) {
      if (survey.statesById.get(stateId)?.isFinal !== true) continue;
      const place =
        typeof transition.fromStateId === "string" ? "" : `/${transition.fromStateId.indexOf(stateId)}`;
      findings.push(
        finding(
          "TRANSITION_FROM_FINAL",
          `${pointer}/fromStateId${place}`,
          `Transition "${transition.transitionId}" leaves "${stateId}", which is a final state.`,
        ),
      );
    }
  }
  return findings;
};
