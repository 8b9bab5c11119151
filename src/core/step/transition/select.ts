/**
 * Selection: which transitions are enabled (SCXML appendix D: `selectTransitions`, `selectEventlessTransitions`). Each
 * innermost token, in document order, looks at the transitions of its state, then at the event sub-processes of its scope,
 * then at the state around it, and so on outwards; the first that is enabled is its choice.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { correlationOf, isSameValue } from "../../inbound/correlation.js";
import type { Json, JsonObject } from "../../json/json.js";
import type { Inbound } from "../../message/inbound.js";
import type { TransitionModel, TriggerModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import { expressionScope, type ScopeExtras } from "../expression-scope.js";
import { type Enabled, exitSet, placeOf, withoutConflicts } from "../tokens/domain.js";
import {
  hasLostChild,
  innermostTokens,
  isInside,
  ownerOf,
  scopeModel,
  scopeRecord,
  scopesOf,
} from "../tokens/token-tree.js";
import { record, stateOf, type Turn } from "../turn.js";
import { isAnswered } from "../who/four-eyes.js";

export type Selection =
  | { readonly kind: "enabled"; readonly token: Token; readonly transition: TransitionModel }
  | { readonly kind: "none" }
  /** A condition could not be evaluated. */
  | {
      readonly kind: "faulty";
      readonly token: Token;
      readonly transition: TransitionModel;
      readonly message: string;
    };

const NONE: Selection = { kind: "none" };

/** What is to be answered: an event by its id, a signal by its name, or a message by its event and what it carries. */
export type Occurrence = Happening &
  ({ readonly kind: "event" | "signal" } | { readonly kind: "inbound"; readonly inbound: Inbound });

interface Happening {
  readonly name: string;
  /** Overlays the instance's data while conditions are asked. */
  readonly data?: JsonObject;
  /** As `event.data` shows it. */
  readonly eventData: Json;
}

/** Raised by the engine alone: nobody outside can send them. */
export function isReservedEvent(eventId: string): boolean {
  return eventId === "error" || eventId.startsWith("error.") || eventId.startsWith("done.state.");
}

/** Everything that takes the event, without those that another one preempts; or the first condition that is faulty. */
export function selectAllFor(
  turn: Turn,
  occurrence: Occurrence,
): { readonly enabled: readonly Enabled[] } | Extract<Selection, { kind: "faulty" }> {
  const extras = extrasOf(occurrence);
  const answers = (transition: TransitionModel) => answersTo(turn, transition, occurrence);
  const enabled: Enabled[] = [];
  for (const token of innermostTokens(turn.draft)) {
    const selection = selectOutwards(turn, token, answers, extras);
    if (selection.kind === "faulty") return selection;
    if (selection.kind === "enabled") addDistinct(enabled, selection);
  }
  return { enabled: withoutConflicts(turn.machine, turn.draft, enabled) };
}

export function addDistinct(enabled: Enabled[], { token, transition }: Enabled): void {
  const isKnown = enabled.some(
    (other) =>
      other.transition === transition &&
      (transition.isTriggered ? other.token.scopeId === token.scopeId : other.token === token),
  );
  if (!isKnown) enabled.push({ token, transition });
}

function extrasOf({ name, data, eventData }: Occurrence): ScopeExtras {
  return { event: { id: name, data: eventData }, ...(data === undefined ? {} : { data }) };
}

/** The first enabled transition from the token outwards. */
function selectOutwards(
  turn: Turn,
  token: Token,
  answers: (transition: TransitionModel) => boolean,
  extras: ScopeExtras,
): Selection {
  for (let at: Token | undefined = token; at !== undefined; at = ownerOf(turn.draft, at)) {
    const own = selectAt(turn, at, answers, extras);
    if (own.kind !== "none") return own;
    const triggered = selectTriggered(turn, at, answers, extras);
    if (triggered.kind !== "none") return triggered;
  }
  return NONE;
}

function selectAt(
  turn: Turn,
  token: Token,
  answers: (transition: TransitionModel) => boolean,
  extras: ScopeExtras,
): Selection {
  // On its way from or out of a state that it has left for good.
  if (token.isNew === true || token.phase === "exiting") return NONE;
  const candidates = stateOf(turn, token).transitions.filter(
    (transition) => answers(transition) && mayBeTaken(turn, { token, transition }),
  );
  return firstEnabled(turn, token, candidates, extras);
}

/** Event sub-processes of the token's scope; none when one has interrupted it, or the scope is being left. */
function selectTriggered(
  turn: Turn,
  token: Token,
  answers: (transition: TransitionModel) => boolean,
  extras: ScopeExtras,
): Selection {
  const { machine, draft } = turn;
  const { triggered } = scopeModel(machine, draft, token.scopeId);
  if (triggered.length === 0 || token.phase === "exiting") return NONE;
  if (scopeRecord(draft, token.scopeId).isInterrupted === true) return NONE;
  return firstEnabled(turn, token, triggered.filter(answers), extras);
}

/** The first transition that handles a failure: one that names `error` or `error.<code>`, from the token outwards. */
export function selectErrorRoute(
  turn: Turn,
  token: Token,
  code: string,
  data: { readonly [property: string]: Json },
): Selection {
  const eventId = `error.${code}`;
  return selectThrown(turn, token, [eventId, "error"], { data, event: { id: eventId, data } });
}

/** The first that catches what is thrown, from the token outwards. It waits for nothing. */
export function selectThrown(
  turn: Turn,
  token: Token,
  eventIds: readonly string[],
  extras: ScopeExtras,
): Selection {
  const { draft } = turn;
  const answers = (transition: TransitionModel) =>
    transition.triggers.some((trigger) => trigger.kind === "event" && eventIds.includes(trigger.eventId));
  let faulty: Selection = NONE;
  for (let at: Token | undefined = token; at !== undefined; at = ownerOf(draft, at)) {
    for (const select of [selectRoute, selectTriggered]) {
      const selection = select(turn, at, answers, extras);
      if (selection.kind === "enabled") return selection;
      // One further out may still catch it; else whoever looks into the trail finds out why this one did not.
      if (selection.kind === "faulty" && faulty.kind === "none") faulty = selection;
    }
  }
  return faulty;
}

/** Of the state itself. What has to be left is not gone back to; a state around it may still have a route of its own. */
function selectRoute(
  turn: Turn,
  token: Token,
  answers: (transition: TransitionModel) => boolean,
  extras: ScopeExtras,
): Selection {
  if (token.phase === "exiting" || token.isNew === true) return NONE;
  const candidates = stateOf(turn, token).transitions.filter(
    (transition) => answers(transition) && !comesTooLate(turn, { token, transition }),
  );
  return firstEnabled(turn, token, candidates, extras);
}

/** The first automatic transition whose condition holds; in a decision the default when none does. */
export function selectAutomatic(turn: Turn, token: Token): Selection {
  const candidates = stateOf(turn, token).transitions.filter(
    (transition) => transition.isAutomatic && isAnswered(turn, token, transition),
  );
  const guarded = candidates.filter((transition) => !transition.isDefault);
  const selection = firstEnabled(turn, token, guarded, {});
  if (selection.kind !== "none") return selection;
  const fallback = candidates.find((transition) => transition.isDefault);
  return fallback === undefined ? selection : { kind: "enabled", token, transition: fallback };
}

/** Automatic transitions of the states around a token that apply before their work is done: those with `interrupts`. */
export function selectAutomaticAround(turn: Turn, token: Token): Selection {
  for (let at = ownerOf(turn.draft, token); at !== undefined; at = ownerOf(turn.draft, at)) {
    if (!isInside(at)) continue;
    const candidates = stateOf(turn, at).transitions.filter(
      (transition) =>
        transition.isAutomatic &&
        transition.distinctFrom === undefined &&
        (transition.interrupts || at?.phase === "settled"),
    );
    const selection = firstEnabled(turn, at, candidates, {});
    if (selection.kind !== "none") return selection;
  }
  return NONE;
}

/** Every branch of a fork whose condition holds; the default when none does. */
export function selectBranches(
  turn: Turn,
  token: Token,
): { readonly branches: readonly TransitionModel[] } | Extract<Selection, { kind: "faulty" }> {
  const candidates = stateOf(turn, token).transitions.filter((transition) => transition.isAutomatic);
  const branches: TransitionModel[] = [];
  for (const transition of candidates) {
    if (transition.isDefault) continue;
    const selection = firstEnabled(turn, token, [transition], {});
    if (selection.kind === "faulty") return selection;
    if (selection.kind === "enabled") branches.push(transition);
  }
  if (branches.length > 0) return { branches };
  return { branches: candidates.filter((transition) => transition.isDefault) };
}

/** The time-based transition of a timer, when its condition holds and the token may take it now. */
export function selectForTimer(turn: Turn, token: Token, transitionId: string, eventId: string): Selection {
  const candidates = stateOf(turn, token).transitions.filter(
    (transition) => transition.transitionId === transitionId && mayBeTaken(turn, { token, transition }),
  );
  return firstEnabled(turn, token, candidates, { event: { id: eventId, data: {} } });
}

/** The events that the current states name, inner ones first: what a refusal offers. */
export function eventsOffered(turn: Turn): string[] {
  const { draft, machine } = turn;
  const offered: string[] = [];
  for (const token of [...draft.tokens].reverse()) {
    const { triggered } = scopeModel(machine, draft, token.scopeId);
    for (const { triggers } of [...stateOf(turn, token).transitions, ...triggered]) {
      for (const trigger of triggers) if (trigger.kind === "event") offered.push(trigger.eventId);
    }
  }
  return [...new Set(offered)].filter((eventId) => !isReservedEvent(eventId));
}

/** What it would leave must be settled, unless it interrupts. One that stays waits for its own actions alone. */
export function mayBeTaken(turn: Turn, enabled: Enabled): boolean {
  const { token, transition } = enabled;
  if (comesTooLate(turn, enabled)) return false;
  if (transition.interrupts) return true;
  if (transition.keepsSource) return token.phase !== "leaving" && token.phase !== "acting";
  // An internal transition does not leave: it waits while an incident holds actions of the state.
  if (transition.targetId === undefined) return isInside(token) && !hasLostChild(stateOf(turn, token), token);
  if (turn.draft.tokens.length === 1) return isFree(turn, token);
  return exitSet(turn.machine, turn.draft, enabled).every((left) => isFree(turn, left));
}

/** What is inside of a state that is being left is gone, or on its way: only where the state itself goes can still change. */
function comesTooLate({ machine, draft }: Turn, enabled: Enabled): boolean {
  const { token, transition } = enabled;
  // A rollback is not cut short.
  if (token.phase === "compensating") return true;
  if (token.phase !== "leaving" || scopesOf(draft, token).length === 0) return false;
  return transition.targetId === undefined || placeOf(machine, draft, enabled).mover === undefined;
}

/** Nothing of its own is under way, or an incident that an event may correct holds it. */
export function isFree(turn: Turn, token: Token): boolean {
  return isInside(token) || token.phase === "ended" || isHeld(turn, token);
}

/** An incident holds it in its place. */
export function isHeld(turn: Turn, token: Token): boolean {
  return turn.draft.incidents.some((incident) => incident.tokenId === token.tokenId && incident.suspends);
}

function answersTo(turn: Turn, transition: TransitionModel, occurrence: Occurrence): boolean {
  return transition.triggers.some((trigger) => answersWith(turn, transition, trigger, occurrence));
}

function answersWith(
  turn: Turn,
  { transitionId }: TransitionModel,
  trigger: TriggerModel,
  occurrence: Occurrence,
): boolean {
  const { name } = occurrence;
  switch (occurrence.kind) {
    case "signal":
      return trigger.kind === "signal" && trigger.signal === name;
    case "event":
      return trigger.kind === "event" && trigger.eventId === name;
    case "inbound":
      return (
        trigger.kind === "inbound" &&
        trigger.eventId === name &&
        occurrence.inbound.transitionIds.includes(transitionId) &&
        trigger.inbound.name === occurrence.inbound.name &&
        isSameValue(correlationOf(turn.draft, trigger.inbound), occurrence.inbound.value)
      );
  }
}

function firstEnabled(
  turn: Turn,
  token: Token,
  candidates: readonly TransitionModel[],
  extras: ScopeExtras,
): Selection {
  if (candidates.length === 0) return NONE;
  const scope = expressionScope(turn, { stateId: token.stateId, ...extras });
  const refused: string[] = [];
  for (const transition of candidates) {
    try {
      if (transition.condition.holds(scope)) {
        if (refused.length > 0)
          record(turn, "decision", { state: token.stateId, refused, taken: transition.transitionId });
        return { kind: "enabled", token, transition };
      }
      refused.push(transition.transitionId);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return {
        kind: "faulty",
        token,
        transition,
        message: `Condition of transition "${transition.transitionId}": ${error.message}`,
      };
    }
  }
  recordRefusals(turn, token, refused);
  return NONE;
}

/** Where many tokens are looked at again and again, the same refusals are recorded once in a turn. */
function recordRefusals(turn: Turn, token: Token, refused: readonly string[]): void {
  if (turn.draft.tokens.length > 1) {
    const look = `${token.tokenId}/${token.visit.ordinal}/${refused.join(" ")}`;
    turn.looked ??= new Set();
    if (turn.looked.has(look)) return;
    turn.looked.add(look);
  }
  record(turn, "decision", { state: token.stateId, refused });
}
