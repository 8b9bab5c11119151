/**
 * What a rollback brings back. A mark is set where a transition leaves and where a state is settled that a `rollbackTo`
 * names; from then on it keeps what every property was that is changed by the token, or by what comes of it.
 *
 * Invariants:
 * 1. A machine in which nothing can roll back has no marks.
 * 2. What others write (a neighbour, an update from outside) is not kept, and so not brought back.
 */
import type { JsonObject } from "../../json/json.js";
import type { Before, Lineage } from "../../model/compensation.js";
import type { Mark, Token } from "../../model/snapshot.js";
import { innermostStates } from "../tokens/innermost-states.js";
import { pathOutwards, scopesOf } from "../tokens/token-tree.js";
import { stateOf, type Turn } from "../turn.js";

/** By scope, from the token outwards: who stands there, and what that came from. */
export function lineageOf({ draft }: Turn, token: Token): Lineage {
  return Object.fromEntries(
    pathOutwards(draft, token).map((at) => [at.scopeId, [at.tokenId, ...(at.from ?? [])]]),
  );
}

/** Whether what has this lineage is the token of the mark, came of it since, or is inside of either. */
export function comesOf(mark: Mark, lineage: Lineage): boolean {
  const line = lineage[mark.scopeId];
  const [tokenId] = line ?? [];
  if (line === undefined || tokenId === undefined) return false;
  return tokenId === mark.tokenId || (numberOf(tokenId) > mark.tokens && line.includes(mark.tokenId));
}

/** A mark of where the token is now. */
export function markHere(turn: Turn, token: Token): Mark {
  const { counters } = turn.draft;
  const mark: Mark = {
    scopeId: token.scopeId,
    tokenId: token.tokenId,
    stateId: token.stateId,
    phase: token.phase,
    visit: token.visit.ordinal,
    tokens: counters.tokens,
    visits: counters.visits,
    compensations: counters.compensations ?? 0,
    data: { was: {}, absent: [] },
    variables: { was: {}, absent: [] },
  };
  const inside = scopesOf(turn.draft, token).flatMap(({ scopeId }) => innermostStates(turn, scopeId));
  if (inside.length > 0) mark.inside = inside;
  return mark;
}

/**
 * Marks what a transition leaves. What is passed through (a decision, a fork) is no place to come back to: a mark from
 * before it stays.
 */
export function markLeaving(turn: Turn, token: Token): void {
  if (!turn.machine.canRollBack) return;
  if (token.isNew !== true && (token.cameFrom === undefined || !stateOf(turn, token).isRouting)) {
    token.cameFrom = markHere(turn, token);
  }
}

/** Marks a new token: it came of another one, and from where that came from if its state is only passed through. */
export function markNew(turn: Turn, token: Token, source: Token | undefined): void {
  if (!turn.machine.canRollBack) return;
  if (source !== undefined) token.from = [source.tokenId, ...(source.from ?? [])];
  const passed = source !== undefined && stateOf(turn, source).isRouting ? source.cameFrom : undefined;
  token.cameFrom = passed ?? { ...markHere(turn, token), isNew: true };
}

/**
 * The token has settled: nothing of its transition can fail any more, unless the state itself can. Where a `rollbackTo`
 * leads is marked anew.
 */
export function markSettled(turn: Turn, token: Token, isEntry: boolean): void {
  const { machine, draft } = turn;
  if (!machine.canRollBack) return;
  const { stateId, timeout, child, innerScopeIds, isRouting } = stateOf(turn, token);
  const canFail = timeout !== undefined || child !== undefined || innerScopeIds.length > 0 || isRouting;
  if (!canFail) delete token.cameFrom;
  if (isEntry && machine.rollbackTargets.has(stateId)) {
    draft.returns = { ...draft.returns, [stateId]: markHere(turn, token) };
  }
}

/** Keeps what the token has just changed, in every mark that it comes of. Shapes: data and variables as they were. */
export function noteChanges(turn: Turn, token: Token, data: JsonObject, variables: JsonObject): void {
  const { draft, machine } = turn;
  if (!machine.canRollBack) return;
  if (draft.data !== data) tellNews(turn);
  const lineage = lineageOf(turn, token);
  const noted = (mark: Mark): Mark =>
    comesOf(mark, lineage)
      ? {
          ...mark,
          data: noteBefore(mark.data, data, draft.data),
          variables: noteBefore(mark.variables, variables, draft.variables),
        }
      : mark;
  for (const each of draft.tokens) {
    if (each.cameFrom !== undefined) each.cameFrom = noted(each.cameFrom);
    const transition = each.agenda?.transition;
    if (each === token && transition?.before !== undefined && each.agenda !== undefined) {
      each.agenda.transition = { ...transition, before: noted(transition.before) };
    }
  }
  if (draft.returns === undefined) return;
  draft.returns = Object.fromEntries(
    Object.entries(draft.returns).map(([stateId, mark]) => [stateId, noted(mark)]),
  );
}

/** Data has come: what was rolled back has its automatic transitions looked at again. */
export function tellNews({ draft, machine }: Turn): void {
  if (!machine.canRollBack) return;
  for (const token of draft.tokens) if (token.waitsForNews !== undefined) delete token.waitsForNews;
}

/** The first value counts: what it was at the mark. */
function noteBefore(known: Before, before: JsonObject, after: JsonObject): Before {
  if (before === after) return known;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const fresh = [...names].filter(
    (name) =>
      own(before, name) !== own(after, name) &&
      !Object.hasOwn(known.was, name) &&
      !known.absent.includes(name),
  );
  if (fresh.length === 0) return known;
  const there = fresh.filter((name) => Object.hasOwn(before, name));
  return {
    was: { ...known.was, ...Object.fromEntries(there.map((name) => [name, before[name] ?? null])) },
    // The trail keeps no order of properties, and a replay must give the same snapshot.
    absent: [...known.absent, ...fresh.filter((name) => !Object.hasOwn(before, name))].sort(),
  };
}

function own(object: JsonObject, name: string) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The values as they were at the mark. `except` is left as it is. */
export function restored(now: JsonObject, { was, absent }: Before, except?: string): JsonObject {
  const kept = Object.entries(now).filter(([name]) => name === except || !absent.includes(name));
  const back = Object.entries(was).filter(([name]) => name !== except);
  return Object.fromEntries([...kept, ...back]);
}

export function numberOf(tokenId: string): number {
  return Number(tokenId.slice(1));
}
