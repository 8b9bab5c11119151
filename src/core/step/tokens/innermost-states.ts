import { stateOf, type Turn } from "../turn.js";
import { tokensIn, tokensInside } from "./token-tree.js";

/** Where an active scope is, in document order, each state once. */
export function innermostStates(turn: Turn, scopeId: string): string[] {
  const { draft } = turn;
  const inside = tokensIn(draft, scopeId)
    .flatMap((token) => [token, ...tokensInside(draft, token)])
    .filter(({ isNew }) => isNew !== true);
  const around = new Set(inside.flatMap((token) => stateOf(turn, token).ancestors));
  return [...new Set(inside.map(({ stateId }) => stateId))].filter((stateId) => !around.has(stateId));
}
