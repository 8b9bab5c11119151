/**
 * Runs lists of actions, one after the other. What is instantaneous (`assign`, `audit`, `log`) happens in the turn;
 * what reaches the world becomes a try in the outbox, and the agenda waits for its result. What fails is handed back to
 * the caller, which asks the strategies (`failing.ts`).
 *
 * Invariants:
 * 1. At most one action of a token is under way.
 * 2. A request is rendered once: every try of an action sends the same bytes under the same key.
 */

import { checkAssigned } from "../data/data-rules.js";
import { EvaluationError } from "../expression/evaluation-error.js";
import type { Scope } from "../expression/scope.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import type { Response } from "../message/command.js";
import type { TryEffect } from "../message/effect.js";
import type { Failure } from "../message/failure.js";
import type { ActionModel, PropertyTemplate, StateModel } from "../model/machine.js";
import type { ActionOutcome, ActionRecord, ActionRun, PlannedAction, Token } from "../model/snapshot.js";
import { expressionScope, type ScopeExtras } from "./expression-scope.js";
import { emitActionCallback } from "./notices.js";
import { clearTimer, emitTry, log, nextActionKey, record, stateNamed, stateOf, type Turn } from "./turn.js";

/** Records of one action that an open visit keeps, the newest; the trail has all. */
const MAX_RECORDS_OF_ACTION = 50;

/** Begins the next action of a token's agenda; a failure when it could not even begin. */
export function beginNextAction(turn: Turn, token: Token, planned: PlannedAction): Failure | undefined {
  const action = actionNamed(turn, planned.actionId);
  const actionRecord = openRecord(turn, token, planned);
  try {
    if (action.condition !== undefined && !action.condition.holds(actionScope(turn, token))) {
      closeRecord(turn, actionRecord, { status: "skipped" });
      record(turn, "action-skipped", { actionId: action.actionId });
      advanceAgenda(token);
      return undefined;
    }
    return performAction(turn, token, action, actionRecord);
  } catch (error) {
    startRun(turn, token, action, {});
    return evaluationFailure(action, error);
  }
}

/** Marks the running action as over and lets the next one have its turn. */
export function advanceAgenda(token: Token): void {
  if (token.agenda === undefined) return;
  delete token.agenda.running;
  token.agenda.next += 1;
}

function performAction(
  turn: Turn,
  token: Token,
  action: ActionModel,
  actionRecord: ActionRecord,
): Failure | undefined {
  switch (action.kind) {
    case "webhook":
    case "notification":
    case "function":
      beginTry(turn, token, action, asObject(action.request.render(actionScope(turn, token))));
      return undefined;
    case "audit":
      record(turn, "audit", {
        actionId: action.actionId,
        config: action.request.render(actionScope(turn, token)),
      });
      break;
    case "log":
      writeLog(turn, action, asObject(action.request.render(actionScope(turn, token))));
      break;
    case "assign":
      break;
  }
  const problem = assignProperties(turn, token, action.assign, {});
  if (problem !== undefined) {
    startRun(turn, token, action, {});
    return problem;
  }
  finishAction(turn, token, action, actionRecord, {});
  return undefined;
}

function writeLog(turn: Turn, action: ActionModel, config: JsonObject): void {
  const level =
    config.level === "debug" || config.level === "warn" || config.level === "error" ? config.level : "info";
  const message = typeof config.message === "string" ? config.message : (action.name ?? action.actionId);
  record(turn, "log", { actionId: action.actionId, level });
  log(turn, level, message, {
    actionId: action.actionId,
    ...(typeof config.category === "string" ? { category: config.category } : {}),
  });
}

function beginTry(turn: Turn, token: Token, action: ActionModel, request: JsonObject): void {
  const run = startRun(turn, token, action, request);
  sendTry(turn, token, run);
  record(turn, "action-started", { actionId: action.actionId, key: run.key });
}

/** The channel that performs an action; undefined for what happens in the turn itself. */
function sentBy(action: ActionModel): TryEffect["channel"] | undefined {
  return action.kind === "webhook" || action.kind === "notification" || action.kind === "function"
    ? action.kind
    : undefined;
}

function channelOf(action: ActionModel): TryEffect["channel"] {
  const channel = sentBy(action);
  if (channel === undefined)
    throw new Error(`Broken invariant: action "${action.actionId}" is not sent anywhere.`);
  return channel;
}

/** What an action would send now; `undefined` when it sends nothing, or cannot be rendered. */
export function renderRequest(turn: Turn, token: Token, actionId: string): JsonObject | undefined {
  const action = actionNamed(turn, actionId);
  if (sentBy(action) === undefined) return undefined;
  try {
    return asObject(action.request.render(actionScope(turn, token)));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return undefined;
  }
}

/** Puts a further try of a run into the outbox. */
export function sendTry(turn: Turn, token: Token, run: ActionRun): void {
  const action = actionNamed(turn, run.actionId);
  run.progress = "in-progress";
  run.tries += 1;
  run.triesInRound += 1;
  delete run.retryTimerId;
  delete run.isRetryDue;
  run.effect = emitTry(turn, {
    key: run.key,
    actionId: run.actionId,
    channel: channelOf(action),
    request: run.request,
    timeoutMs: action.timeoutMs,
    tryNumber: run.tries,
  });
  const actionRecord = currentRecord(token, run.actionId);
  actionRecord.status = "in-progress";
  actionRecord.tries = run.tries;
  turn.draft.actions[run.actionId] = { status: "in-progress" };
}

function startRun(turn: Turn, token: Token, action: ActionModel, request: JsonObject): ActionRun {
  const run: ActionRun = {
    actionId: action.actionId,
    key: nextActionKey(turn, action.actionId),
    request,
    progress: "in-progress",
    triesInRound: 0,
    round: 0,
    tries: 0,
  };
  if (token.agenda !== undefined) token.agenda.running = run;
  return run;
}

/** What a completed try brought: checked, kept where `output` says so; then the agenda goes on. */
export function completeTry(
  turn: Turn,
  token: Token,
  run: ActionRun,
  response: Response,
): Failure | undefined {
  const action = actionNamed(turn, run.actionId);
  const extras = { response: response as unknown as Json };
  try {
    if (
      action.responseCondition !== undefined &&
      !action.responseCondition.holds(actionScope(turn, token, extras))
    ) {
      return {
        code: "RESPONSE_MISMATCH",
        message: `Action "${action.actionId}": the response does not meet the condition ${action.responseCondition.source}`,
        isFinal: true,
        responseStatus: response.status,
      };
    }
    const problem = keepOutput(turn, token, action, extras);
    if (problem !== undefined) return { ...problem, responseStatus: response.status };
  } catch (error) {
    return { ...evaluationFailure(action, error), responseStatus: response.status };
  }
  finishAction(turn, token, action, currentRecord(token, run.actionId), { result: response.body });
  return undefined;
}

function evaluationFailure(action: ActionModel, error: unknown): Failure {
  if (!(error instanceof EvaluationError)) throw error;
  return { code: "TEMPLATE_ERROR", message: `Action "${action.actionId}": ${error.message}`, isFinal: true };
}

function keepOutput(turn: Turn, token: Token, action: ActionModel, extras: ScopeExtras): Failure | undefined {
  if (action.output.length > 0 && turn.draft.status !== "active" && turn.draft.status !== "suspended") {
    // The instance has ended: its data is what it was; the result stays in the action's record.
    record(turn, "output-ignored", {
      actionId: action.actionId,
      properties: action.output.map((output) => output.property),
    });
    return undefined;
  }
  return (
    assignProperties(turn, token, action.output, extras) ??
    assignProperties(turn, token, action.assign, extras)
  );
}

/** Ends an action well: `completed`, or `completed` although it ran out of time (`proceed`). */
export function finishAction(
  turn: Turn,
  token: Token,
  action: ActionModel,
  actionRecord: ActionRecord,
  ending: { readonly result?: Json; readonly timedOut?: boolean },
): void {
  closeRecord(turn, actionRecord, {
    status: "completed",
    ...(ending.result === undefined ? {} : { result: ending.result }),
  });
  if (ending.timedOut === true) actionRecord.timedOut = true;
  record(turn, "action-completed", {
    actionId: action.actionId,
    ...(ending.timedOut === true ? { timedOut: true } : {}),
  });
  emitActionCallback(turn, action, actionRecord);
  advanceAgenda(token);
}

/** Sets properties from templates, checked like any data; a failure where they do not fit. */
function assignProperties(
  turn: Turn,
  token: Token,
  properties: readonly PropertyTemplate[],
  extras: ScopeExtras,
): Failure | undefined {
  if (properties.length === 0) return undefined;
  const assigned: { [property: string]: Json } = {};
  for (const { property, template } of properties) {
    assigned[property] = template.render(actionScope(turn, token, { ...extras, data: assigned }));
  }
  const problem = checkAssigned(turn.machine, statesInReach(turn, token), turn.draft.data, assigned);
  if (problem !== undefined) {
    const list = problem.violations.map((violation) => violation.message).join("; ");
    return { code: problem.code, message: `What the action sets is not valid: ${list}`, isFinal: true };
  }
  turn.draft.data = { ...turn.draft.data, ...assigned };
  turn.unsettled.add(token.tokenId);
  return undefined;
}

function statesInReach(turn: Turn, token: Token): StateModel[] {
  const targetId = token.agenda?.transition?.targetId;
  const source = stateOf(turn, token);
  return targetId === undefined || targetId === token.stateId
    ? [source]
    : [source, stateNamed(turn.machine, targetId)];
}

/** Calls off what a token has under way: the try is no longer waited for, and what did not begin never will. */
export function cancelAgenda(turn: Turn, token: Token): void {
  const { agenda } = token;
  if (agenda === undefined) return;
  const { running } = agenda;
  if (running !== undefined) {
    if (running.effect !== undefined) turn.effects.push({ kind: "end-effect", ...running.effect });
    if (running.retryTimerId !== undefined) clearTimer(turn, running.retryTimerId);
    if (running.progress !== "failed") {
      closeRecord(turn, currentRecord(token, running.actionId), { status: "cancelled" });
    }
  }
  const remaining = agenda.actions.slice(running === undefined ? agenda.next : agenda.next + 1);
  const cancelled = [
    ...(running === undefined || running.progress === "failed" ? [] : [running.actionId]),
    ...remaining.map((planned) => planned.actionId),
  ];
  if (cancelled.length > 0) record(turn, "action-cancelled", { actionIds: cancelled });
  delete token.agenda;
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

function openRecord(turn: Turn, token: Token, planned: PlannedAction): ActionRecord {
  const actionRecord: ActionRecord = {
    actionId: planned.actionId,
    phase: planned.phase,
    status: "pending",
    startedAt: turn.nowText,
    tries: 0,
  };
  const { visit } = token;
  visit.actions.push(actionRecord);
  const records = visit.actions.filter((candidate) => candidate.actionId === planned.actionId);
  if (records.length > MAX_RECORDS_OF_ACTION) {
    const [oldest] = records;
    visit.actions = visit.actions.filter((candidate) => candidate !== oldest);
  }
  return actionRecord;
}

export function closeRecord(turn: Turn, actionRecord: ActionRecord, outcome: ActionOutcome): void {
  actionRecord.status = outcome.status;
  actionRecord.completedAt = turn.nowText;
  if (outcome.result !== undefined) actionRecord.result = outcome.result;
  if (outcome.error !== undefined) actionRecord.error = outcome.error;
  turn.draft.actions[actionRecord.actionId] = outcome;
}

/** The newest record of an action in the open visit. */
export function currentRecord(token: Token, actionId: string): ActionRecord {
  const found = token.visit.actions.findLast((candidate) => candidate.actionId === actionId);
  if (found === undefined) throw new Error(`Broken invariant: action "${actionId}" runs without a record.`);
  return found;
}

/** The scope of an action's expressions: the instance, the state, and the event that led here. */
export function actionScope(turn: Turn, token: Token, extras: ScopeExtras = {}): Scope {
  const event =
    token.agenda?.transition?.event ??
    (token.visit.event === undefined ? undefined : { id: token.visit.event, data: {} });
  return expressionScope(turn, {
    stateId: token.stateId,
    ...(event === undefined ? {} : { event }),
    ...extras,
  });
}

function asObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}
