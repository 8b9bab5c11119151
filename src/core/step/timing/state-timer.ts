import { formatInstant } from "../../instant.js";
import type { StateModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import { record, setTimer, type Turn } from "../turn.js";

/** Begins the time of a state that has a timeout, from now. */
export function setStateTimeout(turn: Turn, token: Token, { timeout }: StateModel): void {
  if (timeout === undefined) return;
  // An id of a transition never begins so.
  const timerId = `${token.tokenId}.${token.visit.ordinal}.~timeout`;
  const dueAtMs = timeout.after.addTo(turn.nowMs);
  const dueAt = formatInstant(dueAtMs);
  token.timers = [...token.timers, { timerId, transitionId: "", eventId: "", dueAt, isTimeout: true }];
  setTimer(turn, timerId, dueAtMs);
  record(turn, "timer-set", { timerId, dueAt });
}
