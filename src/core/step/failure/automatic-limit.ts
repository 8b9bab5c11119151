import type { TransitionModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import type { Turn } from "../turn.js";
import { openIncident } from "./incidents.js";

/** Steps that one command may cause by itself: automatic transitions and error routes. */
export const AUTOMATIC_LIMIT = 100;

/** Counts a step that nobody asked for; past the limit it opens an incident that holds the token, and gives false. */
export function countAutomaticStep(turn: Turn, token: Token, transition: TransitionModel): boolean {
  turn.automaticSteps += 1;
  if (turn.automaticSteps <= AUTOMATIC_LIMIT) return true;
  openIncident(turn, token, {
    code: "AUTOMATIC_LIMIT",
    message: `More than ${AUTOMATIC_LIMIT} automatic steps in one command; the next would have been transition "${transition.transitionId}".`,
    transitionId: transition.transitionId,
    suspends: true,
  });
  return false;
}
