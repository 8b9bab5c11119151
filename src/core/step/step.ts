/**
 * The step: one pure function on which everything rests.
 *
 *     step(machine, snapshot, command, now) → { snapshot, effects, records, answer } | rejection
 *
 * It reads as the algorithm: check the command, do what it says, drive the configuration until nothing moves by itself,
 * and hand back the next snapshot with everything the world must do. No clock, no randomness, no I/O: the same inputs
 * give the same outputs, to the byte.
 *
 * Invariants:
 * 1. An accepted command raises `seq` by exactly one; a rejected one changes nothing.
 * 2. The given snapshot is never changed.
 * 3. After the step every token is settled, ended, waits for a result or a timer, or is held by an open incident.
 */

import { checkUpdate, checkVariables } from "../data/data-rules.js";
import { formatInstant } from "../instant.js";
import type { Answer, Rejection } from "../message/answer.js";
import type {
  ActionResultCommand,
  ChildDoneCommand,
  Command,
  DeliveryFailedCommand,
  EventCommand,
  ImportCommand,
  OperatorCommand,
  SignalCommand,
  StartCommand,
  TryResult,
  UpdateCommand,
} from "../message/command.js";
import type { Effect } from "../message/effect.js";
import type { Failure } from "../message/failure.js";
import type { StepRecord } from "../message/record.js";
import { type Machine, ROOT_SCOPE } from "../model/machine.js";
import { FIRST_TOKEN, type Snapshot, type Token } from "../model/snapshot.js";
import { actionNamed } from "./actions/agenda.js";
import { completeTry } from "./actions/tries.js";
import { endChildren } from "./children/end-children.js";
import { goOnWithList } from "./children/start-children.js";
import { importInstance } from "./commands/import.js";
import { operate } from "./commands/operate.js";
import { refusedData } from "./commands/refused-data.js";
import { updateData } from "./commands/update.js";
import { drive } from "./drive.js";
import { enterState } from "./enter.js";
import { notEnabled, takeEvent, takeSignal } from "./events.js";
import { handleActionFailure } from "./failure/handle-failure.js";
import { openIncident } from "./failure/incidents.js";
import { keptExcess } from "./keep.js";
import { isFree, isReservedEvent } from "./select.js";
import { handleTimer } from "./timers.js";
import { innermostTokens } from "./tokens/token-tree.js";
import { draftOf, hasEnded, openTurn, record, stateOf, type Turn } from "./turn.js";

export type StepResult =
  | {
      readonly ok: true;
      readonly snapshot: Snapshot;
      readonly effects: readonly Effect[];
      readonly records: readonly StepRecord[];
      readonly answer: Answer;
    }
  | { readonly ok: false; readonly rejection: Rejection };

type Handled = { readonly answer: Answer } | { readonly rejection: Rejection };

export function step(
  machine: Machine,
  snapshot: Snapshot | undefined,
  command: Command,
  nowMs: number,
): StepResult {
  const early = refuseEarly(snapshot, command);
  if (early !== undefined) return { ok: false, rejection: early };
  const draft = snapshot === undefined ? emptySnapshot(machine, command, nowMs) : draftOf(snapshot);
  draft.seq += 1;
  draft.updatedAt = formatInstant(nowMs);
  const turn = openTurn(machine, draft, command, nowMs);
  const handled = handle(turn, command);
  if ("rejection" in handled) return { ok: false, rejection: handled.rejection };
  drive(turn);
  return {
    ok: true,
    snapshot: turn.draft,
    effects: turn.effects,
    records: turn.records,
    answer: finalAnswer(turn, handled.answer),
  };
}

function refuseEarly(snapshot: Snapshot | undefined, command: Command): Rejection | undefined {
  if (command.type === "start" || command.type === "import") {
    if (snapshot === undefined) return undefined;
    return { code: "INSTANCE_EXISTS", message: `Instance "${snapshot.instanceId}" is there already.` };
  }
  if (snapshot === undefined) return { code: "INSTANCE_UNKNOWN", message: "There is no such instance." };
  if (
    (command.type === "event" || command.type === "update") &&
    command.expectedSeq !== undefined &&
    command.expectedSeq !== snapshot.seq
  ) {
    return {
      code: "SEQ_MISMATCH",
      message: `Instance "${snapshot.instanceId}" is at seq ${snapshot.seq}, not ${command.expectedSeq}.`,
    };
  }
  if (hasEnded(snapshot) && asksForChange(command)) {
    return {
      code: "INSTANCE_ENDED",
      message: `Instance "${snapshot.instanceId}" has ended with status "${snapshot.status}" and cannot change any more.`,
    };
  }
  if (snapshot.suspension !== undefined && command.type === "event") {
    return {
      code: "INSTANCE_SUSPENDED",
      message: `Instance "${snapshot.instanceId}" is suspended by ${snapshot.suspension.actor} and takes no events until it is resumed.`,
    };
  }
  return undefined;
}

/**
 * Results, timers and deliveries still come in after the end: they are recorded and change nothing. The incidents of
 * last actions can still be retried and skipped.
 */
function asksForChange(command: Command): boolean {
  switch (command.type) {
    case "event":
    case "update":
      return true;
    case "operator":
      return command.act !== "retry" && command.act !== "skip";
    default:
      return false;
  }
}

function handle(turn: Turn, command: Command): Handled {
  switch (command.type) {
    case "start":
      return handleStart(turn, command);
    case "event":
      return handleEvent(turn, command);
    case "update":
      return handleUpdate(turn, command);
    case "actionResult":
      return handleActionResult(turn, command);
    case "timer":
      handleTimer(turn, command.timerId);
      return done(turn);
    case "operator":
      return handleOperator(turn, command);
    case "deliveryFailed":
      return handleDeliveryFailed(turn, command);
    case "import":
      return handleImport(turn, command);
    case "childDone":
      return handleChildDone(turn, command);
    case "signal":
      return handleSignal(turn, command);
  }
}

function emptySnapshot(machine: Machine, command: Command, nowMs: number): Snapshot {
  const at = formatInstant(nowMs);
  return {
    instanceId: command.type === "start" || command.type === "import" ? command.instanceId : "",
    stateMachineId: machine.stateMachineId,
    version: machine.version,
    seq: 0,
    status: "active",
    startedAt: at,
    updatedAt: at,
    data: {},
    variables: {},
    scopes: [{ scopeId: ROOT_SCOPE }],
    tokens: [],
    kept: [],
    incidents: [],
    actions: {},
    counters: { tokens: 0, visits: 0, incidents: 0, entries: {} },
  };
}

function handleStart(turn: Turn, command: StartCommand): Handled {
  const { draft, machine } = turn;
  draft.counters.tokens = 1;
  const visit = {
    ordinal: 0,
    state: machine.initialStateId,
    enteredAt: turn.nowText,
    actor: command.actor,
    actions: [],
  };
  const token: Token = {
    tokenId: FIRST_TOKEN,
    scopeId: ROOT_SCOPE,
    stateId: machine.initialStateId,
    phase: "entering",
    visit,
    timers: [],
  };
  const state = stateOf(turn, token);
  const problem =
    checkUpdate(machine, state, {}, command.data) ??
    checkVariables({}, command.variables) ??
    checkStartComplete(turn, token, command);
  if (problem !== undefined)
    return refusedData(`Instance of "${machine.stateMachineId}" cannot start`, problem);
  draft.data = command.data;
  draft.variables = command.variables;
  if (command.parent !== undefined) draft.parent = command.parent;
  draft.tokens = [token];
  token.stateId = "";
  enterState(turn, token, machine.initialStateId, { actor: command.actor }, undefined);
  return { answer: { outcome: "started", seq: draft.seq, to: machine.initialStateId } };
}

function checkStartComplete(turn: Turn, token: Token, command: StartCommand) {
  const state = stateOf(turn, token);
  if (state.schema === undefined || state.validate === "exit") return undefined;
  const violations = state.schema.checkFull(command.data);
  return violations.length === 0 ? undefined : { code: "VALIDATION_FAILED" as const, violations };
}

function handleEvent(turn: Turn, command: EventCommand): Handled {
  const { draft } = turn;
  if (isReservedEvent(command.eventId)) return { rejection: notEnabled(turn, command.eventId) };
  const outcome = takeEvent(turn, command);
  switch (outcome.kind) {
    case "refused":
      return { rejection: outcome.rejection };
    case "taken":
      return {
        answer: {
          outcome: "taken",
          seq: draft.seq,
          transitionId: outcome.transition.transitionId,
          from: outcome.from,
          to: outcome.transition.targetId ?? outcome.from,
        },
      };
    case "not-enabled":
      return keepOrRefuse(turn, command);
  }
}

/** While actions are under way an event may still become possible; once everything is settled it cannot. */
function keepOrRefuse(turn: Turn, command: EventCommand): Handled {
  const { draft, machine } = turn;
  if (!mayComeToWait(turn) || !machine.eventIds.has(command.eventId)) {
    return { rejection: notEnabled(turn, command.eventId) };
  }
  const excess = keptExcess(turn, command);
  if (excess !== undefined) return { rejection: excess };
  draft.kept.push({
    kind: "event",
    seq: draft.seq,
    eventId: command.eventId,
    data: command.data,
    variables: command.variables,
    actor: command.actor,
  });
  record(turn, "event-kept", { event: command.eventId });
  return { answer: { outcome: "queued", seq: draft.seq } };
}

/** Some token is under way, and nobody but itself holds it up. */
function mayComeToWait(turn: Turn): boolean {
  const { tokens, suspension } = turn.draft;
  return suspension === undefined && tokens.some((token) => !isFree(turn, token));
}

/** A signal is for whoever waits for it: an instance that does not, and is not about to, refuses it. */
function handleSignal(turn: Turn, command: SignalCommand): Handled {
  const { draft, machine } = turn;
  const { signal, data } = command;
  if (draft.suspension === undefined) {
    const outcome = takeSignal(turn, signal, data);
    if (outcome.kind === "taken") return done(turn);
    if (outcome.kind === "refused") return { rejection: outcome.rejection };
  }
  const isKept = machine.signals.has(signal) && (draft.suspension !== undefined || mayComeToWait(turn));
  if (!isKept) return { rejection: notEnabled(turn, signal) };
  const excess = keptExcess(turn, { eventId: signal, data, variables: {} });
  if (excess !== undefined) return { rejection: excess };
  draft.kept.push({ kind: "signal", seq: draft.seq, eventId: signal, data });
  record(turn, "event-kept", { event: signal });
  return done(turn);
}

function handleChildDone(turn: Turn, command: ChildDoneCommand): Handled {
  for (const token of endChildren(turn, command)) goOnWithList(turn, token);
  return done(turn);
}

function handleUpdate(turn: Turn, command: UpdateCommand): Handled {
  const rejection = updateData(turn, command);
  return rejection === undefined ? { answer: { outcome: "updated", seq: turn.draft.seq } } : { rejection };
}

function handleActionResult(turn: Turn, command: ActionResultCommand): Handled {
  const token = turn.draft.tokens.find((candidate) => isAwaited(candidate, command));
  const run = token?.agenda?.running;
  turn.effects.push({ kind: "end-effect", ...command.effect });
  if (token === undefined || run === undefined) {
    record(turn, "late-result", { key: command.key, outcome: command.result.outcome });
    return done(turn);
  }
  const failure =
    command.result.outcome === "completed"
      ? completeTry(turn, token, actionNamed(turn, run.actionId), command.result.response)
      : failureOf(run.actionId, command.result);
  if (failure !== undefined) handleActionFailure(turn, token, run, failure);
  return done(turn);
}

function isAwaited(token: Token, command: ActionResultCommand): boolean {
  const run = token.agenda?.running;
  return (
    run?.progress === "in-progress" &&
    run.effect?.seq === command.effect.seq &&
    run.effect.ordinal === command.effect.ordinal
  );
}

function failureOf(actionId: string, result: Exclude<TryResult, { readonly outcome: "completed" }>): Failure {
  if (result.outcome === "timeout") {
    return {
      code: "ACTION_TIMEOUT",
      message: `Action "${actionId}": ${result.message}`,
      isFinal: false,
      timedOut: true,
    };
  }
  return {
    code: result.code,
    message: `Action "${actionId}": ${result.message}`,
    isFinal: result.isFinal,
    ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
    ...(result.response === undefined ? {} : { responseStatus: result.response.status }),
  };
}

function handleOperator(turn: Turn, command: OperatorCommand): Handled {
  const rejection = operate(turn, command);
  return rejection === undefined ? done(turn) : { rejection };
}

function handleDeliveryFailed(turn: Turn, command: DeliveryFailedCommand): Handled {
  const { message } = command;
  const [token] = innermostTokens(turn.draft);
  turn.effects.push({ kind: "end-effect", ...command.effect });
  if (token !== undefined) openIncident(turn, token, { code: "CALLBACK_FAILED", message, suspends: false });
  return done(turn);
}

function handleImport(turn: Turn, command: ImportCommand): Handled {
  const rejection = importInstance(turn, command);
  if (rejection !== undefined) return { rejection };
  return {
    answer: { outcome: "started", seq: turn.draft.seq, to: innermostTokens(turn.draft)[0]?.stateId ?? "" },
  };
}

function done(turn: Turn): Handled {
  return { answer: { outcome: "done", seq: turn.draft.seq } };
}

/** An update that would have moved the instance if its data were complete says what is missing. */
function finalAnswer(turn: Turn, answer: Answer): Answer {
  return answer.outcome === "updated" && turn.blocked.length > 0
    ? { ...answer, blocked: turn.blocked }
    : answer;
}
