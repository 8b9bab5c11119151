import type { Rule } from "../rule.js";
import { finding } from "../rule.js";

/** A short form without final states may leave out its ends; each that is assumed is told. */
export const impliedState: Rule = ({ survey, impliedStateIds }) =>
  impliedStateIds.flatMap((stateId) => {
    const state = survey.statesById.get(stateId);
    if (state === undefined) return [];
    return [
      finding(
        "IMPLIED_STATE",
        state.pointer,
        `State "${stateId}" is not defined and was taken as a final state.`,
        { hint: `Define it: "${stateId}": { "type": "final" }.` },
      ),
    ];
  });
