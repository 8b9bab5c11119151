/**
 * An imported instance: it begins here in the state its document names, with the visits it has made.
 *
 * Invariants:
 * 1. Nothing that the instance did elsewhere is done again: no entry action runs, nobody is told of the entry.
 * 2. What is wrong with the data is told in full, in one incident, which holds the instance; one that has ended stays
 *    ended, with the incident beside it.
 * 3. Where nothing is wrong the instance lives on as if it had just settled: its automatic transitions are looked at, and
 *    its timers run from now.
 */
import { mustBeCompleteOnEntry } from "../../data/data-rules.js";
import { appendPointer } from "../../json/pointer.js";
import type { Rejection } from "../../message/answer.js";
import type { ImportCommand } from "../../message/command.js";
import type { StateModel } from "../../model/machine.js";
import { ROOT_SCOPE } from "../../model/machine.js";
import { FIRST_TOKEN, type InstanceStatus, type Token, type Visit } from "../../model/snapshot.js";
import { addToken, openScope } from "../enter.js";
import { openIncident } from "../failure/incidents.js";
import { setTimers } from "../timing/set-timers.js";
import { lookWhetherDone } from "../tokens/done.js";
import { arrange } from "../tokens/token-tree.js";
import { openVisit } from "../tokens/visits.js";
import { hasEnded, record, stateNamed, stateOf, type Turn } from "../turn.js";
import { noteSender } from "../who/four-eyes.js";

interface ImportFault {
  readonly path: string;
  readonly message: string;
}

/** Fills the empty draft; the rejection when the definition does not know the state that the instance is in. */
export function importInstance(turn: Turn, command: ImportCommand): Rejection | undefined {
  const open = command.visits.at(-1);
  const state = open === undefined ? undefined : turn.machine.states.get(open.state);
  if (open === undefined || state === undefined) return unknownState(turn, open?.state ?? "");
  const { draft } = turn;
  const status = statusOf(command, state);
  draft.startedAt = command.startedAt;
  draft.data = command.data;
  draft.variables = command.variables;
  draft.status = status ?? "active";
  if (command.reason !== undefined && hasEnded(draft)) draft.reason = command.reason;
  takeVisits(turn, command.visits);
  const token = placeToken(turn, open, state);
  record(turn, "imported", { state: open.state, visits: command.visits.length, status: draft.status });
  if (hasEnded(draft)) record(turn, "instance-ended", { status: draft.status, state: open.state });
  else goOnInside(turn, token, state);
  const faults = [
    ...command.faults,
    ...statusFaults(command, status),
    ...regionFaults(turn, state),
    ...insideFaults(turn, state),
    ...visitFaults(turn, command.visits),
  ];
  if (faults.length > 0) reportFaults(turn, token, faults);
  if (command.status === "suspended") hold(turn, command);
  // What is wrong stays told until somebody corrects it: a mere look must not close its incident.
  turn.hasMoved = false;
  if (draft.status === "active") turn.unsettled.add(token.tokenId);
  return undefined;
}

/** `undefined` for a status that such a state cannot have. */
function statusOf({ status }: ImportCommand, state: StateModel): InstanceStatus | undefined {
  if (status === "cancelled") return status;
  if (state.isError) return "error";
  if (state.isFinal && state.scopeId === ROOT_SCOPE) return "completed";
  if (status === "completed") return undefined;
  return status === "error" ? status : "active";
}

function takeVisits(turn: Turn, visits: readonly Visit[]): void {
  const { draft } = turn;
  draft.counters.visits = visits.length;
  for (const visit of visits) {
    for (const name of [visit.event, visit.transitionId]) {
      if (name !== undefined) noteSender(turn, name, visit.actor);
    }
    draft.counters.entries[visit.state] = (draft.counters.entries[visit.state] ?? 0) + 1;
    for (const { actionId, status, result, error } of visit.actions) {
      draft.actions[actionId] = {
        status,
        ...(result === undefined ? {} : { result }),
        ...(error === undefined ? {} : { error }),
      };
    }
  }
  for (const visit of visits.slice(0, -1)) turn.effects.push({ kind: "visit", visit });
}

/** The first token where the document says it is; around it, tokens in the compound and parallel states. */
function placeToken(turn: Turn, open: Visit, state: StateModel): Token {
  const { draft } = turn;
  const phase = hasEnded(draft) ? "ended" : "settled";
  const outer = [...state.ancestors].reverse().map((stateId) => stateNamed(turn.machine, stateId));
  let scopeId: string = ROOT_SCOPE;
  const owners: Token[] = [];
  for (const [at, around] of outer.entries()) {
    const owner = addToken(turn, scopeId);
    owner.stateId = around.stateId;
    owner.phase = "inside";
    owner.visit = openVisit(turn, owner, around.stateId, { actor: open.actor });
    owners.push(owner);
    scopeId = openScope(turn, owner, (outer[at + 1] ?? state).scopeId);
  }
  const { data: _data, exitedAt: _exitedAt, ...visit } = open;
  const token = addToken(turn, scopeId);
  token.stateId = open.state;
  token.phase = phase;
  token.visit = { ...visit, actions: visit.actions.map((action) => ({ ...action })) };
  if (token.tokenId !== FIRST_TOKEN) token.visit.token = token.tokenId;
  if (phase === "settled") for (const owner of owners) setTimers(turn, owner, stateOf(turn, owner));
  arrange(turn.machine, draft);
  return token;
}

/** The token settles, ends its scope, or waits for somebody to say what becomes of what was inside of its state. */
function goOnInside(turn: Turn, token: Token, state: StateModel): void {
  setTimers(turn, token, state);
  if (state.isFinal) {
    token.phase = "ended";
    lookWhetherDone(turn, token.scopeId);
  } else if (hasInside(state)) {
    token.phase = "entering";
    token.agenda = { actions: [], next: 0, isHeld: true };
  }
}

function hasInside({ innerScopeIds, child }: StateModel): boolean {
  return innerScopeIds.length > 0 || child !== undefined;
}

/** What is inside of the state is not in the document. */
function insideFaults({ draft }: Turn, state: StateModel): ImportFault[] {
  if (hasEnded(draft) || !hasInside(state)) return [];
  const { stateId, child } = state;
  const message =
    child === undefined
      ? `State "${stateId}" has states inside; in which of them the instance is, the document does not say. A retry enters it at its initial state.`
      : `State "${stateId}" runs a child instance; the document does not have it. A retry starts a new one.`;
  return [{ path: "/currentState", message }];
}

/** A document tells one place; where the other regions of a parallel state are, it cannot say. */
function regionFaults({ machine }: Turn, state: StateModel): ImportFault[] {
  return state.ancestors
    .filter((stateId) => stateNamed(machine, stateId).innerScopeIds.length > 1)
    .map((stateId) => ({
      path: "/currentState",
      message: `State "${state.stateId}" is inside the parallel state "${stateId}"; where its other regions are, the document does not say.`,
    }));
}

function statusFaults(command: ImportCommand, status: InstanceStatus | undefined): ImportFault[] {
  if (status !== undefined) return [];
  const state = command.visits.at(-1)?.state ?? "";
  return [
    {
      path: "/status",
      message: `The status is "${command.status}", but state "${state}" is not a final one.`,
    },
  ];
}

/** Data of every visit against the schema of its state, and states that the definition does not know. */
function visitFaults(turn: Turn, visits: readonly Visit[]): ImportFault[] {
  return visits.flatMap((visit, index) => {
    const place = `/history/${index}`;
    const state = turn.machine.states.get(visit.state);
    if (state === undefined) {
      return [{ path: `${place}/state`, message: `The definition has no state "${visit.state}".` }];
    }
    return [
      ...dataFaults(state, visit, isFullCheckDue(turn, state, visit, visits[index + 1]), place),
      ...actionFaults(visit, place),
    ];
  });
}

function dataFaults(state: StateModel, visit: Visit, isComplete: boolean, place: string): ImportFault[] {
  const { schema } = state;
  if (schema === undefined || state.isRouting) return [];
  const violations = isComplete ? schema.checkFull(visit.data ?? {}) : schema.checkPartial(visit.data ?? {});
  return violations.map(({ path, message }) => ({
    path: `${place}/data${path}`,
    message: `State "${state.stateId}": ${message}`,
  }));
}

/** A state is complete when it is left, but for error routes and interruptions; the present one as on its entry. */
function isFullCheckDue(turn: Turn, state: StateModel, visit: Visit, next: Visit | undefined): boolean {
  if (next === undefined) {
    const cameByItself = visit.transitionId !== undefined && visit.event === undefined;
    return mustBeCompleteOnEntry(state, cameByItself ? "inside" : "outside");
  }
  if (state.validate === "entry" || turn.machine.states.get(next.state)?.isError === true) return false;
  return turn.machine.transitionsById.get(next.transitionId ?? "")?.interrupts !== true;
}

/** Whether such an action was done nobody can tell any more. */
function actionFaults(visit: Visit, place: string): ImportFault[] {
  return visit.actions.flatMap(({ actionId, status }, index) =>
    status === "in-progress" || status === "pending"
      ? [
          {
            path: appendPointer(`${place}/actions`, String(index)),
            message: `Action "${actionId}" was under way (${status}); its outcome is not known.`,
          },
        ]
      : [],
  );
}

function reportFaults(turn: Turn, token: Token, faults: readonly ImportFault[]): void {
  openIncident(turn, token, {
    code: "VALIDATION_FAILED",
    message: `The imported document is not valid: ${faults.map(({ message }) => message).join("; ")}`,
    violations: faults,
    suspends: true,
  });
}

/** It was held where it comes from. */
function hold(turn: Turn, command: ImportCommand): void {
  const { draft } = turn;
  if (hasEnded(draft)) return;
  draft.suspension = {
    actor: command.actor,
    reason: command.reason ?? "It was suspended when it was imported.",
    at: turn.nowText,
  };
  draft.status = "suspended";
}

function unknownState(turn: Turn, stateId: string): Rejection {
  const { machine } = turn;
  const message = `Version ${machine.version} of "${machine.stateMachineId}" has no state "${stateId}".`;
  return { code: "VALIDATION_FAILED", message, violations: [{ path: "/currentState", message }] };
}
