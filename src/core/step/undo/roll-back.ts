/**
 * Rolling back: what was completed since a mark is undone in reverse order, then the token is where it was.
 *
 * - without a target: the transition under way, from where it left; of an initial state, the instance's start
 * - to a state: back to where it was settled last
 * - to the start: everything, and then the instance ends in error
 *
 * Invariants:
 * 1. Compensations run one after the other, each when the one before it is over: the exact reverse of what ran.
 * 2. What is inside of the token, and what came of it by forks, is called off before the first one begins. Children that
 *    run are cancelled, and then undo what they had done, before all that ended earlier.
 * 3. What another rollback was about to undo when it was called off is undone by this one.
 * 4. Of what was sent at most once and may have been done, it is found out first whether it was: then that is undone too.
 */
import type { Failure } from "../../message/failure.js";
import type { Compensation } from "../../model/compensation.js";
import type { Machine, Strategy } from "../../model/machine.js";
import type { Mark, PlannedAction, RollbackUnderWay, Token } from "../../model/snapshot.js";
import { cancelAgenda } from "../actions/agenda.js";
import { errorDataOf, rememberError } from "../failure/abort.js";
import { openIncident } from "../failure/incidents.js";
import { callOff, callOffInside, callOffWork } from "../tokens/leave.js";
import { pathOutwards, tokensIn } from "../tokens/token-tree.js";
import { hasEnded, record, type Turn } from "../turn.js";
import { removeCompensations } from "./compensation-log.js";
import { comesOf, lineageOf } from "./mark.js";

interface Plan {
  /** Who is brought back. */
  readonly mover: Token;
  /** Absent when everything is undone. */
  readonly mark: Mark | undefined;
}

/** False when there is nothing to go back to: what comes next in the list of strategies decides. `beforehand` runs first. */
export function rollBack(
  turn: Turn,
  token: Token,
  failure: Failure,
  { rollbackTo }: Strategy,
  beforehand: () => void = () => {},
): boolean {
  const plan = hasEnded(turn.draft) ? undefined : planOf(turn, token, rollbackTo);
  if (plan === undefined) {
    record(turn, "rollback-impossible", { state: token.stateId, to: rollbackTo });
    return false;
  }
  beforehand();
  rememberError(turn, errorDataOf(turn, token, failure));
  const { mover, mark } = plan;
  const doubts: PlannedAction[] = [];
  turn.doubts = doubts;
  callOffReached(turn, plan);
  turn.doubts = undefined;
  const entries = reached(turn, plan);
  removeCompensations(turn, entries);
  begin(
    turn,
    mover,
    entries.reverse(),
    mark === undefined ? { kind: "start", failure } : { kind: "mark", mark, failure },
    doubts,
  );
  return true;
}

function planOf(turn: Turn, token: Token, rollbackTo: string | undefined): Plan | undefined {
  const { draft, machine } = turn;
  const path = pathOutwards(draft, token);
  const outermost = path.at(-1) ?? token;
  if (rollbackTo === "start") return { mover: outermost, mark: undefined };
  const mark = rollbackTo === undefined ? lastMark(path) : returnTo(turn, rollbackTo);
  if (mark === undefined) {
    const isFirst = outermost.visit.transitionId === undefined && outermost.phase === "entering";
    return rollbackTo === undefined && isFirst ? { mover: outermost, mark: undefined } : undefined;
  }
  const mover = path.find(({ scopeId }) => scopeId === mark.scopeId);
  // After a migration the states of the mark may not be there any more.
  const isKnown = [mark.stateId, ...(mark.inside ?? [])].every((stateId) => machine.states.has(stateId));
  return mover === undefined || !isKnown ? undefined : { mover, mark };
}

/** Of the innermost that is on its way, or has come from somewhere. */
function lastMark(path: readonly Token[]): Mark | undefined {
  for (const { agenda, cameFrom } of path) {
    const mark = agenda?.transition?.before ?? cameFrom;
    if (mark !== undefined) return mark;
  }
  return undefined;
}

function returnTo({ draft }: Turn, stateId: string): Mark | undefined {
  const { returns = {} } = draft;
  return Object.hasOwn(returns, stateId) ? returns[stateId] : undefined;
}

/** What was completed since the mark by whoever goes back, in the order in which it ran. */
function reached(turn: Turn, { mover, mark }: Plan): Compensation[] {
  const log = (turn.draft.compensations ?? []).filter(({ incidentId }) => incidentId === undefined);
  if (mark === undefined) return log;
  const isJoined = !comesOf(mark, lineageOf(turn, mover));
  return log.filter(({ number, lineage, tokenId, actionId }) => {
    if (number < mark.compensations) return false;
    // A child that ended beside the actions of an internal transition is none of them.
    if (mark.isInternal === true) return tokenId === mark.tokenId && actionId !== undefined;
    return comesOf(mark, lineage) || (isJoined && lineage[mark.scopeId] !== undefined);
  });
}

/** Calls off what the mover has inside, and what came of the mark beside it; after a join, all that came together. */
function callOffReached(turn: Turn, { mover, mark }: Plan): void {
  const why = "rolled back";
  if (mark?.isInternal === true) {
    cancelAgenda(turn, mover);
    return;
  }
  const scopeId = mark?.scopeId ?? mover.scopeId;
  const isJoined = mark === undefined || !comesOf(mark, lineageOf(turn, mover));
  for (const other of tokensIn(turn.draft, scopeId)) {
    if (other === mover) continue;
    if (isJoined || comesOf(mark, lineageOf(turn, other))) callOff(turn, other, why);
  }
  callOffInside(turn, mover, why);
  callOffWork(turn, mover, why);
}

/** In the order given, after what is in doubt. */
export function begin(
  turn: Turn,
  mover: Token,
  entries: readonly Compensation[],
  rollback: RollbackUnderWay,
  doubts: readonly PlannedAction[] = [],
): void {
  for (const undo of entries) if (!isKnown(turn.machine, undo)) reportNotUndone(turn, mover, undo);
  const actions = [...doubts, ...entries.filter((undo) => isKnown(turn.machine, undo)).map(planned)];
  mover.phase = "compensating";
  mover.agenda = { actions, next: 0, rollback };
  turn.hasMoved = true;
  record(turn, "rollback-started", {
    state: mover.stateId,
    ...(rollback.kind === "mark" ? { to: rollback.mark.stateId } : {}),
    actionIds: actions.map(({ actionId }) => actionId),
  });
}

/** Not what another version of the machine has dropped. */
export function isKnown(machine: Machine, { actionId }: Compensation): boolean {
  return actionId === undefined || machine.actionsById.has(actionId);
}

export function planned(entry: Compensation): PlannedAction {
  const { incidentId: _decided, isCutShort: _taken, ...undo } = entry;
  return { actionId: undo.actionId ?? undo.undoes, phase: "compensation", undo };
}

function reportNotUndone(turn: Turn, token: Token, { actionId, undoes }: Compensation): void {
  const message = `Action "${undoes}" is not undone: version ${turn.machine.version} has no action "${actionId}".`;
  openIncident(turn, token, { code: "NOT_COMPENSATED", message, suspends: false });
}
