/** Visits: each stay of a token in a state, from its entry to its exit; a closed one goes to the history for good. */
import { currentStateData } from "../../data/data-rules.js";
import type { Token, TriggerInfo, Visit } from "../../model/snapshot.js";
import { FIRST_TOKEN } from "../../model/snapshot.js";
import { record, stateNamed, type Turn } from "../turn.js";

export function openVisit(turn: Turn, token: Token, stateId: string, trigger: TriggerInfo): Visit {
  const visit: Visit = {
    ordinal: turn.draft.counters.visits,
    state: stateId,
    enteredAt: turn.nowText,
    actor: trigger.actor,
    actions: [],
  };
  turn.draft.counters.visits += 1;
  if (token.tokenId !== FIRST_TOKEN) visit.token = token.tokenId;
  if (trigger.transitionId !== undefined) visit.transitionId = trigger.transitionId;
  if (trigger.event !== undefined) visit.event = trigger.event;
  return visit;
}

/** Closes the open visit. A new token that has done nothing on its way has made none. */
export function closeVisit(turn: Turn, token: Token): void {
  if (token.isNew === true && token.visit.actions.length === 0) return;
  const state = stateNamed(turn.machine, token.stateId);
  const {
    ordinal,
    state: stateId,
    token: tokenId,
    enteredAt,
    transitionId,
    event,
    actor,
    actions,
  } = token.visit;
  // Written out, because spreading it was a fifth of a step's time.
  const visit: Visit = {
    ordinal,
    state: stateId,
    enteredAt,
    exitedAt: turn.nowText,
    data: currentStateData(state, turn.draft.data),
    actor,
    actions,
  };
  if (tokenId !== undefined) visit.token = tokenId;
  if (transitionId !== undefined) visit.transitionId = transitionId;
  if (event !== undefined) visit.event = event;
  turn.effects.push({ kind: "visit", visit });
  if (token.isNew !== true) record(turn, "exited", { state: token.stateId });
}
