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
 * 3. After the step every token is settled, ended, waits for a result, a timer or what is inside of it, or is held by an
 *    open incident.
 */

import { formatInstant } from "../instant.js";
import type { Answer, Rejection } from "../message/answer.js";
import type {
  ChildDoneCommand,
  Command,
  DeliveryFailedCommand,
  ImportCommand,
  OperatorCommand,
  UpdateCommand,
} from "../message/command.js";
import type { Effect } from "../message/effect.js";
import type { StepRecord } from "../message/record.js";
import { type Machine, ROOT_SCOPE } from "../model/machine.js";
import type { Snapshot } from "../model/snapshot.js";
import { endChildren } from "./children/end-children.js";
import { goOnWithList } from "./children/start-children.js";
import { takeCallback } from "./commands/callback.js";
import { compensate } from "./commands/compensate.js";
import { endTry } from "./commands/end-try.js";
import { done, type Handled } from "./commands/handled.js";
import { importInstance } from "./commands/import.js";
import { operate } from "./commands/operate.js";
import { sendEvent, sendSignal } from "./commands/send.js";
import { startInstance } from "./commands/start.js";
import { updateData } from "./commands/update.js";
import { drive } from "./drive.js";
import { tellParent } from "./end.js";
import { openIncident } from "./failure/incidents.js";
import { handleTimer } from "./timing/fire-timer.js";
import { followDueTimes } from "./timing/set-timers.js";
import { innermostTokens } from "./tokens/token-tree.js";
import { draftOf, hasEnded, openTurn, type Turn } from "./turn.js";
import { endChildUndo } from "./undo/child-undo.js";
import { reportCutShort } from "./undo/failed-compensation.js";

export type StepResult =
  | {
      readonly ok: true;
      readonly snapshot: Snapshot;
      readonly effects: readonly Effect[];
      readonly records: readonly StepRecord[];
      readonly answer: Answer;
    }
  | { readonly ok: false; readonly rejection: Rejection };

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
  reportCutShort(turn);
  followDueTimes(turn);
  tellParent(turn);
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
      return startInstance(turn, command);
    case "event":
      return sendEvent(turn, command);
    case "update":
      return handleUpdate(turn, command);
    case "actionResult":
      return endTry(turn, command);
    case "callback":
      return takeCallback(turn, command);
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
    case "compensate":
      return compensate(turn, command);
    case "childCompensated":
      endChildUndo(turn, command);
      return done(turn);
    case "signal":
      return sendSignal(turn, command);
  }
}

function handleChildDone(turn: Turn, command: ChildDoneCommand): Handled {
  const goingOn = endChildren(turn, command);
  // While an operator holds the instance nothing new begins.
  if (turn.draft.suspension === undefined) for (const token of goingOn) goOnWithList(turn, token);
  return done(turn);
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

function handleUpdate(turn: Turn, command: UpdateCommand): Handled {
  const rejection = updateData(turn, command);
  return rejection === undefined ? { answer: { outcome: "updated", seq: turn.draft.seq } } : { rejection };
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

/** An update that would have moved the instance if its data were complete says what is missing. */
function finalAnswer(turn: Turn, answer: Answer): Answer {
  return answer.outcome === "updated" && turn.blocked.length > 0
    ? { ...answer, blocked: turn.blocked }
    : answer;
}
