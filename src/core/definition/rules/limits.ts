import type { Rule, RuleFinding } from "./rule.js";
import { finding } from "./rule.js";

export const MAX_DEFINITION_BYTES = 1_048_576;
export const MAX_STATES = 1_000;
export const MAX_TRANSITIONS = 5_000;
export const MAX_NESTING = 16;

/** The limits that can be counted; the size of the text is checked before it is read, expressions by their compiler. */
export const limits: Rule = ({ survey }) => {
  const findings: RuleFinding[] = [];
  const check = (count: number, most: number, pointer: string, what: string) => {
    if (count <= most) return;
    findings.push(
      finding("LIMIT", pointer, `The machine has ${count} ${what}; at most ${most} are allowed.`),
    );
  };
  check(survey.states.length, MAX_STATES, "/states", "states");
  check(survey.transitions.length, MAX_TRANSITIONS, "/transitions", "transitions");
  const tooDeep = survey.scopes.find(({ depth }) => depth > MAX_NESTING);
  if (tooDeep !== undefined) {
    findings.push(
      finding("LIMIT", tooDeep.pointer, `${tooDeep.label} is nested deeper than ${MAX_NESTING} levels.`),
    );
  }
  return findings;
};
