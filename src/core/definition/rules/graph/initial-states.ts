import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** Every scope begins in exactly one state, but for starts that an inbound trigger tells apart. */
export const initialStates: Rule = ({ survey }) => {
  const findings: RuleFinding[] = [];
  for (const { pointer, label, states, initial, parent } of survey.scopes) {
    if (initial !== undefined) continue;
    const initials = states.filter(({ state }) => state.baseStateType === "initial");
    const plain = initials.filter(({ state }) => state.startOn === undefined);
    if (initials.length === 0) {
      findings.push(
        finding("NO_INITIAL", parent === undefined ? "/states" : pointer, `${label} has no initial state.`, {
          hint: "Give the state in which it begins the type initial.",
        }),
      );
    }
    for (const second of plain.slice(1)) {
      findings.push(
        finding(
          "MANY_INITIAL",
          `${second.pointer}/baseStateType`,
          `${second.label} is a second initial state beside "${plain[0]?.state.stateId ?? ""}".`,
          { hint: "Leave one, or say with startOn what starts an instance here." },
        ),
      );
    }
  }
  return findings;
};
