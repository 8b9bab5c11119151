/** Selection: which transition of a token's state is enabled, in document order. */
import { EvaluationError } from "../expression/evaluation-error.js";
import type { Json } from "../json/json.js";
import type { TransitionModel } from "../model/machine.js";
import type { Token } from "../model/snapshot.js";
import { expressionScope, type ScopeExtras } from "./expression-scope.js";
import { record, stateOf, type Turn } from "./turn.js";

export type Selection =
  | { readonly kind: "enabled"; readonly transition: TransitionModel }
  | { readonly kind: "none" }
  /** A condition could not be evaluated. */
  | { readonly kind: "faulty"; readonly transition: TransitionModel; readonly message: string };

/** `error` and `error.<code>` are raised by the engine alone: nobody outside can send them. */
export function isReservedEvent(eventId: string): boolean {
  return eventId === "error" || eventId.startsWith("error.");
}

/** The first transition on the event whose condition holds; one that does not interrupt waits until the token is settled. */
export function selectForEvent(
  turn: Turn,
  token: Token,
  eventId: string,
  data: { readonly [property: string]: Json },
): Selection {
  const candidates = stateOf(turn, token).transitions.filter(
    (transition) => answersTo(transition, eventId) && mayBeTaken(turn, token, transition),
  );
  return firstEnabled(turn, token, candidates, { data, event: { id: eventId, data } });
}

/** The first transition that handles a failure: one that names `error` or `error.<code>`. */
export function selectErrorRoute(
  turn: Turn,
  token: Token,
  code: string,
  data: { readonly [property: string]: Json },
): Selection {
  const eventId = `error.${code}`;
  const candidates = stateOf(turn, token).transitions.filter(
    (transition) => answersTo(transition, eventId) || answersTo(transition, "error"),
  );
  return firstEnabled(turn, token, candidates, { data, event: { id: eventId, data } });
}

/** The first automatic transition whose condition holds; in a decision the default when none does. */
export function selectAutomatic(turn: Turn, token: Token): Selection {
  const candidates = stateOf(turn, token).transitions.filter((transition) => transition.isAutomatic);
  const guarded = candidates.filter((transition) => !transition.isDefault);
  const selection = firstEnabled(turn, token, guarded, {});
  if (selection.kind !== "none") return selection;
  const fallback = candidates.find((transition) => transition.isDefault);
  return fallback === undefined ? selection : { kind: "enabled", transition: fallback };
}

/** The time-based transition of a timer, when its condition holds and the token may take it now. */
export function selectForTimer(turn: Turn, token: Token, transitionId: string, eventId: string): Selection {
  const candidates = stateOf(turn, token).transitions.filter(
    (transition) => transition.transitionId === transitionId && mayBeTaken(turn, token, transition),
  );
  return firstEnabled(turn, token, candidates, { event: { id: eventId, data: {} } });
}

/** The events that the current states name: what a refusal offers. */
export function eventsOffered(turn: Turn): string[] {
  const offered = turn.draft.tokens.flatMap((token) =>
    stateOf(turn, token).transitions.flatMap((transition) =>
      transition.triggers.flatMap((trigger) => (trigger.kind === "event" ? [trigger.eventId] : [])),
    ),
  );
  return [...new Set(offered)].filter((eventId) => !isReservedEvent(eventId));
}

/** An internal transition does not leave: it waits while an incident holds actions of the state. */
function mayBeTaken(turn: Turn, token: Token, transition: TransitionModel): boolean {
  if (transition.interrupts || token.phase === "settled") return true;
  return transition.targetId !== undefined && isFree(turn, token);
}

/** Settled, or held by an incident that an event may correct. */
export function isFree(turn: Turn, token: Token): boolean {
  return (
    token.phase === "settled" ||
    turn.draft.incidents.some((incident) => incident.tokenId === token.tokenId && incident.suspends)
  );
}

function answersTo(transition: TransitionModel, eventId: string): boolean {
  return transition.triggers.some((trigger) => trigger.kind === "event" && trigger.eventId === eventId);
}

function firstEnabled(
  turn: Turn,
  token: Token,
  candidates: readonly TransitionModel[],
  extras: ScopeExtras,
): Selection {
  if (candidates.length === 0) return { kind: "none" };
  const scope = expressionScope(turn, { stateId: token.stateId, ...extras });
  const refused: string[] = [];
  for (const transition of candidates) {
    try {
      if (transition.condition.holds(scope)) {
        if (refused.length > 0)
          record(turn, "decision", { state: token.stateId, refused, taken: transition.transitionId });
        return { kind: "enabled", transition };
      }
      refused.push(transition.transitionId);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return {
        kind: "faulty",
        transition,
        message: `Condition of transition "${transition.transitionId}": ${error.message}`,
      };
    }
  }
  record(turn, "decision", { state: token.stateId, refused });
  return { kind: "none" };
}
