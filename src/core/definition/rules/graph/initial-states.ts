import { placeInScope } from "../../survey/enclosing.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/**
 * Every scope begins in exactly one state, but for starts of the machine that an inbound trigger tells apart. Inside a state
 * `initial` may name it, at any depth.
 */
export const initialStates: Rule = ({ survey }) => {
  const findings: RuleFinding[] = [];
  for (const scope of survey.scopes) {
    const { pointer, label, states, initial, parent } = scope;
    const isInside = parent !== undefined;
    // What is empty is told as such.
    if (isInside && states.length === 0) continue;
    if (initial !== undefined) {
      const named = survey.statesById.get(initial);
      if (named === undefined || placeInScope(named, scope) !== undefined) continue;
      findings.push(
        finding(
          "NO_INITIAL",
          `${pointer}/initial`,
          `${label}: initial names "${initial}", which is not inside it.`,
          {
            hint: "Name one of the states inside it.",
          },
        ),
      );
      continue;
    }
    const initials = states.filter(({ state }) => state.baseStateType === "initial");
    const plain = initials.filter(({ state }) => isInside || state.startOn === undefined);
    if (initials.length === 0) {
      findings.push(
        finding("NO_INITIAL", isInside ? pointer : "/states", `${label} has no initial state.`, {
          hint: isInside
            ? "Give the state in which it begins the type initial, or name it with initial."
            : "Give the state in which it begins the type initial.",
        }),
      );
    }
    for (const second of plain.slice(1)) {
      findings.push(
        finding(
          "MANY_INITIAL",
          `${second.pointer}/baseStateType`,
          `${second.label} is a second initial state beside "${plain[0]?.state.stateId ?? ""}".`,
          {
            hint: isInside
              ? "Leave one, or name with initial where it begins."
              : "Leave one, or say with startOn what starts an instance here.",
          },
        ),
      );
    }
  }
  return findings;
};
