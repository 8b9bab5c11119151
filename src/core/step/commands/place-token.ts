/**
 * Where a token stands in another version of its machine: its state, what it was about to do there, its timers. First
 * everything that is in the way is named, then the token is moved; a token that was found to fit always can be.
 *
 * Invariants:
 * 1. A state is taken for the same when the plan says so, or its id is the same; scopes and regions follow their states.
 * 2. What is under way ends in the version in which it began: only an action that failed for good, or has not begun, goes
 *    on in the other version, where it has the same id in the same place. What comes after it is as the new version says.
 * 3. A timer that is set keeps its time while its transition is there; one that is new runs from now.
 */
import { formatInstant, parseInstant } from "../../instant.js";
import type { ActionModel, Machine, StateModel, TransitionModel } from "../../model/machine.js";
import type { Agenda, PlannedAction, Token, TokenTimer } from "../../model/snapshot.js";
import { setTimers } from "../timing/set-timers.js";
import { clearTimer, record, setTimer, type Turn } from "../turn.js";

/** A token with its state in the new version, and the scope of the definition that it must be in. */
export interface Place {
  readonly token: Token;
  readonly state: StateModel;
  readonly scopeModelId: string;
  /** Of the scopes that it owns, as the new version names them. */
  readonly innerModelIds: readonly string[];
}

/** Sentences that say why the token cannot be there; none when it can. */
export function obstacles(machine: Machine, { token, state, scopeModelId, innerModelIds }: Place): string[] {
  const where = `state "${state.stateId}"`;
  const found: string[] = [];
  if (state.scopeId !== scopeModelId)
    found.push(`${where} is inside of another state in version ${machine.version}`);
  if ((token.phase === "ended") !== state.isFinal) {
    found.push(
      state.isFinal
        ? `${where} is final: nobody is moved into an end`
        : `${where} is not final, and the token has ended`,
    );
  }
  const isAtWork = token.phase === "inside" || token.phase === "settled";
  const isSame =
    innerModelIds.length === state.innerScopeIds.length &&
    innerModelIds.every((modelId) => state.innerScopeIds.includes(modelId));
  if (innerModelIds.length > 0 ? !isSame : isAtWork && state.innerScopeIds.length > 0) {
    found.push(`what is inside of ${where} is not the same in version ${machine.version}`);
  }
  if (!takesChildren(token, state)) {
    found.push(`children are under way, and ${where} runs none such in version ${machine.version}`);
  }
  if (state.join !== undefined && token.way !== undefined && !state.join.incoming.includes(token.way)) {
    found.push(
      `the way "${token.way}" does not lead to the join "${state.stateId}" in version ${machine.version}`,
    );
  }
  return [...found, ...agendaObstacles(machine, token, state)];
}

function takesChildren({ child, each }: Token, state: StateModel): boolean {
  if (child === undefined && each === undefined) return true;
  return state.child !== undefined && (state.child.each !== undefined) === (each !== undefined);
}

const WAITS = {
  "in-progress": "is under way",
  awaiting: "waits for its callback",
  backoff: "waits for its next try",
  unknown: "was sent, and whether it was done is not known",
} as const;

function agendaObstacles(machine: Machine, { agenda }: Token, state: StateModel): string[] {
  if (agenda === undefined) return [];
  if (agenda.rollback !== undefined) return ["a rollback is under way"];
  const { running } = agenda;
  if (running !== undefined && running.progress !== "failed" && running.progress !== "held") {
    return [`action "${running.actionId}" ${WAITS[running.progress]}`];
  }
  const rebuilt = rebuildAgenda(machine, agenda, state);
  return typeof rebuilt === "string" ? [rebuilt] : [];
}

/** The same agenda in the new version; a sentence when it cannot be the same. */
function rebuildAgenda(machine: Machine, agenda: Agenda, state: StateModel): Agenda | string {
  const underway = agenda.transition;
  const transition = underway === undefined ? undefined : machine.transitionsById.get(underway.transitionId);
  if (underway !== undefined && !isSameWay(transition, underway.targetId)) {
    return `transition "${underway.transitionId}", which was taken, is not there in version ${machine.version}`;
  }
  const planned = agenda.actions[agenda.next];
  const actions = listFor(state, transition, planned ?? agenda.actions.at(-1));
  const next =
    planned === undefined
      ? actions.length
      : actions.findIndex(({ actionId, phase }) => actionId === planned.actionId && phase === planned.phase);
  if (planned !== undefined && next === -1) {
    return `action "${planned.actionId}" is not among the ${planned.phase} actions there in version ${machine.version}`;
  }
  const rebuilt: Agenda = { ...agenda, actions, next };
  if (underway !== undefined && transition?.targetId !== undefined) {
    rebuilt.transition = { ...underway, targetId: transition.targetId };
  }
  return rebuilt;
}

function isSameWay(transition: TransitionModel | undefined, targetId: string | undefined): boolean {
  return transition !== undefined && (transition.targetId === undefined) === (targetId === undefined);
}

function listFor(
  state: StateModel,
  transition: TransitionModel | undefined,
  planned: PlannedAction | undefined,
): PlannedAction[] {
  const plan = (actions: readonly ActionModel[], phase: PlannedAction["phase"]) =>
    actions.map(({ actionId }): PlannedAction => ({ actionId, phase }));
  if (transition === undefined) {
    return planned?.phase === "exit" ? plan(state.exitActions, "exit") : plan(state.entryActions, "entry");
  }
  const staysIn = transition.targetId === undefined || transition.keepsSource;
  return [...(staysIn ? [] : plan(state.exitActions, "exit")), ...plan(transition.actions, "transition")];
}

/** Moves the token; its visit goes on under the new name. The turn runs on the new version. */
export function placeToken(turn: Turn, { token, state }: Place, renamed: (stateId: string) => string): void {
  if (token.toldState !== undefined) token.toldState = renamed(token.toldState);
  token.stateId = state.stateId;
  if (token.visit.state !== "") token.visit.state = state.stateId;
  if (token.inward !== undefined) {
    token.inward = token.inward.map(renamed).filter((stateId) => turn.machine.states.has(stateId));
  }
  if (state.join === undefined) {
    delete token.way;
    delete token.hasJoined;
  }
  if (state.timeout === undefined) delete token.isTimedOut;
  // Its child was lost, and the new version asks for none.
  if (token.phase === "inside" && state.child === undefined && state.innerScopeIds.length === 0)
    token.phase = "settled";
  if (token.agenda !== undefined) {
    const rebuilt = rebuildAgenda(turn.machine, token.agenda, state);
    if (typeof rebuilt !== "string") token.agenda = rebuilt;
  }
  if (token.phase !== "leaving" && token.phase !== "exiting" && token.phase !== "ended")
    carryTimers(turn, token, state);
}

function carryTimers(turn: Turn, token: Token, state: StateModel): void {
  const before = token.timers;
  const prefix = `${token.tokenId}.${token.visit.ordinal}.`;
  const isThere = ({ transitionId, eventId, isTimeout }: TokenTimer): boolean =>
    isTimeout === true
      ? state.timeout !== undefined
      : state.transitions.some(
          (transition) =>
            transition.transitionId === transitionId &&
            transition.triggers.some((trigger) => "eventId" in trigger && trigger.eventId === eventId),
        );
  const carried = new Map(before.filter(isThere).map((timer) => [timer.timerId, timer]));
  for (const timer of before) {
    if (carried.has(timer.timerId)) continue;
    clearTimer(turn, timer.timerId);
    record(turn, "timer-cleared", { timerId: timer.timerId });
  }
  forgetDueTimes(token, (name) => carried.has(prefix + name));
  token.timers = [];
  setTimers(turn, token, state);
  for (const fresh of token.timers) {
    const old = carried.get(fresh.timerId);
    if (old === undefined) continue;
    fresh.dueAt = old.dueAt;
    setTimer(turn, old.timerId, parseInstant(old.dueAt) ?? turn.nowMs);
    record(turn, "timer-set", {
      timerId: old.timerId,
      dueAt: formatInstant(parseInstant(old.dueAt) ?? turn.nowMs),
    });
    carried.delete(old.timerId);
  }
  // What follows data was not set anew: it names the same instant.
  token.timers.push(...carried.values());
}

/** An instant that data names is looked up anew where its timer is not set. */
function forgetDueTimes(token: Token, isCarried: (name: string) => boolean): void {
  if (token.dueTimes === undefined) return;
  const kept = Object.entries(token.dueTimes).filter(([name]) => isCarried(name));
  if (kept.length > 0) token.dueTimes = Object.fromEntries(kept);
  else delete token.dueTimes;
}
