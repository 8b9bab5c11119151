import type { ScopeEntry, StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { regionsAround } from "./region-of.js";

interface Taker {
  readonly entry: TransitionEntry;
  readonly region: ScopeEntry;
  readonly isLeaving: boolean;
}

/**
 * Regions that take the same event do not get into each other's way. Where one of them leaves the parallel state the other
 * is left with it, so that only the first of the two in the document is taken. Told once for each event of a parallel state.
 */
export const regionConflict: Rule = ({ survey }) => {
  if (survey.regions.length === 0) return [];
  const takers = new Map<StateEntry, Map<string, Taker[]>>();
  for (const entry of survey.transitions) {
    const { toStateId, event = [] } = entry.transition;
    const target = survey.statesById.get(toStateId ?? "");
    const inside = target === undefined ? [] : regionsAround(target);
    for (const [parallel, region] of sourceRegions(entry, survey.statesById)) {
      const stays = toStateId === undefined || inside.some((around) => around.region === region);
      const taker: Taker = { entry, region, isLeaving: !stays };
      const byEvent = takers.get(parallel) ?? new Map<string, Taker[]>();
      takers.set(parallel, byEvent);
      for (const key of new Set(event.flatMap(sharedEvent))) {
        byEvent.set(key, [...(byEvent.get(key) ?? []), taker]);
      }
    }
  }
  return [...takers].flatMap(([parallel, byEvent]) =>
    [...byEvent].flatMap(([event, found]) => conflict(parallel, event, found)),
  );
};

function conflict(parallel: StateEntry, event: string, takers: readonly Taker[]): RuleFinding[] {
  for (const { entry, region, isLeaving } of takers) {
    const other = isLeaving ? takers.find((taker) => taker.region !== region) : undefined;
    if (other === undefined) continue;
    const { stateId } = parallel.state;
    return [
      finding(
        "REGION_CONFLICT",
        entry.pointer,
        `${entry.label} leaves "${stateId}" on "${event}", on which transition "${other.entry.transition.transitionId}" of ${other.region.label.replace("Region", "region")} is taken too: only the first of them in the document is.`,
        { hint: `Give the events different ids, or let "${stateId}" itself have the transition.` },
      ),
    ];
  }
  return [];
}

function sourceRegions(
  { sourceIds }: TransitionEntry,
  statesById: ReadonlyMap<string, StateEntry>,
): ReadonlyMap<StateEntry, ScopeEntry> {
  const found = new Map<StateEntry, ScopeEntry>();
  for (const sourceId of sourceIds) {
    const source = statesById.get(sourceId);
    for (const { parallel, region } of source === undefined ? [] : regionsAround(source)) {
      if (!found.has(parallel)) found.set(parallel, region);
    }
  }
  return found;
}

/** What more than one token can take: times are each state's own, and what is thrown goes outwards from who throws it. */
function sharedEvent(trigger: NonNullable<TransitionEntry["transition"]["event"]>[number]): string[] {
  const { eventId } = trigger;
  if (trigger.trigger === "signal") return [trigger.signal ?? eventId];
  if (trigger.trigger !== "manual" || /^(error|escalation)(\.|$)/.test(eventId)) return [];
  return [eventId];
}
