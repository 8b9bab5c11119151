/**
 * The configuration as a tree: tokens stand in scopes, scopes belong to tokens in compound and parallel states. Only
 * questions; nothing here changes anything.
 *
 * Invariants:
 * 1. Tokens are listed in document order of their states, those of one state in the order in which they were made: an
 *    owner comes before what is inside it.
 * 2. In a plain machine there is one token, in the root scope, and every question is answered without a search.
 */
import { type Machine, ROOT_SCOPE, type ScopeModel, type StateModel } from "../../model/machine.js";
import type { ScopeRecord, Snapshot, Token } from "../../model/snapshot.js";

export function scopeRecord(snapshot: Snapshot, scopeId: string): ScopeRecord {
  const found = snapshot.scopes.find((scope) => scope.scopeId === scopeId);
  if (found === undefined) throw new Error(`Broken invariant: there is no scope "${scopeId}".`);
  return found;
}

/** The scope of the definition that a scope of the instance is an activation of. */
export function scopeModel(machine: Machine, snapshot: Snapshot, scopeId: string): ScopeModel {
  const modelId = scopeId === ROOT_SCOPE ? ROOT_SCOPE : scopeRecord(snapshot, scopeId).modelId;
  const model = machine.scopes.get(modelId ?? ROOT_SCOPE);
  if (model === undefined)
    throw new Error(`Broken invariant: scope "${scopeId}" is of no scope of the definition.`);
  return model;
}

/** The token in the compound or parallel state around; none in the root scope. */
export function ownerOf(snapshot: Snapshot, token: Token): Token | undefined {
  return token.scopeId === ROOT_SCOPE ? undefined : ownerOfScope(snapshot, token.scopeId);
}

export function ownerOfScope(snapshot: Snapshot, scopeId: string): Token | undefined {
  if (scopeId === ROOT_SCOPE) return undefined;
  const { ownerId } = scopeRecord(snapshot, scopeId);
  return snapshot.tokens.find((token) => token.tokenId === ownerId);
}

/** The token's own way out: itself, then what is around it, outermost last. */
export function pathOutwards(snapshot: Snapshot, token: Token): Token[] {
  const path: Token[] = [];
  for (let at: Token | undefined = token; at !== undefined; at = ownerOf(snapshot, at)) path.push(at);
  return path;
}

export function scopesOf(snapshot: Snapshot, owner: Token): ScopeRecord[] {
  if (snapshot.scopes.length === 1) return [];
  return snapshot.scopes.filter((scope) => scope.ownerId === owner.tokenId);
}

export function tokensIn(snapshot: Snapshot, scopeId: string): Token[] {
  return snapshot.tokens.filter((token) => token.scopeId === scopeId);
}

/** All tokens inside, at any depth, in document order. */
export function tokensInside(snapshot: Snapshot, owner: Token): Token[] {
  if (snapshot.scopes.length === 1) return [];
  const owners = new Set([owner.tokenId]);
  const scopes = new Set<string>();
  // An inner scope is made after the one around it.
  for (const scope of snapshot.scopes) {
    if (scope.ownerId === undefined || !owners.has(scope.ownerId)) continue;
    scopes.add(scope.scopeId);
    for (const token of snapshot.tokens) if (token.scopeId === scope.scopeId) owners.add(token.tokenId);
  }
  return snapshot.tokens.filter((token) => scopes.has(token.scopeId));
}

/** Those with nothing inside: where the instance is. */
export function innermostTokens(snapshot: Snapshot): readonly Token[] {
  if (snapshot.scopes.length === 1) return snapshot.tokens;
  const scopes = new Set(snapshot.tokens.map((token) => token.scopeId));
  const owners = new Set(
    snapshot.scopes.flatMap((scope) => (scopes.has(scope.scopeId) ? [scope.ownerId] : [])),
  );
  return snapshot.tokens.filter((token) => !owners.has(token.tokenId));
}

/** It has entered a compound or parallel state, or runs children, and what is inside is at work or done. */
export function isInside(token: Token): boolean {
  return token.phase === "inside" || token.phase === "settled";
}

/** Its child has failed, or could not be started, and nothing of it runs any more. */
export function hasLostChild({ child }: StateModel, token: Token): boolean {
  return (
    child !== undefined && token.phase === "inside" && token.child === undefined && token.each === undefined
  );
}

/** The state of the scope which the state is, or is inside of; undefined when it is elsewhere. */
export function placeInScope(machine: Machine, state: StateModel, scopeId: string): StateModel | undefined {
  if (state.scopeId === scopeId) return state;
  for (const ancestorId of state.ancestors) {
    const ancestor = machine.states.get(ancestorId);
    if (ancestor?.scopeId === scopeId) return ancestor;
  }
  return undefined;
}

/** Whether the state is inside the scope of the definition, at any depth. */
export function isInScope(machine: Machine, state: StateModel, scopeId: string): boolean {
  return placeInScope(machine, state, scopeId) !== undefined;
}

/** Brings the tokens into document order again. */
export function arrange(machine: Machine, snapshot: Snapshot): void {
  if (snapshot.tokens.length === 1) return;
  const orderOf = (token: Token): number => machine.states.get(token.stateId)?.order ?? 0;
  snapshot.tokens.sort(
    (one, other) => orderOf(one) - orderOf(other) || numberOf(one.tokenId) - numberOf(other.tokenId),
  );
}

function numberOf(tokenId: string): number {
  return Number(tokenId.slice(1));
}
