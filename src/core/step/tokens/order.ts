/**
 * Whose turn it is. SCXML runs a microstep's exit actions, then its transition actions, then its entries; so do we, as far as
 * actions go on by themselves: one that waits for the world holds up its own token and those that come after it.
 */
import type { Token } from "../../model/snapshot.js";
import { stateNamed, stateOf, type Turn } from "../turn.js";
import { scopesOf, tokensIn } from "./token-tree.js";

/** The token that goes on next; none when all wait. */
export function nextToGoOn(turn: Turn): Token | undefined {
  const { tokens } = turn.draft;
  if (tokens.length === 1) {
    const [only] = tokens;
    return only !== undefined && canGoOn(only) ? only : undefined;
  }
  let next: { readonly token: Token; readonly rank: Rank } | undefined;
  for (const token of tokens) {
    if (!canGoOn(token) || waitsForExits(turn, token)) continue;
    const rank = rankOf(turn, token);
    if (next === undefined || isBefore(rank, next.rank)) next = { token, rank };
  }
  return next?.token;
}

/** Something of its agenda can be done now. */
function canGoOn({ agenda }: Token): boolean {
  return (
    agenda !== undefined &&
    agenda.running === undefined &&
    agenda.awaits === undefined &&
    agenda.isHeld !== true
  );
}

/** What is inside of it, or was in its way, has to be gone first. */
function waitsForExits({ draft }: Turn, token: Token): boolean {
  if (token.phase !== "leaving" && token.phase !== "exiting") return false;
  const scopeIds = scopesOf(draft, token).map(({ scopeId }) => scopeId);
  if (token.isNew === true) scopeIds.push(token.scopeId);
  return scopeIds.some((scopeId) =>
    tokensIn(draft, scopeId).some((other) => other !== token && other.phase === "exiting"),
  );
}

interface Rank {
  readonly stage: number;
  readonly place: number;
}

const EXITS = 0;
const TRANSITIONS = 1;
const ENTRIES = 2;

function rankOf(turn: Turn, token: Token): Rank {
  const { agenda } = token;
  const planned = agenda?.actions[agenda.next];
  const { order } = stateOf(turn, token);
  // Inner ones come later in the document, so the reverse order has them first.
  if (token.phase === "exiting" || planned?.phase === "exit") return { stage: EXITS, place: -order };
  if (planned?.phase === "transition" || token.phase === "acting")
    return { stage: TRANSITIONS, place: agenda?.transition?.place ?? order };
  const targetId = agenda?.transition?.targetId;
  return { stage: ENTRIES, place: targetId === undefined ? order : stateNamed(turn.machine, targetId).order };
}

function isBefore(one: Rank, other: Rank): boolean {
  return one.stage < other.stage || (one.stage === other.stage && one.place < other.place);
}
