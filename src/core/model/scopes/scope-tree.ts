/**
 * The tree of a definition's scopes, flattened: every state with its scope, its place in the document order and what is
 * around it, and every transition with the scope in whose list it stands. The depth is bounded by what `validate` allows.
 */
import type { CanonicalState, CanonicalTransition } from "../../definition/definition-document.generated.js";
import { ROOT_SCOPE } from "../machine.js";

export interface PlacedState {
  readonly state: CanonicalState;
  readonly scopeId: string;
  readonly order: number;
  /** Innermost first. */
  readonly ancestors: readonly string[];
  readonly innerScopeIds: readonly string[];
}

export interface PlacedScope {
  readonly scopeId: string;
  readonly ownerId: string | undefined;
  readonly isRegion: boolean;
  /** As the definition names it. */
  readonly initial: string | undefined;
  readonly states: readonly CanonicalState[];
}

export interface PlacedTransition {
  readonly transition: CanonicalTransition;
  readonly scopeId: string;
}

export interface ScopeTree {
  /** In document order, an outer state before those inside it. */
  readonly states: readonly PlacedState[];
  readonly scopes: readonly PlacedScope[];
  /** Scope by scope, an outer one before those inside it; in each in document order. */
  readonly transitions: readonly PlacedTransition[];
}

interface ScopeSource {
  readonly states?: readonly CanonicalState[];
  readonly transitions?: readonly CanonicalTransition[];
  readonly initial?: string;
}

export function scopeTreeOf(definition: ScopeSource): ScopeTree {
  const tree = {
    states: [] as PlacedState[],
    scopes: [] as PlacedScope[],
    transitions: [] as PlacedTransition[],
  };
  addScope(tree, definition, { scopeId: ROOT_SCOPE, ownerId: undefined, isRegion: false }, []);
  return tree;
}

type Growing = { [List in keyof ScopeTree]: ScopeTree[List][number][] };

function addScope(
  tree: Growing,
  source: ScopeSource,
  place: Pick<PlacedScope, "scopeId" | "ownerId" | "isRegion">,
  ancestors: readonly string[],
): void {
  const states = source.states ?? [];
  tree.scopes.push({ ...place, initial: source.initial, states });
  for (const transition of source.transitions ?? []) {
    tree.transitions.push({ transition, scopeId: place.scopeId });
  }
  for (const state of states) {
    const inner = innerScopes(state);
    tree.states.push({
      state,
      scopeId: place.scopeId,
      order: tree.states.length,
      ancestors,
      innerScopeIds: inner.map(({ scopeId }) => scopeId),
    });
    for (const { scopeId, isRegion, scope } of inner) {
      addScope(tree, scope, { scopeId, ownerId: state.stateId, isRegion }, [state.stateId, ...ancestors]);
    }
  }
}

/** A state's id has no slash in it, so these names never meet each other. */
function innerScopes(
  state: CanonicalState,
): { readonly scopeId: string; readonly isRegion: boolean; readonly scope: ScopeSource }[] {
  if (state.baseStateType === "compound") {
    return [{ scopeId: `${state.stateId}/`, isRegion: false, scope: state }];
  }
  if (state.baseStateType !== "parallel") return [];
  return (state.regions ?? []).map((region) => ({
    scopeId: `${state.stateId}/${region.regionId}`,
    isRegion: true,
    scope: region,
  }));
}
