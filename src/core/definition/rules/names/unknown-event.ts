import { didYouMean } from "../../shape/nearest-name.js";
import type { Rule } from "../rule.js";
import { finding } from "../rule.js";

/** What `distinctFrom` names is an event that somebody can send, or a transition. */
export const unknownEvent: Rule = ({ survey }) => {
  const known = new Set([
    ...survey.transitions.flatMap(({ transition }) => [
      ...(transition.event ?? []).flatMap(({ eventId }) => eventId ?? []),
      ...(transition.transitionId === undefined ? [] : [transition.transitionId]),
    ]),
    ...survey.states.flatMap(({ state }) => state.triggeredBy?.event ?? []),
  ]);
  return survey.transitions.flatMap(({ transition: { distinctFrom }, pointer, label }) =>
    distinctFrom === undefined || known.has(distinctFrom)
      ? []
      : [
          finding(
            "UNKNOWN_EVENT",
            `${pointer}/distinctFrom`,
            `${label}: distinctFrom names "${distinctFrom}", which is neither an event nor a transition.`,
            { hint: didYouMean(distinctFrom, known) },
          ),
        ],
  );
};
