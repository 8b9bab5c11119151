/** Taking a transition: from the decision that it is taken to the arrival in its target. */

import { declaredErrorData } from "../data/data-rules.js";
import type { Json, JsonObject } from "../json/json.js";
import { historyScopes } from "../model/history-scopes.js";
import { ROOT_SCOPE, type StateModel, type TransitionModel } from "../model/machine.js";
import type {
  EventSeen,
  Origin,
  PlannedAction,
  Token,
  TransitionUnderWay,
  TriggerInfo,
} from "../model/snapshot.js";
import { cancelAgenda } from "./actions/agenda.js";
import { addToken, enterState, goalsByPlace } from "./enter.js";
import { closeIncidents } from "./failure/incidents.js";
import { clearStaleAnswers } from "./stale-answers.js";
import { type Enabled, exitSet, placeOf } from "./tokens/domain.js";
import { enteredWith } from "./tokens/entered-with.js";
import {
  beginExit,
  callOff,
  callOffInside,
  callOffWork,
  dropScopes,
  exitActionsLeft,
  rememberConfigurations,
} from "./tokens/leave.js";
import { arrange, pathOutwards, placeInScope, scopeModel, tokensIn } from "./tokens/token-tree.js";
import { closeVisit, openVisit } from "./tokens/visits.js";
import { record, stateNamed, stateOf, type Turn } from "./turn.js";
import { forgetUnreachable } from "./undo/compensation-log.js";
import { markHere, markLeaving, markNew, noteChanges } from "./undo/mark.js";

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

/** What is taken together, with what each brings. */
export interface Taken extends Enabled {
  readonly taking: Taking;
}

/**
 * Takes what was selected together. Those that leave come first; the actions of one that leaves nothing run all the same
 * when another one leaves its source, after the exits and in the order of selection (appendix D: `microstep`).
 */
export function takeTogether(turn: Turn, selected: readonly Taken[]): void {
  const placed = selected.length === 1 ? selected : selected.map(withPlace);
  const leaving = placed.filter(({ transition }) => leaves(transition));
  for (const { token, transition, taking } of leaving) takeTransition(turn, token, transition, taking);
  const lent: Taken[] = [];
  for (const one of placed) {
    const { token, transition, taking } = one;
    if (leaves(transition)) continue;
    const isLeft = token.phase === "exiting" || (leaving.length > 0 && token.phase === "leaving");
    if (!isLeft) takeTransition(turn, token, transition, taking);
    else if (transition.targetId === undefined) lent.push(one);
  }
  lendActions(turn, lent);
}

function withPlace(taken: Taken, place: number): Taken {
  return { ...taken, taking: { ...taken.taking, place } };
}

function leaves(transition: TransitionModel): boolean {
  return transition.targetId !== undefined && !transition.keepsSource;
}

/** The token that leaves, or the new one in its place, runs the actions of transitions whose source is being left. */
function lendActions(turn: Turn, lent: readonly Taken[]): void {
  const byMover = new Map<Token, Taken[]>();
  for (const one of lent) {
    const mover = moverAround(turn, one.token);
    if (mover !== undefined) byMover.set(mover, [...(byMover.get(mover) ?? []), one]);
  }
  for (const [mover, taken] of byMover) {
    const { agenda } = mover;
    if (agenda === undefined) continue;
    if (mover.visit.ordinal < 0)
      mover.visit = openVisit(turn, mover, mover.stateId, { actor: turn.command.actor });
    const own = agenda.transition?.place ?? 0;
    const actionsOf = (isEarlier: boolean) =>
      taken
        .filter(({ taking }) => (taking.place ?? 0) < own === isEarlier)
        .flatMap(({ transition }) => transitionActions(transition));
    const exits = agenda.actions.filter(({ phase }) => phase === "exit");
    const others = agenda.actions.filter(({ phase }) => phase !== "exit");
    agenda.actions = [...exits, ...actionsOf(true), ...others, ...actionsOf(false)];
  }
}

/** Who leaves what the token is inside of. */
function moverAround({ draft }: Turn, token: Token): Token | undefined {
  const around = pathOutwards(draft, token);
  return draft.tokens.find(
    (other) =>
      other.phase === "leaving" &&
      (around.includes(other) ||
        (other.isNew === true && around.some(({ scopeId }) => scopeId === other.scopeId))),
  );
}

function transitionActions({ actions }: TransitionModel): PlannedAction[] {
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

/** Goes straight to a state of the root scope, without exit or transition actions: what `abort` does. */
export function jumpTo(
  turn: Turn,
  token: Token,
  stateId: string,
  errorData: JsonObject,
  actor: string,
): void {
  const resolution = `aborted to state "${stateId}"`;
  const mover = pathOutwards(turn.draft, token).at(-1) ?? token;
  // Whatever the state is, the instance is over there: nobody goes on beside it.
  for (const other of tokensIn(turn.draft, ROOT_SCOPE)) if (other !== mover) callOff(turn, other, resolution);
  callOffInside(turn, mover, resolution);
  callOffWork(turn, mover, resolution);
  offerErrorData(turn, stateNamed(turn.machine, stateId), errorData, {});
  closeVisit(turn, mover);
  delete mover.isNew;
  enterState(turn, mover, stateId, { actor }, undefined);
}

/** The exit and transition actions are over: the visit closes and the target is entered. */
export function arrive(turn: Turn, token: Token, underway: TransitionUnderWay, targetId: string): void {
  const { machine, draft } = turn;
  closeIncidents(turn, token, `entered state "${targetId}"`);
  closeVisit(turn, token);
  if (token.isNew !== undefined) delete token.isNew;
  dropScopes(turn, token);
  if (machine.scopes.size === 1) {
    enterState(turn, token, targetId, underway.trigger, underway.event);
    return;
  }
  const scope = scopeModel(machine, draft, token.scopeId);
  const goals = goalsOf(turn, underway, stateNamed(machine, targetId));
  // A history that is asked for from inside its owner may lead to several places in the token's own scope.
  for (const [at, [stateId, further]] of [...goalsByPlace(turn, scope.scopeId, goals)].entries()) {
    const arriving = at === 0 ? token : addToken(turn, token.scopeId);
    if (arriving !== token) markBeside(turn, arriving, token);
    enterState(turn, arriving, stateId, underway.trigger, underway.event, further);
  }
}

/** It arrives together with the other one, and goes back with it. */
function markBeside({ machine }: Turn, token: Token, first: Token): void {
  if (!machine.canRollBack) return;
  token.from = [first.tokenId, ...(first.from ?? [])];
  if (first.cameFrom !== undefined) token.cameFrom = first.cameFrom;
}

/** The target, or the states in which it was left when the transition asks for its history. */
function goalsOf(turn: Turn, underway: TransitionUnderWay, target: StateModel): readonly string[] {
  const { machine, draft } = turn;
  const history = machine.transitionsById.get(underway.transitionId)?.history;
  const histories = draft.histories ?? {};
  const scopeIds = history === undefined ? [] : historyScopes(target);
  const goals = scopeIds.flatMap((scopeId) => {
    const left = Object.hasOwn(histories, scopeId) ? (histories[scopeId] ?? []) : [];
    return history === "deep" ? left : left.map((stateId) => childOf(turn, scopeId, stateId));
  });
  return goals.length === 0 ? [target.stateId] : [...new Set(goals)];
}

/** The state directly inside the scope which the state is, or is inside of. */
function childOf({ machine }: Turn, scopeId: string, stateId: string): string {
  return placeInScope(machine, stateNamed(machine, stateId), scopeId)?.stateId ?? stateId;
}

function mergeData(turn: Turn, token: Token, transition: TransitionModel, taking: Taking): void {
  const { draft } = turn;
  const entered =
    transition.targetId === undefined ? undefined : stateNamed(turn.machine, transition.targetId);
  for (const state of statesEntered(turn, token, transition, taking))
    clearStaleAnswers(turn, state, taking.eventData);
  draft.data = { ...draft.data, ...taking.eventData };
  draft.variables = { ...draft.variables, ...taking.variables };
  if (entered !== undefined) offerErrorData(turn, entered, taking.errorData, taking.eventData);
}

/** Every state that the token will enter, those inside it included. */
function statesEntered(
  turn: Turn,
  token: Token,
  transition: TransitionModel,
  taking: Taking,
): readonly StateModel[] {
  const { machine, draft } = turn;
  if (transition.targetId === undefined) return [];
  const target = stateNamed(machine, transition.targetId);
  if (machine.scopes.size === 1) return [target];
  const goals = goalsOf(turn, underWay(transition, taking), target);
  const places = goalsByPlace(turn, scopeModel(machine, draft, token.scopeId).scopeId, goals);
  return [...places].flatMap(([stateId, further]) => enteredWith(turn, stateId, further));
}

/** The event's values win over the engine's, the engine's over the instance's. */
function offerErrorData(turn: Turn, target: StateModel, errorData: JsonObject, eventData: JsonObject): void {
  if (!target.isError && Object.keys(errorData).length === 0) return;
  const taken = target.schema === undefined && !target.isError ? {} : declaredErrorData(target, errorData);
  const offered = Object.entries(taken).filter(([property]) => !Object.hasOwn(eventData, property));
  turn.draft.data = { ...turn.draft.data, ...Object.fromEntries(offered) };
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
