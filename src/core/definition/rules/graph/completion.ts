/** When compound and parallel states are done, and what waits for that. */

import { isComposite } from "../../survey/enclosing.js";
import type { ScopeEntry, StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";

const DONE = "done.state.";

/** The state whose being done raises the event, where the event is such a one. */
export function stateOfDoneEvent(eventId: string): string | undefined {
  return eventId.startsWith(DONE) ? eventId.slice(DONE.length) : undefined;
}

/**
 * True for a transition that can only be taken when the state, its source, is done: an automatic one (with `interrupts` it
 * need not wait), or one on the state's own `done.state.…`.
 */
export function waitsForDone({ transition }: TransitionEntry, stateId: string): boolean {
  const { event, interrupts } = transition;
  if (event === undefined) return interrupts !== true;
  return event.every(
    ({ trigger, eventId }) =>
      (trigger === "automatic" && interrupts !== true) ||
      (trigger === "manual" && stateOfDoneEvent(eventId) === stateId),
  );
}

/**
 * The states that can be done as far as their final states tell. A scope is done in a final state that does not end the
 * whole instance, or when an event sub-process that interrupts it is done; a region also in a state that is done and has
 * nothing automatic of its own.
 */
export function statesThatCanBeDone(survey: DefinitionSurvey): ReadonlySet<string> {
  const automatic = new Set(
    survey.transitions.flatMap(({ isAutomatic, sourceIds }) => (isAutomatic ? sourceIds : [])),
  );
  const able = new Map<StateEntry, boolean>();
  const canBeDone = (entry: StateEntry): boolean => {
    const known = able.get(entry);
    if (known !== undefined) return known;
    const isRegion = entry.state.regions !== undefined;
    const result = entry.inner.length > 0 && entry.inner.every((scope) => canEnd(scope, isRegion));
    able.set(entry, result);
    return result;
  };
  const canEnd = ({ states }: ScopeEntry, isRegion: boolean): boolean =>
    states.some((entry) => {
      if (entry.isFinal) return !entry.isError;
      if (!isComposite(entry) || !canBeDone(entry)) return false;
      const { triggeredBy } = entry.state;
      if (triggeredBy !== undefined) return triggeredBy.interrupts !== false;
      return isRegion && !automatic.has(entry.state.stateId);
    });
  return new Set(
    survey.states.filter((entry) => isComposite(entry) && canBeDone(entry)).map(({ state }) => state.stateId),
  );
}
