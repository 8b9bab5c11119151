import type { Rule } from "../rule.js";
import { finding } from "../rule.js";

/** What is there to hold others holds some. */
export const emptyScope: Rule = ({ survey }) => [
  ...survey.states.flatMap(({ state, pointer, label }) => {
    const { baseStateType, regions = [], states = [] } = state;
    if (baseStateType === "compound" && states.length === 0)
      return [finding("EMPTY_SCOPE", pointer, `${label} is a compound state without states.`)];
    if (baseStateType === "parallel" && regions.length === 0)
      return [finding("EMPTY_SCOPE", pointer, `${label} is a parallel state without regions.`)];
    return [];
  }),
  ...survey.regions
    .filter(({ region }) => region.states.length === 0)
    .map(({ region, pointer }) =>
      finding("EMPTY_SCOPE", pointer, `Region "${region.regionId}" has no states.`),
    ),
];
