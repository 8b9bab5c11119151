/** Nobody knows, and nothing can find out by itself: people decide. */
import type { ActionModel } from "../../model/machine.js";
import type { ActionRun, Incident, Token } from "../../model/snapshot.js";
import { currentRecord } from "../actions/action-records.js";
import { advanceAgenda, finishAction, sendTry } from "../actions/tries.js";
import { closeIncident, openIncident } from "../failure/incidents.js";
import type { Trouble } from "../failure/trouble.js";
import { hasEnded, record, type Turn } from "../turn.js";
import { ask, type Decided } from "./reconcile.js";

/** An incident holds the token where it is. After the end of the instance it only asks, and the other actions go on. */
export function holdInDoubt(turn: Turn, { token, action, run, failure }: Trouble): void {
  openIncident(turn, token, {
    code: "OUTCOME_UNKNOWN",
    message: `${failure.message}. Whether it was done is not known: ${waysOut(action, run)}`,
    actionId: run.actionId,
    key: run.key,
    tries: run.tries,
    ...(failure.responseStatus === undefined ? {} : { responseStatus: failure.responseStatus }),
    ...(failure.response === undefined ? {} : { response: failure.response }),
    suspends: true,
  });
  if (!hasEnded(turn.draft)) return;
  token.unsure = [...(token.unsure ?? []), { ...run }];
  advanceAgenda(token);
}

function waysOut({ reconcile }: ActionModel, { key }: ActionRun): string {
  const retry =
    reconcile === undefined
      ? "retry sends it again under the same key"
      : `retry has "${reconcile.actionId}" ask again`;
  return `look for its key ${key} at the other side; ${retry}, skip takes it as done, cancel ends the instance.`;
}

/** An operator's retry: the question once more; where nothing asks, the operator's word sends it again. */
export function askAgain(turn: Turn, token: Token, run: ActionRun, action: ActionModel): Decided | undefined {
  delete run.isAsked;
  if (action.reconcile !== undefined) return ask(turn, token, run, action.reconcile);
  run.round = 0;
  run.triesInRound = 0;
  record(turn, "action-sent-again", { actionId: run.actionId, key: run.key, try: run.tries + 1 });
  sendTry(turn, token, action, run);
  return undefined;
}

/** An operator's skip: it was done, as far as the instance is concerned, and can be undone like what was. */
export function takeAsDone(turn: Turn, token: Token, run: ActionRun, action: ActionModel): void {
  finishAction(turn, token, action, currentRecord(token, run.actionId), { takenAsDone: true });
}

/** What an incident of an ended instance asks about. */
export function unsureRun(token: Token | undefined, incident: Incident): ActionRun | undefined {
  if (incident.code !== "OUTCOME_UNKNOWN" || incident.suspends) return undefined;
  return token?.unsure?.find(({ key }) => key === incident.key);
}

/** An operator's retry after the end: it is taken up once more, after the other last actions. */
export function takeUpAgain(turn: Turn, token: Token, run: ActionRun, incident: Incident): void {
  closeIncident(turn, incident, "retried");
  forget(token, run);
  const { isAsked: _asked, ...settles } = run;
  token.agenda ??= { actions: [], next: 0, isRepeated: true };
  token.agenda.actions.push({ actionId: run.actionId, phase: "entry", settles });
  token.phase = "entering";
}

export function forget(token: Token, run: ActionRun): void {
  const left = (token.unsure ?? []).filter((other) => other !== run);
  if (left.length > 0) token.unsure = left;
  else delete token.unsure;
}
