/** Taking a transition: from the decision that it is taken to the arrival in its target. */

import { declaredErrorData } from "../data/data-rules.js";
import type { JsonObject } from "../json/json.js";
import type { StateModel, TransitionModel } from "../model/machine.js";
import type { Origin, PlannedAction, Token, TransitionUnderWay, TriggerInfo } from "../model/snapshot.js";
import { cancelAgenda } from "./actions/agenda.js";
import { clearStaleAnswers, clearTimers, closeVisit, enterState } from "./enter.js";
import { closeIncidents } from "./failure/incidents.js";
import { record, stateNamed, stateOf, type Turn } from "./turn.js";

export interface Taking {
  readonly origin: Origin;
  readonly eventId?: string;
  readonly actor: string;
  readonly eventData: JsonObject;
  readonly variables: JsonObject;
  /** What the engine offers an error state: code, message, time and failed state. */
  readonly errorData: JsonObject;
}

/**
 * Takes a transition whose data was checked: what is under way is called off, the event's data becomes the instance's,
 * and the exit and transition actions become the token's agenda.
 */
export function takeTransition(turn: Turn, token: Token, transition: TransitionModel, taking: Taking): void {
  const source = stateOf(turn, token);
  closeIncidents(turn, token, `left by transition "${transition.transitionId}"`);
  const planned = plannedActions(token, source, transition);
  cancelAgenda(turn, token);
  mergeData(turn, transition, taking);
  turn.unsettled.delete(token.tokenId);
  record(turn, "transition-taken", {
    transitionId: transition.transitionId,
    from: source.stateId,
    to: transition.targetId,
    event: taking.eventId,
    origin: taking.origin,
  });
  if (transition.targetId !== undefined) clearTimers(turn, token);
  token.phase = transition.targetId === undefined ? "acting" : "leaving";
  token.agenda = {
    actions: planned,
    next: 0,
    transition: underWay(transition, taking),
  };
}

/** Goes straight to a state, without exit or transition actions: what `abort` does. */
export function jumpTo(
  turn: Turn,
  token: Token,
  stateId: string,
  errorData: JsonObject,
  actor: string,
): void {
  closeIncidents(turn, token, `aborted to state "${stateId}"`);
  cancelAgenda(turn, token);
  clearTimers(turn, token);
  turn.unsettled.delete(token.tokenId);
  offerErrorData(turn, stateNamed(turn.machine, stateId), errorData, {});
  closeVisit(turn, token);
  enterState(turn, token, stateId, { actor }, undefined);
}

/** The exit and transition actions are over: the visit closes and the target is entered. */
export function arrive(turn: Turn, token: Token, underway: TransitionUnderWay, targetId: string): void {
  const target = stateNamed(turn.machine, targetId);
  closeIncidents(turn, token, `entered state "${targetId}"`);
  closeVisit(turn, token);
  enterState(turn, token, target.stateId, underway.trigger, underway.event);
}

function mergeData(turn: Turn, transition: TransitionModel, taking: Taking): void {
  const { draft } = turn;
  const entered =
    transition.targetId === undefined ? undefined : stateNamed(turn.machine, transition.targetId);
  if (entered !== undefined) clearStaleAnswers(turn, entered, taking.eventData);
  draft.data = { ...draft.data, ...taking.eventData };
  draft.variables = { ...draft.variables, ...taking.variables };
  if (entered !== undefined) offerErrorData(turn, entered, taking.errorData, taking.eventData);
}

/** The event's values win over the engine's, the engine's over the instance's. */
function offerErrorData(turn: Turn, target: StateModel, errorData: JsonObject, eventData: JsonObject): void {
  if (!target.isError && Object.keys(errorData).length === 0) return;
  const taken = target.schema === undefined && !target.isError ? {} : declaredErrorData(target, errorData);
  const offered = Object.entries(taken).filter(([property]) => !Object.hasOwn(eventData, property));
  turn.draft.data = { ...turn.draft.data, ...Object.fromEntries(offered) };
}

/** A state is left once: an exit action that has begun in this visit does not begin again on another way out. */
function plannedActions(token: Token, source: StateModel, transition: TransitionModel): PlannedAction[] {
  const begun = new Set(
    token.visit.actions.filter((action) => action.phase === "exit").map((action) => action.actionId),
  );
  const exits =
    transition.targetId === undefined
      ? []
      : source.exitActions.filter((action) => !begun.has(action.actionId));
  return [
    ...exits.map((action): PlannedAction => ({ actionId: action.actionId, phase: "exit" })),
    ...transition.actions.map(
      (action): PlannedAction => ({ actionId: action.actionId, phase: "transition" }),
    ),
  ];
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
  if (taking.eventId !== undefined) {
    // The actions of an error route read the failure as the event's data, as its condition did.
    result.event = { id: taking.eventId, data: { ...taking.errorData, ...taking.eventData } };
  }
  return result;
}
