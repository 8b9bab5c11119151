/**
 * Taking a transition: from the decision that it is taken to the agenda of the token that moves. What follows when the
 * agenda is done is the arrival, `arrive.ts`.
 *
 * Invariants:
 * 1. What the transition leaves is on its way out before anything of it runs; nothing is entered here.
 * 2. The data was checked: taking is never refused.
 */
import type { Json, JsonObject } from "../../json/json.js";
import type { TransitionModel } from "../../model/machine.js";
import type {
  EventSeen,
  Origin,
  PlannedAction,
  Token,
  TransitionUnderWay,
  TriggerInfo,
} from "../../model/snapshot.js";
import { cancelAgenda } from "../actions/agenda.js";
import { addToken } from "../enter.js";
import { closeIncidents } from "../failure/incidents.js";
import { type Enabled, exitSet, placeOf } from "../tokens/domain.js";
import { beginExit, callOffWork, exitActionsLeft, rememberConfigurations } from "../tokens/leave.js";
import { arrange, pathOutwards } from "../tokens/token-tree.js";
import { openVisit } from "../tokens/visits.js";
import { record, stateNamed, stateOf, type Turn } from "../turn.js";
import { forgetUnreachable } from "../undo/compensation-log.js";
import { markHere, markLeaving, markNew, noteChanges } from "../undo/mark.js";
import { offerErrorData, statesEntered } from "./arrive.js";
import { clearStaleAnswers } from "./stale-answers.js";

export interface Taking {
  readonly origin: Origin;
  readonly eventId?: string;
  readonly actor: string;
  readonly eventData: JsonObject;
  readonly variables: JsonObject;
  /** What the engine offers an error state: code, message, time and failed state. */
  readonly errorData: JsonObject;
  /** Of an event from inside: its data, which is seen and not merged. */
  readonly raisedData?: Json;
  /** Its place among those that are taken with it. */
  readonly place?: number;
}

/**
 * Takes a transition whose data was checked: what it leaves is on its way out, what is under way is called off, the
 * event's data becomes the instance's, and the exit and transition actions become the agenda of the token that moves.
 */
export function takeTransition(turn: Turn, token: Token, transition: TransitionModel, taking: Taking): void {
  const { draft, machine } = turn;
  const enabled: Enabled = { token, transition };
  const resolution = `left by transition "${transition.transitionId}"`;
  const from = token.stateId;
  if (transition.targetId === undefined) {
    closeIncidents(turn, token, resolution);
    const { agenda } = token;
    const cutsEntry = token.phase === "entering" || agenda?.cutsEntry === true;
    cancelAgenda(turn, token);
    begin(turn, token, "acting", [], transition, taking);
    if (cutsEntry && hasMoreToEntry(turn, token)) putOffEntry(token, agenda?.event);
  } else if (transition.keepsSource) {
    begin(turn, newToken(turn, enabled), "leaving", [], transition, taking);
  } else {
    const isOnly = draft.tokens.length === 1 && !transition.isTriggered;
    const mover = isOnly ? token : placeOf(machine, draft, enabled).mover;
    if (!isOnly) {
      const leaving = exitSet(machine, draft, enabled);
      beginExit(turn, mover === undefined ? leaving : leaving.slice(1), resolution);
    }
    if (mover === undefined) {
      if (transition.isTriggered) interruptScope(turn, token.scopeId);
      begin(turn, newToken(turn, enabled), "leaving", [], transition, taking);
    } else {
      rememberConfigurations(turn, [mover]);
      const exits = exitActionsLeft(turn, mover);
      callOffWork(turn, mover, resolution);
      begin(turn, mover, "leaving", exits, transition, taking);
    }
  }
  record(turn, "transition-taken", {
    transitionId: transition.transitionId,
    from,
    to: transition.targetId,
    event: taking.eventId,
    origin: taking.origin,
  });
  if (draft.tokens.length > 1) turn.hasMoved = true;
}

/** Whether an entry is more than its actions. */
function hasMoreToEntry(turn: Turn, token: Token): boolean {
  const { innerScopeIds, child, throws, emits } = stateOf(turn, token);
  return innerScopeIds.length > 0 || child !== undefined || throws !== undefined || emits !== undefined;
}

function putOffEntry({ agenda }: Token, event: EventSeen | undefined): void {
  if (agenda === undefined) return;
  agenda.cutsEntry = true;
  if (event !== undefined) agenda.event = event;
}

export function transitionActions({ actions }: TransitionModel): PlannedAction[] {
  return actions.map((action): PlannedAction => ({ actionId: action.actionId, phase: "transition" }));
}

function begin(
  turn: Turn,
  token: Token,
  phase: "acting" | "leaving",
  exits: readonly PlannedAction[],
  transition: TransitionModel,
  taking: Taking,
): void {
  const underway = underWay(transition, taking);
  if (turn.machine.canRollBack) markBefore(turn, token, phase, underway);
  const { data, variables } = turn.draft;
  mergeData(turn, token, transition, taking);
  turn.unsettled.delete(token.tokenId);
  token.phase = phase;
  const taken = transitionActions(transition);
  const actions = exits.length === 0 ? taken : [...exits, ...taken];
  token.agenda = { actions, next: 0, transition: underway };
  noteChanges(turn, token, data, variables);
  reopenAround(turn, token);
}

/** What a rollback of the transition would bring back; what it waited for, it waits for no more. */
function markBefore(
  turn: Turn,
  token: Token,
  phase: "acting" | "leaving",
  underway: TransitionUnderWay,
): void {
  delete token.waitsForNews;
  if (phase === "acting") underway.before = { ...markHere(turn, token), isInternal: true };
  else markLeaving(turn, token);
  forgetUnreachable(turn);
}

/** A further token of the scope that the transition takes place in; it has no stay of its own where it comes from. */
function newToken(turn: Turn, enabled: Enabled): Token {
  const { draft, machine } = turn;
  const { scopeId } = placeOf(machine, draft, enabled);
  const token = addToken(turn, scopeId);
  token.stateId = enabled.token.stateId;
  token.isNew = true;
  const { toldState } = enabled.token;
  if (toldState !== undefined && !enabled.transition.isTriggered) token.toldState = toldState;
  // Only what its actions will be recorded in needs a number.
  if (enabled.transition.actions.length > 0) {
    token.visit = openVisit(turn, token, token.stateId, { actor: turn.command.actor });
  } else token.visit.state = token.stateId;
  token.phase = "leaving";
  markNew(turn, token, sourceOf(turn, enabled, scopeId));
  arrange(machine, draft);
  return token;
}

/** The token of the scope that a new one comes of; what starts an event sub-process is the scope itself. */
function sourceOf({ draft }: Turn, { token, transition }: Enabled, scopeId: string): Token | undefined {
  if (transition.isTriggered) return undefined;
  return pathOutwards(draft, token).find((around) => around.scopeId === scopeId);
}

/** What was done is at work again when something moves inside of it; what only acts there brings it no new end. */
function reopenAround(turn: Turn, token: Token): void {
  if (turn.draft.scopes.length === 1) return;
  for (const owner of pathOutwards(turn.draft, token).slice(1)) {
    if (token.phase === "leaving") delete owner.isDone;
    if (owner.phase !== "settled") continue;
    owner.phase = "inside";
    turn.unsettled.delete(owner.tokenId);
  }
}

function interruptScope(turn: Turn, scopeId: string): void {
  const scope = turn.draft.scopes.find((candidate) => candidate.scopeId === scopeId);
  if (scope !== undefined) scope.isInterrupted = true;
}

function mergeData(turn: Turn, token: Token, transition: TransitionModel, taking: Taking): void {
  const { draft } = turn;
  const entered =
    transition.targetId === undefined ? undefined : stateNamed(turn.machine, transition.targetId);
  for (const state of statesEntered(turn, token, transition))
    clearStaleAnswers(turn, state, taking.eventData);
  draft.data = { ...draft.data, ...taking.eventData };
  draft.variables = { ...draft.variables, ...taking.variables };
  if (entered !== undefined) offerErrorData(turn, entered, taking.errorData, taking.eventData);
}

function underWay(transition: TransitionModel, taking: Taking): TransitionUnderWay {
  const trigger: TriggerInfo = { transitionId: transition.transitionId, actor: taking.actor };
  if (taking.eventId !== undefined) trigger.event = taking.eventId;
  const result: TransitionUnderWay = {
    transitionId: transition.transitionId,
    origin: taking.origin,
    trigger,
  };
  if (transition.targetId !== undefined) result.targetId = transition.targetId;
  if (taking.place !== undefined) result.place = taking.place;
  if (taking.eventId !== undefined) {
    // The actions of an error route read the failure as the event's data, as its condition did.
    const data = taking.raisedData ?? { ...taking.errorData, ...taking.eventData };
    result.event = { id: taking.eventId, data };
  }
  return result;
}
