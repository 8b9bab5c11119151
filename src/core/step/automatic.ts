/**
 * Automatic transitions: once nothing is under way that could go on, every token that settled, or for which data changed,
 * is looked at; all that are enabled are taken together, as one microstep (SCXML appendix D). A fork is left by all its
 * branches, a join waits for its own turn.
 */
import { checkTransition } from "../data/data-rules.js";
import type { JsonObject } from "../json/json.js";
import type { TransitionModel } from "../model/machine.js";
import type { Token } from "../model/snapshot.js";
import { countAutomaticStep } from "./failure/automatic-limit.js";
import { handleStateFailure } from "./failure/handle-failure.js";
import { closeIncident, openIncident } from "./failure/incidents.js";
import { type Enabled, withoutConflicts } from "./tokens/domain.js";
import { innermostTokens } from "./tokens/token-tree.js";
import {
  addDistinct,
  type Selection,
  selectAutomatic,
  selectAutomaticAround,
  selectBranches,
} from "./transition/select.js";
import { type Taking, takeTransition } from "./transition/take.js";
import { takeTogether } from "./transition/take-together.js";
import { enclosingStates, hasEnded, record, stateNamed, stateOf, type Turn } from "./turn.js";
import { noteAutomatic } from "./who/four-eyes.js";

/** False when there was nothing to look at. */
export function lookAtAutomatic(turn: Turn): boolean {
  const { draft, machine } = turn;
  if (draft.tokens.length === 1) return lookAtOnly(turn);
  markMoved(turn);
  const looked = draft.tokens.filter((token) => turn.unsettled.has(token.tokenId));
  if (looked.length === 0) return false;
  turn.unsettled.clear();
  if (hasEnded(draft)) return true;
  const innermost = innermostTokens(draft);
  const enabled: Enabled[] = [];
  // A copy: forks make tokens, failures take them away.
  for (const token of [...draft.tokens]) {
    if (!draft.tokens.includes(token)) continue;
    const selection = looked.includes(token) ? lookAt(turn, token) : NOTHING;
    if (selection.kind === "enabled") addDistinct(enabled, selection);
    else if (draft.tokens.includes(token) && innermost.includes(token) && restsInside(token)) {
      const around = selectAutomaticAround(turn, token);
      if (around.kind === "enabled") addDistinct(enabled, around);
      if (around.kind === "faulty") reportFaulty(turn, around);
    }
  }
  if (hasEnded(draft)) return true;
  const present = enabled.filter(({ token }) => draft.tokens.includes(token));
  takeAll(turn, withoutConflicts(machine, draft, present));
  return true;
}

/** A plain machine's one token. */
function lookAtOnly(turn: Turn): boolean {
  const [token] = turn.draft.tokens;
  turn.hasMoved = false;
  if (token === undefined || !turn.unsettled.delete(token.tokenId)) return false;
  if (hasEnded(turn.draft)) return true;
  const selection = lookAt(turn, token);
  if (selection.kind === "enabled") takeAll(turn, [selection]);
  return true;
}

const NOTHING: Selection = { kind: "none" };

function restsInside(token: Token): boolean {
  if (token.waitsForNews === true) return false;
  return token.phase === "settled" || token.phase === "ended";
}

/** Where several tokens are, what one does may concern all. */
function markMoved(turn: Turn): void {
  if (!turn.hasMoved) return;
  turn.hasMoved = false;
  for (const token of turn.draft.tokens) {
    if (token.phase === "settled" || token.phase === "ended") turn.unsettled.add(token.tokenId);
  }
}

function lookAt(turn: Turn, token: Token): Selection {
  const state = stateOf(turn, token);
  if (token.phase !== "settled" || token.waitsForNews === true) return NOTHING;
  if (state.kind === "join" && token.hasJoined !== true) return NOTHING;
  if (state.kind === "fork") {
    takeBranches(turn, token);
    return NOTHING;
  }
  const selection = selectAutomatic(turn, token);
  if (selection.kind === "faulty") reportFaulty(turn, selection);
  if (selection.kind === "none" && !isToldWithoutWay(turn, token)) {
    closeAutomatic(turn, token);
    if (state.isRouting) failWithoutWay(turn, token, state.kind === "join" ? "Join" : "Decision");
  }
  return selection;
}

/** Its incident says so already, and no data has come since. */
function isToldWithoutWay({ draft, command }: Turn, token: Token): boolean {
  if (command.type === "update") return false;
  return draft.incidents.some(
    ({ tokenId, suspends, code }) => tokenId === token.tokenId && suspends && code === "NO_TRANSITION",
  );
}

function reportFaulty(
  turn: Turn,
  { token, transition, message }: Extract<Selection, { kind: "faulty" }>,
): void {
  openIncident(turn, token, {
    code: "EXPRESSION_ERROR",
    message,
    transitionId: transition.transitionId,
    suspends: true,
  });
}

function failWithoutWay(turn: Turn, token: Token, what: "Decision" | "Fork" | "Join"): void {
  handleStateFailure(turn, token, {
    code: "NO_TRANSITION",
    message: `${what} "${token.stateId}" has no transition whose condition holds, and no default.`,
    isFinal: true,
  });
}

/** Nothing is blocked any more: the incidents of automatic transitions are over. */
function closeAutomatic(turn: Turn, token: Token): void {
  for (const incident of turn.draft.incidents) {
    const isAutomatic = incident.actionId === undefined && incident.eventId === undefined;
    if (incident.tokenId === token.tokenId && incident.suspends && isAutomatic) {
      closeIncident(turn, incident, "nothing is blocked any more");
    }
  }
}

/** A microstep counts once, however many tokens it moves. */
function takeAll(turn: Turn, enabled: readonly Enabled[]): void {
  const ready = enabled.filter((each) => !isBlocked(turn, each.token, each.transition));
  const [first] = ready;
  if (first === undefined || !countAutomaticStep(turn, first.token, first.transition)) return;
  for (const each of ready) noteAutomatic(turn, each.token, each.transition);
  if (ready.length === 1) {
    const { token, transition } = first;
    takeTransition(turn, token, transition, takingOf(turn, token, transition));
    return;
  }
  takeTogether(
    turn,
    ready.map((each) => ({ ...each, taking: takingOf(turn, each.token, each.transition) })),
  );
}

/** True, and told, when the data does not allow it. */
function isBlocked(turn: Turn, token: Token, transition: TransitionModel): boolean {
  const problem = checkTransition(turn, {
    source: stateOf(turn, token),
    around: enclosingStates(turn, token),
    target: targetOf(turn, transition),
    transition,
    isDone: token.phase !== "inside",
    origin: "inside",
    eventId: undefined,
    eventData: {},
    errorData: {},
  });
  if (problem !== undefined) reportBlocked(turn, token, transition, problem.violations);
  return problem !== undefined;
}

/** What a transition that was found enabled and not blocked is taken with. */
function takingOf(turn: Turn, token: Token, transition: TransitionModel): Taking {
  // An error state that no failure led to still has a code and a message (page 2: ROUTED).
  const isRouted = targetOf(turn, transition)?.isError === true;
  const errorData = isRouted ? routedError(turn, token, transition) : {};
  if (isRouted) turn.draft.variables = { ...turn.draft.variables, lastError: errorData };
  return { origin: "inside", actor: turn.command.actor, eventData: {}, variables: {}, errorData };
}

/** One token for each branch. The fork's own one goes the first way, the others are made for the rest. */
function takeBranches(turn: Turn, token: Token): void {
  const selected = selectBranches(turn, token);
  if ("kind" in selected) {
    reportFaulty(turn, selected);
    return;
  }
  const { branches } = selected;
  const [first, ...others] = branches;
  if (first === undefined) {
    if (!isToldWithoutWay(turn, token)) failWithoutWay(turn, token, "Fork");
    return;
  }
  if (branches.some((branch) => isBlocked(turn, token, branch))) return;
  if (!countAutomaticStep(turn, token, first)) return;
  for (const branch of branches) noteAutomatic(turn, token, branch);
  for (const branch of others) {
    takeTransition(turn, token, { ...branch, keepsSource: true }, takingOf(turn, token, branch));
  }
  takeTransition(turn, token, first, takingOf(turn, token, first));
}

function targetOf(turn: Turn, { targetId }: TransitionModel) {
  return targetId === undefined ? undefined : stateNamed(turn.machine, targetId);
}

/** The failure behind it, where an action of this visit has failed and was passed over; else `ROUTED`. */
function routedError(turn: Turn, token: Token, transition: TransitionModel): JsonObject {
  const failed = token.visit.actions.findLast((action) => action.error !== undefined)?.error;
  return {
    errorCode: failed?.code ?? "ROUTED",
    errorMessage: failed?.message ?? transition.name ?? transition.transitionId,
    errorTimestamp: turn.nowText,
    failedState: token.stateId,
  };
}

/**
 * An automatic transition whose data is not complete: whoever updates is told; a state that collects its data simply
 * waits for the rest; anywhere else nobody would know, so an incident says it.
 */
function reportBlocked(
  turn: Turn,
  token: Token,
  transition: TransitionModel,
  violations: readonly { readonly path: string; readonly message: string }[],
): void {
  const listed = violations.map(({ path, message }) => ({ path, message }));
  record(turn, "transition-blocked", { transitionId: transition.transitionId, violations: listed });
  turn.blocked.push({ transitionId: transition.transitionId, violations: listed });
  const { kind, isRouting } = stateOf(turn, token);
  if (!isRouting && (turn.command.type === "update" || kind === "userTask" || kind === "wait")) return;
  openIncident(turn, token, {
    code: "VALIDATION_FAILED",
    message: `Transition "${transition.transitionId}" cannot be taken: ${listed.map((violation) => violation.message).join("; ")}`,
    transitionId: transition.transitionId,
    violations: listed,
    suspends: true,
  });
}
