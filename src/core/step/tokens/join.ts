/**
 * Joins: looked at when nothing else moves. `all` takes one token for each incoming transition; `active` takes those that
 * are there once no token elsewhere in the scope could still come.
 *
 * Invariants:
 * 1. A join takes at most one token for each incoming transition, the one that came first, and one goes on.
 * 2. A join that can never go on has an open incident, `JOIN_STUCK`.
 */
import type { JoinModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import { closeIncidents, openIncident } from "../failure/incidents.js";
import { isHeld } from "../transition/select.js";
import { hasEnded, record, stateNamed, stateOf, type Turn } from "../turn.js";
import { dismiss } from "./leave.js";
import { placeInScope, scopeModel, tokensIn } from "./token-tree.js";

/** Lets the first join go on that can; false when none can. */
export function fireJoin(turn: Turn): boolean {
  const { draft, machine } = turn;
  if (!machine.hasJoins || hasEnded(draft)) return false;
  const waiting = draft.tokens.filter((token) => waitsAtJoin(turn, token));
  for (const token of waiting) {
    const taken = tokensTaken(turn, token);
    if (taken === undefined) continue;
    join(turn, token, taken);
    return true;
  }
  for (const token of waiting) reportStuck(turn, token);
  return false;
}

/** An operator's word: the join goes on with the tokens that are there. False when the token waits at none. */
export function joinWithout(turn: Turn, token: Token): boolean {
  if (!waitsAtJoin(turn, token)) return false;
  join(turn, token, [...firstByWay(turn, token).values()]);
  return true;
}

function waitsAtJoin(turn: Turn, token: Token): boolean {
  if (token.waitsForNews === true) return false;
  return token.phase === "settled" && token.hasJoined !== true && stateOf(turn, token).kind === "join";
}

/** The tokens that the join of this token takes now; undefined while it waits. */
function tokensTaken(turn: Turn, token: Token): Token[] | undefined {
  const model = joinOf(turn, token);
  const firsts = firstByWay(turn, token);
  if (model.wait === "all") {
    return model.incoming.every((way) => firsts.has(way)) ? [...firsts.values()] : undefined;
  }
  return elsewhere(turn, token).some((other) => canReach(turn, other, model))
    ? undefined
    : [...firsts.values()];
}

function joinOf(turn: Turn, token: Token): JoinModel {
  const { join: model, stateId } = stateOf(turn, token);
  if (model === undefined) throw new Error(`Broken invariant: state "${stateId}" is no join.`);
  return model;
}

/** Of the tokens that wait at the same join, in the same activation of the scope: the first of each way, by arrival. */
function firstByWay(turn: Turn, token: Token): Map<string, Token> {
  const firsts = new Map<string, Token>();
  const there = tokensIn(turn.draft, token.scopeId)
    .filter((other) => other.stateId === token.stateId && waitsAtJoin(turn, other))
    .sort((one, other) => one.visit.ordinal - other.visit.ordinal);
  for (const each of there) {
    const way = each.way ?? each.visit.transitionId ?? "";
    if (!firsts.has(way)) firsts.set(way, each);
  }
  return firsts;
}

function elsewhere(turn: Turn, token: Token): Token[] {
  return tokensIn(turn.draft, token.scopeId).filter(
    (other) => other.stateId !== token.stateId && other.phase !== "ended" && other.phase !== "exiting",
  );
}

function canReach(turn: Turn, token: Token, { reachableFrom }: JoinModel): boolean {
  const { machine, draft } = turn;
  const targetId = token.agenda?.transition?.targetId;
  if (targetId === undefined) return reachableFrom.has(token.stateId);
  const scope = scopeModel(machine, draft, token.scopeId);
  const place = placeInScope(machine, stateNamed(machine, targetId), scope.scopeId);
  return (
    place === undefined || reachableFrom.has(place.stateId) || place.join?.reachableFrom === reachableFrom
  );
}

function join(turn: Turn, token: Token, taken: readonly Token[]): void {
  const [survivor, ...merged] = [...taken].sort((one, other) => one.visit.ordinal - other.visit.ordinal);
  if (survivor === undefined) return;
  record(turn, "joined", { state: token.stateId, tokens: taken.map(({ tokenId }) => tokenId) });
  for (const other of merged) dismiss(turn, other, "joined");
  turn.hasMoved = true;
  // Whatever may hold it up from now on, it waits for nobody any more.
  survivor.hasJoined = true;
  // Those that came together came from several places.
  if (survivor.cameFrom !== undefined) delete survivor.cameFrom;
  closeIncidents(turn, survivor, "joined");
  turn.unsettled.add(survivor.tokenId);
}

/** Nothing else can come any more: whoever looks for the instance must find out why it stands still. */
function reportStuck(turn: Turn, token: Token): void {
  if (isHeld(turn, token)) return;
  const model = joinOf(turn, token);
  const others = elsewhere(turn, token);
  const canCome = others.filter((other) => canReach(turn, other, model));
  const isStuck = canCome.every((other) => waitsAtJoin(turn, other));
  if (!isStuck) return;
  const firsts = firstByWay(turn, token);
  const missing = model.incoming.filter((way) => !firsts.has(way));
  openIncident(turn, token, {
    code: "JOIN_STUCK",
    message: `Join "${token.stateId}" waits for ${missing.map((id) => `"${id}"`).join(", ")}, and no token can come that way any more.`,
    suspends: true,
  });
}
