/**
 * Runs lists of actions, one after the other. What is instantaneous (`assign`, `audit`, `log`) happens in the turn;
 * what reaches the world becomes a try in the outbox, and the agenda waits for its result. What fails is handed back to
 * the caller, which asks the strategies (`failure/`).
 *
 * Invariant: at most one action of a token is under way.
 */
import { maskData } from "../../data/mask.js";
import type { JsonObject } from "../../json/json.js";
import type { Failure } from "../../message/failure.js";
import type { ActionModel } from "../../model/machine.js";
import type { ActionRecord, ActionRun, PlannedAction, Token } from "../../model/snapshot.js";
import { clearTimer, log, record, type Turn } from "../turn.js";
import { keepCutShort } from "../undo/compensation-log.js";
import { isInDoubt, leaveInDoubt, notInDoubt } from "../unknown/in-doubt.js";
import { takeUp } from "../unknown/take-up.js";
import { closeRecord, currentRecord, openRecord } from "./action-records.js";
import { actionScope } from "./action-scope.js";
import { assignProperties } from "./assign.js";
import { cancelRaised, raiseEvent } from "./raise-action.js";
import {
  advanceAgenda,
  asObject,
  beginTry,
  channelOf,
  evaluationFailure,
  finishAction,
  startRun,
} from "./tries.js";

/** Begins the next action of a token's agenda; a failure when it could not even begin. */
export function beginNextAction(turn: Turn, token: Token, planned: PlannedAction): Failure | undefined {
  const action = actionNamed(turn, planned.actionId);
  const actionRecord = openRecord(turn, token, planned);
  if (planned.settles !== undefined) return takeUp(turn, token, action, actionRecord, planned);
  try {
    if (action.condition !== undefined && !action.condition.holds(actionScope(turn, token))) {
      closeRecord(turn, actionRecord, { status: "skipped" });
      record(turn, "action-skipped", { actionId: action.actionId });
      advanceAgenda(token);
      return undefined;
    }
    return performAction(turn, token, action, actionRecord);
  } catch (error) {
    if (token.agenda?.running === undefined) startRun(turn, token, action);
    return evaluationFailure(action, error);
  }
}

function performAction(
  turn: Turn,
  token: Token,
  action: ActionModel,
  actionRecord: ActionRecord,
): Failure | undefined {
  const channel = channelOf(action);
  if (channel !== undefined) {
    beginTry(turn, token, action, channel);
    return undefined;
  }
  if (action.kind === "audit") {
    record(turn, "audit", {
      actionId: action.actionId,
      config: action.request.render(actionScope(turn, token)),
    });
  }
  if (action.kind === "log") writeLog(turn, token, action);
  const problem = performInside(turn, token, action) ?? assignProperties(turn, token, action.assign, {});
  if (problem !== undefined) {
    startRun(turn, token, action);
    return problem;
  }
  finishAction(turn, token, action, actionRecord, {});
  return undefined;
}

function performInside(turn: Turn, token: Token, action: ActionModel): Failure | undefined {
  if (action.kind === "raise") return raiseEvent(turn, token, action);
  return action.kind === "cancel" ? cancelRaised(turn, token, action) : undefined;
}

/** A log leaves the engine: what is sensitive is masked in it. */
function writeLog(turn: Turn, token: Token, action: ActionModel): void {
  const scope = actionScope(turn, token);
  const masked = {
    ...scope,
    roots: { ...scope.roots, data: maskData(turn.draft.data, turn.machine.sensitive) },
  };
  const config: JsonObject = asObject(action.request.render(masked));
  const level =
    config.level === "debug" || config.level === "warn" || config.level === "error" ? config.level : "info";
  const message = typeof config.message === "string" ? config.message : (action.name ?? action.actionId);
  record(turn, "log", { actionId: action.actionId, level });
  log(turn, level, message, {
    actionId: action.actionId,
    ...(typeof config.category === "string" ? { category: config.category } : {}),
  });
}

/** Calls off what a token has under way: the try is no longer waited for, and what did not begin never will. */
export function cancelAgenda(turn: Turn, token: Token): void {
  const { agenda } = token;
  if (agenda === undefined) return;
  const { running } = agenda;
  leaveInDoubt(turn, token);
  if (running !== undefined) {
    if (running.effect !== undefined) turn.effects.push({ kind: "end-effect", ...running.effect });
    if (running.retryTimerId !== undefined) clearTimer(turn, running.retryTimerId);
    if (running.callback !== undefined) clearTimer(turn, running.callback.timerId);
    if (isCancelled(running)) {
      closeRecord(turn, currentRecord(token, running.actionId), { status: "cancelled" });
    }
  }
  const remaining = agenda.actions.slice(running === undefined ? agenda.next : agenda.next + 1);
  const cancelled = [
    ...(running !== undefined && isCancelled(running) ? [running.actionId] : []),
    ...remaining.filter(({ settles }) => settles === undefined).map(({ actionId }) => actionId),
  ];
  if (cancelled.length > 0) record(turn, "action-cancelled", { actionIds: cancelled });
  if (agenda.rollback !== undefined) keepCutShort(turn, notInDoubt(agenda));
  delete token.agenda;
}

/** It has not ended, and it is certain that calling it off leaves nothing behind. */
function isCancelled(run: ActionRun): boolean {
  return run.progress !== "failed" && (run.asksAbout !== undefined || !isInDoubt(run));
}

export function actionNamed(turn: Turn, actionId: string): ActionModel {
  const action = turn.machine.actionsById.get(actionId);
  if (action === undefined) {
    throw new Error(
      `Broken invariant: ${turn.machine.stateMachineId}@${turn.machine.version} has no action "${actionId}".`,
    );
  }
  return action;
}
