/**
 * Reconciling: an action asks the other side what became of one of unknown outcome, and decides about that.
 *
 * - answered as it should be: the action was done, and this is its response
 * - its condition is false, it is answered 404 or 410, or a function gives nothing: the try did not happen
 * - anything else, when its own tries are used up: still unknown, and an incident holds the token
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import type { Json } from "../../json/json.js";
import type { Failure } from "../../message/failure.js";
import type { Response } from "../../message/response.js";
import type { ActionModel } from "../../model/machine.js";
import type { ActionOutcome, ActionRun, Token } from "../../model/snapshot.js";
import { closeRecord, currentRecord, openRecord } from "../actions/action-records.js";
import { actionScope } from "../actions/action-scope.js";
import { actionNamed } from "../actions/agenda.js";
import {
  channelOf,
  evaluationFailure,
  keepResponse,
  renderRequest,
  sendTry,
  startRun,
} from "../actions/tries.js";
import type { Trouble } from "../failure/trouble.js";
import { record, type Turn } from "../turn.js";

/** What is to be decided next, and about which run. */
export interface Decided {
  readonly run: ActionRun;
  readonly failure: Failure | undefined;
}

/** Statuses that say: there is no such thing. */
const NOTHING_THERE = new Set([404, 410]);

/** Asks about a run of unknown outcome, as a run of its own. Gives the failure when it cannot even be asked. */
export function ask(turn: Turn, token: Token, run: ActionRun, reconcile: ActionModel): Decided | undefined {
  openRecord(turn, token, { actionId: reconcile.actionId, phase: "reconciliation" });
  const asking = startRun(turn, token, reconcile);
  asking.asksAbout = run;
  try {
    if (reconcile.condition !== undefined && !reconcile.condition.holds(actionScope(turn, token))) {
      return { run: asking, failure: notAsked(reconcile) };
    }
    asking.request = renderRequest(turn, token, reconcile, asking);
  } catch (error) {
    return { run: asking, failure: evaluationFailure(reconcile, error) };
  }
  sendTry(turn, token, reconcile, asking, channelOf(reconcile));
  record(turn, "action-started", { actionId: asking.actionId, key: asking.key, asksAbout: run.key });
  return undefined;
}

function notAsked({ actionId }: ActionModel): Failure {
  const message = `Action "${actionId}": its condition does not hold, so nobody was asked`;
  return { code: "ACTION_FAILED", message, isFinal: true };
}

/** The other side has answered. */
export function weighAnswer(turn: Turn, token: Token, asking: ActionRun, response: Response): Decided {
  const reconcile = actionNamed(turn, asking.actionId);
  let isDone: boolean;
  try {
    isDone = saysDone(turn, token, reconcile, response);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { run: asking, failure: evaluationFailure(reconcile, error) };
  }
  const run = endAsking(turn, token, asking, { status: "completed", result: response.body });
  if (!isDone) return { run, failure: didNotHappen(asking, run) };
  const failure = keepResponse(turn, token, actionNamed(turn, run.actionId), response);
  if (failure === undefined) return { run, failure };
  run.isAsked = true;
  return { run, failure: { ...failure, isUnknown: true, response } };
}

function saysDone(turn: Turn, token: Token, reconcile: ActionModel, response: Response): boolean {
  if (reconcile.kind === "function") return response.body !== null;
  const { responseCondition } = reconcile;
  if (responseCondition === undefined) return true;
  return responseCondition.holds(actionScope(turn, token, { response: response as unknown as Json }));
}

/** The tries of the question are used up. */
export function concludeAsking(turn: Turn, { token, run: asking, failure }: Trouble): Decided {
  const isNothing = failure.responseStatus !== undefined && NOTHING_THERE.has(failure.responseStatus);
  const { code, message } = failure;
  const run = endAsking(
    turn,
    token,
    asking,
    isNothing ? { status: "completed" } : { status: "failed", error: { code, message } },
  );
  if (isNothing) return { run, failure: didNotHappen(asking, run) };
  run.isAsked = true;
  const doubt = run.doubt ?? failure;
  return {
    run,
    failure: { ...doubt, isUnknown: true, message: `${doubt.message}; ${decapitalised(message)}` },
  };
}

/** Closes what is known of the question, and gives the run that it was about, which has its place back. */
function endAsking(turn: Turn, token: Token, asking: ActionRun, outcome: ActionOutcome): ActionRun {
  const { actionId, tries, asksAbout } = asking;
  if (asksAbout === undefined || token.agenda === undefined) {
    throw new Error(`Broken invariant: action "${actionId}" asks about nothing.`);
  }
  closeRecord(turn, currentRecord(token, actionId), outcome);
  const code = outcome.error?.code;
  if (code === undefined) record(turn, "action-completed", { actionId });
  else record(turn, "action-failed", { actionId, code, tries });
  const run: ActionRun = { ...asksAbout };
  token.agenda.running = run;
  return run;
}

/** A failed try like others: it counts, and the next one is sent under the same key. */
function didNotHappen(asking: ActionRun, { actionId, doubt }: ActionRun): Failure {
  const why = doubt === undefined ? "" : ` (${doubt.message})`;
  return {
    code: doubt === undefined || doubt.code === "OUTCOME_UNKNOWN" ? "ACTION_FAILED" : doubt.code,
    message: `Action "${actionId}" was not done, "${asking.actionId}" found out${why}`,
    isFinal: false,
  };
}

function decapitalised(sentence: string): string {
  return sentence.replace(/^Action /, "action ");
}
