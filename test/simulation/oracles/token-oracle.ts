/**
 * Whether the tokens of an instance and the scopes they are in belong together: nothing is left of a scope that was left,
 * nobody is inside of nothing, and an ended instance waits for nothing.
 */
import { type Machine, ROOT_SCOPE } from "../../../src/core/model/machine.js";
import type { Snapshot, Token } from "../../../src/core/model/snapshot.js";

/** One sentence about the first thing that does not fit. */
export function tokenFault(machine: Machine, snapshot: Snapshot): string | undefined {
  return (
    scopeFault(machine, snapshot) ??
    snapshot.tokens
      .map((token) => placeFault(machine, snapshot, token))
      .find((fault) => fault !== undefined) ??
    endFault(snapshot)
  );
}

function scopeFault(machine: Machine, { scopes, tokens }: Snapshot): string | undefined {
  if (new Set(scopes.map(({ scopeId }) => scopeId)).size !== scopes.length) return "two scopes have one id.";
  for (const { scopeId, parentId, ownerId, modelId } of scopes) {
    if (scopeId === "root") continue;
    const owner = tokens.find((token) => token.tokenId === ownerId);
    if (owner === undefined) return `scope ${scopeId} has no owner any more.`;
    if (owner.scopeId !== parentId) return `scope ${scopeId} is in another scope than its owner.`;
    const inner = machine.states.get(owner.stateId)?.innerScopeIds ?? [];
    if (modelId === undefined || !inner.includes(modelId))
      return `scope ${scopeId} is of ${modelId}, its owner in "${owner.stateId}".`;
  }
  return undefined;
}

function placeFault(machine: Machine, snapshot: Snapshot, token: Token): string | undefined {
  const name = `token ${token.tokenId} in "${token.stateId}" (${token.phase})`;
  const scope = snapshot.scopes.find(({ scopeId }) => scopeId === token.scopeId);
  if (scope === undefined) return `${name} is in a scope that was left.`;
  const state = machine.states.get(token.stateId);
  if (state === undefined || (scope.modelId ?? ROOT_SCOPE) !== state.scopeId)
    return `${name} is in a scope that its state is not in.`;
  const owned = snapshot.scopes.filter(({ ownerId }) => ownerId === token.tokenId);
  const inner = snapshot.tokens.filter((other) => owned.some(({ scopeId }) => scopeId === other.scopeId));
  const hasChild = token.child !== undefined || token.each !== undefined;
  if (hasChild && state.child === undefined) return `${name} waits for a child that it has none of.`;
  if (token.phase === "inside" && owned.length === 0 && !hasChild && token.heldFailure === undefined)
    return `${name} has nothing inside.`;
  if (token.phase === "settled" && (hasChild || inner.some(({ phase }) => phase !== "ended")))
    return `${name} is settled, and inside something goes on.`;
  return undefined;
}

function endFault(snapshot: Snapshot): string | undefined {
  const { status, kept, raised = [], delayed = [], tokens } = snapshot;
  const isHeld = status === "suspended" || snapshot.incidents.some(({ suspends }) => suspends);
  if (raised.length > 0 && !isHeld) return "an event from inside has not had its turn.";
  if (status === "active" || status === "suspended") return undefined;
  if (kept.length > 0 || delayed.length > 0) return `it is ${status}, and something is kept for later.`;
  const waiting = tokens.find(
    ({ timers, child, each }) => timers.length > 0 || child !== undefined || each !== undefined,
  );
  return waiting === undefined ? undefined : `it is ${status}, and token ${waiting.tokenId} still waits.`;
}

/** Of an instance in which nothing will happen by itself: a token that nothing from outside could move either. */
export function restFault(machine: Machine, snapshot: Snapshot): string | undefined {
  if (snapshot.status !== "active") return undefined;
  const stuck = snapshot.tokens.find((token) => !waitsForSomething(machine, snapshot, token));
  return stuck === undefined
    ? undefined
    : `token ${stuck.tokenId} in "${stuck.stateId}" (${stuck.phase}) waits for nothing that has a name.`;
}

function waitsForSomething(machine: Machine, snapshot: Snapshot, token: Token): boolean {
  if (token.phase === "ended" || token.phase === "inside") return true;
  const state = machine.states.get(token.stateId);
  if (state === undefined || token.phase !== "settled") return false;
  if (state.kind === "join")
    return snapshot.tokens.some(
      (other) => other.scopeId === token.scopeId && other.stateId !== token.stateId,
    );
  const around = [state, ...state.ancestors.flatMap((stateId) => machine.states.get(stateId) ?? [])];
  return around.some(({ transitions }) =>
    transitions.some(({ triggers }) => triggers.some(({ kind }) => kind === "event" || kind === "signal")),
  );
}
