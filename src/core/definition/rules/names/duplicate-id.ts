import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** Ids of states, transitions, actions and regions are each unique in the machine. */
export const duplicateId: Rule = ({ survey }) => {
  const findings: RuleFinding[] = [];
  const check = (kind: string, field: string, things: readonly { id: string; pointer: string }[]) => {
    const seen = new Set<string>();
    for (const { id, pointer } of things) {
      if (seen.has(id)) {
        findings.push(
          finding("DUPLICATE_ID", `${pointer}/${field}`, `The ${kind} "${id}" is defined more than once.`, {
            hint: `Give one of them another id.`,
          }),
        );
      }
      seen.add(id);
    }
  };
  check(
    "state",
    "stateId",
    survey.states.map(({ state, pointer }) => ({ id: state.stateId, pointer })),
  );
  check(
    "region",
    "regionId",
    survey.regions.map(({ region, pointer }) => ({ id: region.regionId, pointer })),
  );
  check(
    "transition",
    "transitionId",
    survey.transitions.map(({ transition, pointer }) => ({ id: transition.transitionId, pointer })),
  );
  check(
    "action",
    "actionId",
    survey.actions.map(({ action, pointer }) => ({ id: action.actionId, pointer })),
  );
  return findings;
};
