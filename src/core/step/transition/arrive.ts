/**
 * Arriving: the agenda of a transition is done, or there was none; what is left is over, and the target is entered, or
 * what is remembered inside of it.
 */
import { declaredErrorData } from "../../data/data-rules.js";
import type { JsonObject } from "../../json/json.js";
import { ROOT_SCOPE, type StateModel, type TransitionModel } from "../../model/machine.js";
import { historyScopes } from "../../model/scopes/history-scopes.js";
import type { Token, TransitionUnderWay } from "../../model/snapshot.js";
import { addToken, enterState, goalsByPlace } from "../enter.js";
import { closeIncidents } from "../failure/incidents.js";
import { enteredWith } from "../tokens/entered-with.js";
import { callOff, callOffInside, callOffWork, dropScopes } from "../tokens/leave.js";
import { pathOutwards, placeInScope, scopeModel, tokensIn } from "../tokens/token-tree.js";
import { closeVisit } from "../tokens/visits.js";
import { stateNamed, type Turn } from "../turn.js";

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
  const goals = goalsOf(turn, underway.transitionId, stateNamed(machine, targetId));
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

/** Every state that the token will enter, those inside it included. */
export function statesEntered(turn: Turn, token: Token, transition: TransitionModel): readonly StateModel[] {
  const { machine, draft } = turn;
  if (transition.targetId === undefined) return [];
  const target = stateNamed(machine, transition.targetId);
  if (machine.scopes.size === 1) return [target];
  const goals = goalsOf(turn, transition.transitionId, target);
  const places = goalsByPlace(turn, scopeModel(machine, draft, token.scopeId).scopeId, goals);
  return [...places].flatMap(([stateId, further]) => enteredWith(turn, stateId, further));
}

/** The target, or the states in which it was left when the transition asks for its history. */
function goalsOf(turn: Turn, transitionId: string, target: StateModel): readonly string[] {
  const { machine, draft } = turn;
  const history = machine.transitionsById.get(transitionId)?.history;
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

/** The event's values win over the engine's, the engine's over the instance's. */
export function offerErrorData(
  turn: Turn,
  target: StateModel,
  errorData: JsonObject,
  eventData: JsonObject,
): void {
  if (!target.isError && Object.keys(errorData).length === 0) return;
  const taken = target.schema === undefined && !target.isError ? {} : declaredErrorData(target, errorData);
  const offered = Object.entries(taken).filter(([property]) => !Object.hasOwn(eventData, property));
  turn.draft.data = { ...turn.draft.data, ...Object.fromEntries(offered) };
}
