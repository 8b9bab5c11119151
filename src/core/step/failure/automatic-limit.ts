import type { TransitionModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import type { Turn } from "../turn.js";
import { openIncident } from "./incidents.js";

/** Steps that one command may cause by itself: automatic transitions and error routes. */
export const AUTOMATIC_LIMIT = 100;

/** Tokens at which an instance stops to make more by itself: every step looks at all of them. */
export const TOKEN_LIMIT = 250;

/** Counts a step that nobody asked for; past the limit it opens an incident that holds the token, and gives false. */
export function countAutomaticStep(turn: Turn, token: Token, transition: TransitionModel): boolean {
  if (turn.draft.tokens.length > TOKEN_LIMIT) {
    turn.automaticSteps = AUTOMATIC_LIMIT + 1;
    openIncident(turn, token, {
      code: "LIMIT_EXCEEDED",
      message: `The instance has ${turn.draft.tokens.length} tokens, more than ${TOKEN_LIMIT}; the next automatic step would have been transition "${transition.transitionId}".`,
      transitionId: transition.transitionId,
      suspends: true,
    });
    return false;
  }
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
