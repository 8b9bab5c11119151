/**
 * Where a transition takes place: its domain, the token that moves, and the tokens that it leaves (SCXML appendix D:
 * `getTransitionDomain`, `computeExitSet`, `removeConflictingTransitions`, for tokens in scopes).
 */
import { type Machine, ROOT_SCOPE, type StateModel, type TransitionModel } from "../../model/machine.js";
import type { Snapshot, Token } from "../../model/snapshot.js";
import {
  isInScope,
  ownerOf,
  ownerOfScope,
  pathOutwards,
  scopesOf,
  tokensIn,
  tokensInside,
} from "./token-tree.js";

/** A transition that may be taken, and what it is taken from. */
export interface Enabled {
  /** The token in its source; of the start of an event sub-process, any token of the scope. */
  readonly token: Token;
  readonly transition: TransitionModel;
}

export interface Place {
  /** The scope, of the instance, that holds both ends. */
  readonly scopeId: string;
  /** The token of that scope which goes to the target; without one a new token does. */
  readonly mover: Token | undefined;
}

export function placeOf(machine: Machine, snapshot: Snapshot, { token, transition }: Enabled): Place {
  if (transition.isTriggered) return { scopeId: token.scopeId, mover: undefined };
  const source = stateIn(machine, token.stateId);
  const target = stateIn(machine, transition.targetId ?? token.stateId);
  if (source.scopeId === target.scopeId) return { scopeId: token.scopeId, mover: token };
  // Only a compound state has a list of its own; what stands in a region's list is external to the parallel state.
  const own = scopesOf(snapshot, token).find(({ modelId }) => modelId === transition.homeScopeId);
  const isInternal = own !== undefined && machine.scopes.get(transition.homeScopeId)?.isRegion === false;
  if (isInternal && isInScope(machine, target, transition.homeScopeId)) {
    return { scopeId: own.scopeId, mover: undefined };
  }
  for (const mover of pathOutwards(snapshot, token)) {
    if (isInScope(machine, target, stateIn(machine, mover.stateId).scopeId))
      return { scopeId: mover.scopeId, mover };
  }
  throw new Error(
    `Broken invariant: transition "${transition.transitionId}" has no scope that holds both ends.`,
  );
}

/** The tokens that a transition leaves, in document order; none when it has no target or keeps its source. */
export function exitSet(machine: Machine, snapshot: Snapshot, enabled: Enabled): readonly Token[] {
  const { transition } = enabled;
  if (transition.targetId === undefined || transition.keepsSource) return [];
  const { scopeId, mover } = placeOf(machine, snapshot, enabled);
  if (mover !== undefined) return [mover, ...tokensInside(snapshot, mover)];
  return tokensIn(snapshot, scopeId).flatMap((token) => [token, ...tokensInside(snapshot, token)]);
}

/** Of those whose exit sets meet, the one whose source is inside the other's stays, else the earlier. */
export function withoutConflicts(
  machine: Machine,
  snapshot: Snapshot,
  enabled: readonly Enabled[],
): Enabled[] {
  if (enabled.length < 2) return [...enabled];
  let kept: { readonly enabled: Enabled; readonly leaves: ReadonlySet<string> }[] = [];
  for (const candidate of enabled) {
    const leaves = new Set(exitSet(machine, snapshot, candidate).map((token) => token.tokenId));
    const rivals = kept.filter((other) => [...leaves].some((tokenId) => other.leaves.has(tokenId)));
    if (!rivals.every((rival) => isWithin(snapshot, candidate, rival.enabled))) continue;
    kept = [...kept.filter((other) => !rivals.includes(other)), { enabled: candidate, leaves }];
  }
  return kept.map((entry) => entry.enabled);
}

/** Whether the one's source is inside the other's. */
function isWithin(snapshot: Snapshot, inner: Enabled, outer: Enabled): boolean {
  const around = outer.transition.isTriggered ? ownerOfScope(snapshot, outer.token.scopeId) : outer.token;
  if (around === undefined) return !inner.transition.isTriggered || inner.token.scopeId !== ROOT_SCOPE;
  const from = inner.transition.isTriggered ? ownerOf(snapshot, inner.token) : inner.token;
  return from !== undefined && from !== around && pathOutwards(snapshot, from).includes(around);
}

function stateIn(machine: Machine, stateId: string): StateModel {
  const state = machine.states.get(stateId);
  if (state === undefined) throw new Error(`Broken invariant: there is no state "${stateId}".`);
  return state;
}
