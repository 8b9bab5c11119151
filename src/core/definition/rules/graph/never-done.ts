import type { TransitionEntry } from "../../survey/entries.js";
import type { Rule } from "../rule.js";
import { finding } from "../rule.js";
import { stateOfDoneEvent, statesThatCanBeDone, waitsForDone } from "./completion.js";

/**
 * A compound or parallel state that something waits for can be done. Where it never is, an event may still lead out of it,
 * hence a warning.
 */
export const neverDone: Rule = ({ survey }) => {
  const able = statesThatCanBeDone(survey);
  const never = new Map(
    survey.states
      .filter(({ inner }) => inner.length > 0 && inner.every(({ states }) => states.length > 0))
      .filter(({ state }) => !able.has(state.stateId))
      .map(({ state }) => [state.stateId, state]),
  );
  if (never.size === 0) return [];
  return survey.transitions.flatMap((entry) =>
    [...awaitedBy(entry)].flatMap((stateId) => {
      const state = never.get(stateId);
      if (state === undefined) return [];
      const fault =
        state.regions === undefined ? "it has no final state" : "not every region has a final state";
      return [
        finding(
          "NEVER_DONE",
          entry.pointer,
          `${entry.label} waits until "${stateId}" is done, but it never is: ${fault}.`,
          { hint: `Give the states in which "${stateId}" is done the type final.` },
        ),
      ];
    }),
  );
};

/** The states without whose being done the transition cannot be taken: its source, or the one that its only event names. */
function awaitedBy(entry: TransitionEntry): ReadonlySet<string> {
  const awaited = new Set(entry.sourceIds.filter((stateId) => waitsForDone(entry, stateId)));
  const [only, ...others] = entry.transition.event ?? [];
  if (only?.trigger === "manual" && others.length === 0) {
    const named = stateOfDoneEvent(only.eventId);
    if (named !== undefined) awaited.add(named);
  }
  return awaited;
}
