/**
 * Leaving: what is inside a state that is left, or called off.
 *
 * Invariants:
 * 1. A token that is gone has no timer, no action, no child, no incident and no scope left.
 * 2. What is left in order runs its exit actions, inner first; what is called off runs none.
 */
import type { PlannedAction, Token } from "../../model/snapshot.js";
import { cancelAgenda } from "../actions/agenda.js";
import { cancelChildren } from "../children/cancel-children.js";
import { closeIncidents } from "../failure/incidents.js";
import { clearTimer, record, stateOf, type Turn } from "../turn.js";
import { innermostStates } from "./innermost-states.js";
import { scopesOf, tokensInside } from "./token-tree.js";
import { closeVisit } from "./visits.js";

/** Puts tokens on their way out; each is gone when its exit actions, and those inside it, are over. */
export function beginExit(turn: Turn, tokens: readonly Token[], resolution: string): void {
  rememberConfigurations(turn, tokens);
  for (const token of [...tokens].reverse()) {
    if (token.phase === "exiting") continue;
    const actions = token.isNew === true ? [] : exitActionsLeft(turn, token);
    callOffWork(turn, token, resolution);
    token.phase = "exiting";
    token.agenda = { actions, next: 0 };
  }
}

/** The exit actions of the token's state that have not begun in this visit: on another way out they do not begin again. */
export function exitActionsLeft(turn: Turn, token: Token): PlannedAction[] {
  const { exitActions } = stateOf(turn, token);
  if (exitActions.length === 0) return [];
  const begun = new Set(
    token.visit.actions.filter((action) => action.phase === "exit").map((action) => action.actionId),
  );
  return exitActions
    .filter((action) => !begun.has(action.actionId))
    .map((action): PlannedAction => ({ actionId: action.actionId, phase: "exit" }));
}

/** Removes a token with everything inside it at once; no exit action runs. */
export function callOff(turn: Turn, token: Token, resolution: string): void {
  for (const gone of [...tokensInside(turn.draft, token)].reverse()) dismiss(turn, gone, resolution);
  dismiss(turn, token, resolution);
}

/** Removes everything inside a token, which itself stays. */
export function callOffInside(turn: Turn, token: Token, resolution: string): void {
  for (const gone of [...tokensInside(turn.draft, token)].reverse()) dismiss(turn, gone, resolution);
  dropScopes(turn, token);
}

/** Removes a token that has nothing inside any more. */
export function dismiss(turn: Turn, token: Token, resolution: string): void {
  const { draft } = turn;
  callOffWork(turn, token, resolution);
  closeVisit(turn, token);
  dropScopes(turn, token);
  draft.tokens = draft.tokens.filter((other) => other !== token);
}

/** Ends whatever the token has under way, and what waits on it. */
export function callOffWork(turn: Turn, token: Token, resolution: string): void {
  closeIncidents(turn, token, resolution);
  cancelAgenda(turn, token);
  cancelChildren(turn, token, resolution);
  clearTimers(turn, token);
  turn.unsettled.delete(token.tokenId);
}

export function clearTimers(turn: Turn, token: Token): void {
  if (token.timers.length > 0) clearSet(turn, token);
  if (token.dueTimes !== undefined) delete token.dueTimes;
  if (token.isTimedOut !== undefined) delete token.isTimedOut;
  if (token.timeoutRounds !== undefined) delete token.timeoutRounds;
  const { draft } = turn;
  // One that fired while actions were under way belongs to the visit too.
  if (draft.kept.length > 0) {
    draft.kept = draft.kept.filter((kept) => kept.kind !== "timer" || kept.tokenId !== token.tokenId);
  }
}

function clearSet(turn: Turn, token: Token): void {
  for (const timer of token.timers) {
    clearTimer(turn, timer.timerId);
    record(turn, "timer-cleared", { timerId: timer.timerId });
  }
  token.timers = [];
}

export function dropScopes(turn: Turn, owner: Token): void {
  const { draft } = turn;
  if (draft.scopes.length === 1) return;
  draft.scopes = draft.scopes.filter((scope) => scope.ownerId !== owner.tokenId);
}

/** Keeps where compound and parallel states were left, for the transitions that come back. */
export function rememberConfigurations(turn: Turn, tokens: readonly Token[]): void {
  const { draft, machine } = turn;
  if (machine.remembered.size === 0) return;
  for (const token of tokens) {
    if (token.phase === "exiting") continue;
    for (const { scopeId, modelId } of scopesOf(draft, token)) {
      if (modelId === undefined || !machine.remembered.has(modelId)) continue;
      const states = innermostStates(turn, scopeId);
      if (states.length > 0) draft.histories = { ...draft.histories, [modelId]: states };
    }
  }
}
