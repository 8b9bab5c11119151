/** Events, from outside and inside, and signals: taken at once, kept for later, or refused without a trace. */

import { checkTransition, checkVariables, takenPart } from "../data/data-rules.js";
import type { Json, JsonObject } from "../json/json.js";
import type { Rejection } from "../message/answer.js";
import type { Inbound } from "../message/inbound.js";
import type { TransitionModel } from "../model/machine.js";
import type { Enabled } from "./tokens/domain.js";
import { innermostTokens } from "./tokens/token-tree.js";
import { eventsOffered, type Occurrence, selectAllFor } from "./transition/select.js";
import { type Taking, takeTransition } from "./transition/take.js";
import { takeTogether } from "./transition/take-together.js";
import { enclosingStates, stateNamed, stateOf, type Turn } from "./turn.js";
import { assignmentProblem } from "./who/assigned.js";
import { distinctProblem, isNamed, noteSender } from "./who/four-eyes.js";

export interface IncomingEvent {
  readonly eventId: string;
  readonly data: JsonObject;
  readonly variables: JsonObject;
  readonly actor: string;
  readonly groups?: readonly string[];
  /** Of a message from outside. */
  readonly inbound?: Inbound;
}

export type EventOutcome =
  | { readonly kind: "taken"; readonly transition: TransitionModel; readonly from: string }
  | { readonly kind: "not-enabled" }
  /** `at`: what would have been taken. */
  | { readonly kind: "refused"; readonly rejection: Rejection; readonly at: Enabled };

/** What comes, and what becomes of its data. */
interface Arrival {
  readonly occurrence: Occurrence;
  readonly origin: "outside" | "inside";
  readonly data: JsonObject;
  readonly variables: JsonObject;
  readonly actor: string;
  readonly groups: readonly string[];
  /** A signal is for everybody: what of its data a receiver has no place for is left out. */
  readonly takesPart: boolean;
  readonly raisedData?: Json;
}

/** Offers an event to every token; the first transition taken is the one that is reported. */
export function takeEvent(turn: Turn, event: IncomingEvent): EventOutcome {
  const { data, variables, actor, groups = [], inbound } = event;
  return take(turn, {
    occurrence: occurrenceOf(event),
    origin: "outside",
    data,
    variables,
    actor,
    groups,
    takesPart: inbound?.takesPart ?? false,
  });
}

export function occurrenceOf({
  eventId,
  data,
  inbound,
}: Omit<IncomingEvent, "actor" | "groups" | "variables">): Occurrence {
  const occurrence = { name: eventId, data, eventData: data };
  return inbound === undefined
    ? { kind: "event", ...occurrence }
    : { kind: "inbound", inbound, ...occurrence };
}

export function takeSignal(turn: Turn, signal: string, data: JsonObject, actor: string): EventOutcome {
  return take(turn, {
    occurrence: { kind: "signal", name: signal, data, eventData: data },
    origin: "outside",
    data,
    variables: {},
    actor,
    groups: [],
    takesPart: true,
  });
}

/** An event from inside: its data is seen by conditions and actions, and not merged. */
export function takeRaisedEvent(turn: Turn, eventId: string, data: Json): EventOutcome {
  return take(turn, {
    occurrence: { kind: "event", name: eventId, eventData: data },
    origin: "inside",
    data: {},
    variables: {},
    actor: turn.command.actor,
    groups: [],
    takesPart: false,
    raisedData: data,
  });
}

export function notEnabled(turn: Turn, eventId: string): Rejection {
  const states = innermostTokens(turn.draft)
    .map((token) => `"${token.stateId}"`)
    .join(", ");
  const enabled = eventsOffered(turn);
  const offer =
    enabled.length === 0 ? "No event leads on from here." : `Events of this state: ${enabled.join(", ")}.`;
  return {
    code: "NOT_ENABLED",
    message: `Event "${eventId}" is not enabled in state ${states}. ${offer}`,
    enabled,
  };
}

function take(turn: Turn, arrival: Arrival): EventOutcome {
  const selected = selectAllFor(turn, arrival.occurrence);
  if ("kind" in selected) {
    const rejection: Rejection = { code: "EXPRESSION_ERROR", message: selected.message };
    return { kind: "refused", rejection, at: selected };
  }
  const [first] = selected.enabled;
  if (first === undefined) return { kind: "not-enabled" };
  const from = first.token.stateId;
  if (selected.enabled.length === 1) return takeOnly(turn, arrival, first);
  // All are checked before any is taken: data of one must not make another one valid.
  for (const enabled of selected.enabled) {
    const rejection = problemOf(turn, arrival, enabled);
    if (rejection !== undefined) return { kind: "refused", rejection, at: enabled };
  }
  noteSenders(turn, arrival, selected.enabled);
  takeTogether(
    turn,
    selected.enabled.map((enabled) => ({ ...enabled, taking: takingOf(turn, arrival, enabled) })),
  );
  return { kind: "taken", transition: first.transition, from };
}

/** As nearly always: nothing else is taken with it. */
function takeOnly(turn: Turn, arrival: Arrival, enabled: Enabled): EventOutcome {
  const { token, transition } = enabled;
  const from = token.stateId;
  const rejection = problemOf(turn, arrival, enabled);
  if (rejection !== undefined) return { kind: "refused", rejection, at: enabled };
  noteSenders(turn, arrival, [enabled]);
  takeTransition(turn, token, transition, takingOf(turn, arrival, enabled));
  return { kind: "taken", transition, from };
}

/** Who may not send, before anything is said about what was sent. */
function senderProblem(turn: Turn, arrival: Arrival, { token, transition }: Enabled): Rejection | undefined {
  const { occurrence, origin, actor, groups } = arrival;
  const sent = `${occurrence.kind === "signal" ? "Signal" : "Event"} "${occurrence.name}"`;
  if (origin === "inside") return distinctProblem(turn, transition, sent, "system");
  const problem = distinctProblem(turn, transition, sent, actor);
  // A signal is for everybody, and is no answer to a task.
  if (problem !== undefined || occurrence.kind === "signal") return problem;
  return assignmentProblem(turn, stateOf(turn, token), sent, { actor, groups });
}

/** What came from inside was caused by whoever sent the command, where that was a person. */
function noteSenders(turn: Turn, arrival: Arrival, enabled: readonly Enabled[]): void {
  const { occurrence, origin, actor } = arrival;
  if (origin === "inside" && !isNamed(actor)) return;
  noteSender(turn, occurrence.name, actor);
  for (const { transition } of enabled) noteSender(turn, transition.transitionId, actor);
}

function problemOf(turn: Turn, arrival: Arrival, enabled: Enabled): Rejection | undefined {
  const { transition, token } = enabled;
  const { name } = arrival.occurrence;
  const unfit = senderProblem(turn, arrival, enabled);
  if (unfit !== undefined) return unfit;
  const problem =
    checkTransition(turn, {
      source: stateOf(turn, token),
      around: enclosingStates(turn, token),
      target: targetOf(turn, transition),
      transition,
      isDone: token.phase !== "inside",
      origin: arrival.origin,
      eventId: name,
      eventData: dataFor(turn, arrival, enabled),
      errorData: errorDataFor(turn, enabled),
    }) ?? checkVariables(turn.draft.variables, arrival.variables);
  if (problem === undefined) return undefined;
  const list = problem.violations.map((violation) => violation.message).join("; ");
  const message = `Event "${name}" (transition "${transition.transitionId}"): ${list}`;
  const violations = problem.violations.map(({ path, message: text }) => ({ path, message: text }));
  return { code: problem.code, message, violations };
}

function takingOf(turn: Turn, arrival: Arrival, enabled: Enabled): Taking {
  const { transition } = enabled;
  const eventData = dataFor(turn, arrival, enabled);
  const errorData = errorDataFor(turn, enabled);
  if (targetOf(turn, transition)?.isError === true) rememberRouted(turn, enabled, arrival);
  const { origin, occurrence, actor, variables, raisedData } = arrival;
  const taking = { origin, eventId: occurrence.name, actor, eventData, variables, errorData };
  return raisedData === undefined ? taking : { ...taking, raisedData };
}

function dataFor(turn: Turn, { data, takesPart }: Arrival, { token, transition }: Enabled): JsonObject {
  if (!takesPart) return data;
  const around = enclosingStates(turn, token);
  return takenPart(turn.machine, stateOf(turn, token), around, targetOf(turn, transition), data);
}

function targetOf(turn: Turn, { targetId }: TransitionModel) {
  return targetId === undefined ? undefined : stateNamed(turn.machine, targetId);
}

function errorDataFor(turn: Turn, { token, transition }: Enabled): JsonObject {
  return targetOf(turn, transition)?.isError === true
    ? { errorTimestamp: turn.nowText, failedState: token.stateId }
    : {};
}

/** All four fields of an error are in `variables.lastError`, whatever the error state's schema says. */
function rememberRouted(turn: Turn, { token }: Enabled, { data, occurrence }: Arrival): void {
  const lastError = {
    errorCode: data.errorCode ?? occurrence.name,
    errorMessage: data.errorMessage ?? `Event "${occurrence.name}"`,
    errorTimestamp: data.errorTimestamp ?? turn.nowText,
    failedState: data.failedState ?? token.stateId,
  };
  turn.draft.variables = { ...turn.draft.variables, lastError };
}
