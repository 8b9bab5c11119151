/** Error routes: a transition from the failed state that names `error` or `error.<code>` beats every strategy. */
import type { JsonObject } from "../../json/json.js";
import type { Failure } from "../../message/failure.js";
import type { Token } from "../../model/snapshot.js";
import { advanceAgenda } from "../actions/tries.js";
import { selectErrorRoute } from "../transition/select.js";
import { takeTransition } from "../transition/take.js";
import { record, type Turn } from "../turn.js";
import { errorDataOf, rememberError } from "./abort.js";
import { countAutomaticStep } from "./automatic-limit.js";

/** Takes the error route of the failed state, if it has one; `beforehand` runs first when it does. */
export function takeErrorRoute(
  turn: Turn,
  token: Token,
  failure: Failure,
  beforehand: () => void = () => {},
): boolean {
  const errorData = errorDataOf(turn, token, failure);
  const run = token.agenda?.running;
  const data: JsonObject = { ...errorData };
  const selection = selectErrorRoute(turn, token, failure.code, data);
  if (selection.kind === "faulty") {
    record(turn, "decision", {
      state: token.stateId,
      faulty: selection.transition.transitionId,
      message: selection.message,
    });
  }
  if (selection.kind !== "enabled") return false;
  beforehand();
  rememberError(turn, errorData);
  // A route that leads back to what fails would spin within this very command.
  if (!countAutomaticStep(turn, token, selection.transition)) return true;
  takeTransition(turn, selection.token, selection.transition, {
    origin: "failure",
    eventId: `error.${failure.code}`,
    actor: "system",
    eventData: {},
    variables: {},
    errorData: data,
  });
  // A route that leaves the token where it is has dealt with the failure: the token goes on without the action.
  if (run?.progress === "failed" && token.agenda?.running === run) advanceAgenda(token);
  return true;
}
