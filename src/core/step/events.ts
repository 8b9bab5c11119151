/** Events from outside: taken at once, kept for later, or refused without a trace. */

import { checkTransition, checkVariables } from "../data/data-rules.js";
import type { JsonObject } from "../json/json.js";
import type { Rejection } from "../message/answer.js";
import type { TransitionModel } from "../model/machine.js";
import type { Token } from "../model/snapshot.js";
import { eventsOffered, selectForEvent } from "./select.js";
import { takeTransition } from "./take.js";
import { stateNamed, stateOf, type Turn } from "./turn.js";

export interface IncomingEvent {
  readonly eventId: string;
  readonly data: JsonObject;
  readonly variables: JsonObject;
  readonly actor: string;
}

export type EventOutcome =
  | { readonly kind: "taken"; readonly transition: TransitionModel; readonly from: string }
  | { readonly kind: "not-enabled" }
  | { readonly kind: "refused"; readonly rejection: Rejection };

/** Offers an event to every token; the first transition taken is the one that is reported. */
export function takeEvent(turn: Turn, event: IncomingEvent): EventOutcome {
  let outcome: EventOutcome = { kind: "not-enabled" };
  for (const token of turn.draft.tokens) {
    const tokenOutcome = offerToToken(turn, token, event);
    if (tokenOutcome.kind === "refused") return tokenOutcome;
    if (outcome.kind === "not-enabled") outcome = tokenOutcome;
  }
  return outcome;
}

export function notEnabled(turn: Turn, eventId: string): Rejection {
  const states = turn.draft.tokens.map((token) => `"${token.stateId}"`).join(", ");
  const enabled = eventsOffered(turn);
  const offer =
    enabled.length === 0 ? "No event leads on from here." : `Events of this state: ${enabled.join(", ")}.`;
  return {
    code: "NOT_ENABLED",
    message: `Event "${eventId}" is not enabled in state ${states}. ${offer}`,
    enabled,
  };
}

function offerToToken(turn: Turn, token: Token, event: IncomingEvent): EventOutcome {
  const selection = selectForEvent(turn, token, event.eventId, event.data);
  if (selection.kind === "none") return { kind: "not-enabled" };
  if (selection.kind === "faulty") {
    return { kind: "refused", rejection: { code: "EXPRESSION_ERROR", message: selection.message } };
  }
  const { transition } = selection;
  const source = stateOf(turn, token);
  const target =
    transition.targetId === undefined ? undefined : stateNamed(turn.machine, transition.targetId);
  const errorData =
    target?.isError === true ? { errorTimestamp: turn.nowText, failedState: token.stateId } : {};
  const problem =
    checkTransition(turn, {
      source,
      target,
      transition,
      origin: "outside",
      eventId: event.eventId,
      eventData: event.data,
      errorData,
    }) ?? checkVariables(turn.draft.variables, event.variables);
  if (problem !== undefined) {
    const list = problem.violations.map((violation) => violation.message).join("; ");
    const message = `Event "${event.eventId}" (transition "${transition.transitionId}"): ${list}`;
    const violations = problem.violations.map(({ path, message: text }) => ({ path, message: text }));
    return { kind: "refused", rejection: { code: problem.code, message, violations } };
  }
  if (target?.isError === true) rememberRoutedEvent(turn, token, event);
  takeTransition(turn, token, transition, {
    origin: "outside",
    eventId: event.eventId,
    actor: event.actor,
    eventData: event.data,
    variables: event.variables,
    errorData,
  });
  return { kind: "taken", transition, from: source.stateId };
}

/** All four fields of an error are in `variables.lastError`, whatever the error state's schema says. */
function rememberRoutedEvent(turn: Turn, token: Token, event: IncomingEvent): void {
  const lastError = {
    errorCode: event.data.errorCode ?? event.eventId,
    errorMessage: event.data.errorMessage ?? `Event "${event.eventId}"`,
    errorTimestamp: event.data.errorTimestamp ?? turn.nowText,
    failedState: event.data.failedState ?? token.stateId,
  };
  turn.draft.variables = { ...turn.draft.variables, lastError };
}
