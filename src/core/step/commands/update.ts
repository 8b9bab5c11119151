/** Updates: data that is added to the current state, and what it lets go on. */
import { checkUpdate, checkVariables, landingsOf } from "../../data/data-rules.js";
import type { Rejection } from "../../message/answer.js";
import type { UpdateCommand } from "../../message/command.js";
import type { StateModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import { notEnabled } from "../events.js";
import { raiseAgain } from "../raised.js";
import { retryTimed } from "../timing/fire-timer.js";
import { innermostTokens, isInside } from "../tokens/token-tree.js";
import { enclosingStates, record, stateNamed, stateOf, type Turn } from "../turn.js";
import { assignmentProblem } from "../who/assigned.js";
import { distinctUpdateProblem, noteAnswer } from "../who/four-eyes.js";
import { refusedData } from "./refused-data.js";

/** Adds the data, and has everything that waits for data looked at again; the rejection when it does not fit. */
export function updateData(turn: Turn, command: UpdateCommand): Rejection | undefined {
  const { draft } = turn;
  const present = innermostTokens(draft).filter(({ phase }) => phase !== "exiting");
  // Where all have ended, the state around them may wait for data.
  const going = present.filter(({ phase }) => phase !== "ended");
  const all = going.length > 0 ? going : present;
  const refusal = all.map((token) => senderProblem(turn, token, command)).find((each) => each !== undefined);
  const innermost = all.filter((token) => senderProblem(turn, token, command) === undefined);
  if (refusal !== undefined && (innermost.length === 0 || isTheirs(turn, all, innermost, command)))
    return refusal;
  const takers = innermost.filter((token) => problemOf(turn, token, command) === undefined);
  const [token] = takers.length > 0 ? takers : innermost;
  if (token === undefined) return notEnabled(turn, "update");
  const { stateId } = token;
  const problem = problemOf(turn, token, command) ?? checkVariables(draft.variables, command.variables);
  if (problem !== undefined) return refusedData(`Update in state "${stateId}"`, problem).rejection;
  draft.data = { ...draft.data, ...command.data };
  draft.variables = { ...draft.variables, ...command.variables };
  record(turn, "updated", { state: stateId, properties: Object.keys(command.data) });
  for (const each of takers) noteAnswer(turn, each, command.actor);
  // A copy: what is tried again may leave tokens behind and make others.
  for (const each of [...draft.tokens]) if (draft.tokens.includes(each)) reconsider(turn, each);
  return undefined;
}

/** Who may not answer a task, or may not move what waits for data. */
function senderProblem(
  turn: Turn,
  token: Token,
  { actor, groups = [] }: UpdateCommand,
): Rejection | undefined {
  const state = stateOf(turn, token);
  const sent = `The update of state "${state.stateId}"`;
  return assignmentProblem(turn, state, sent, { actor, groups }) ?? distinctUpdateProblem(turn, token, actor);
}

/** The data is what a state declares that does not take it from this sender: no other one takes it in its stead. */
function isTheirs(
  turn: Turn,
  all: readonly Token[],
  allowed: readonly Token[],
  { data }: UpdateCommand,
): boolean {
  return all.some(
    (token) =>
      !allowed.includes(token) &&
      stateOf(turn, token).schema?.properties.some((property) => Object.hasOwn(data, property)) === true,
  );
}

function problemOf(turn: Turn, token: Token, command: UpdateCommand) {
  const around = enclosingStates(turn, token).filter(({ schema }) => schema !== undefined);
  const { machine, draft } = turn;
  return checkUpdate(machine, stateOf(turn, token), draft.data, command.data, around, onward(turn, token));
}

/** A token that is held on its way takes what the states there declare. */
function onward(turn: Turn, token: Token): readonly StateModel[] {
  const targetId = token.agenda?.isHeld === true ? token.agenda.transition?.targetId : undefined;
  return targetId === undefined ? [] : landingsOf(turn.machine, stateNamed(turn.machine, targetId));
}

/** What waits for nothing but data is looked at again. What stays as it was keeps its incident. */
export function reconsider(turn: Turn, token: Token): void {
  if (token.agenda?.isHeld === true) delete token.agenda.isHeld;
  if (token.waitsForNews !== undefined) delete token.waitsForNews;
  if (token.phase === "settled") turn.unsettled.add(token.tokenId);
  // While an operator holds the instance nothing new begins.
  if (!isInside(token) || turn.draft.suspension !== undefined) return;
  for (const incident of turn.draft.incidents)
    if (incident.tokenId === token.tokenId) raiseAgain(turn, incident);
  retryTimed(turn, token);
}
