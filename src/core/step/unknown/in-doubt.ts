/**
 * What is sent at most once, and nobody knows whether it was done.
 *
 * Invariants:
 * 1. It is never called failed, and never sent again but by its reconcile action's or an operator's word.
 * 2. Whoever calls it off leaves an incident that says so, with its key; a rollback takes it up instead, and finds out.
 */
import type { Failure } from "../../message/failure.js";
import type { TryResult } from "../../message/try-result.js";
import type { ActionRun, Agenda, PlannedAction, Token } from "../../model/snapshot.js";
import { currentRecord, markUnknown } from "../actions/action-records.js";
import { closeIncident, openIncident } from "../failure/incidents.js";
import { record, type Turn } from "../turn.js";

/** It may have been done, as far as anybody knows. */
export function isInDoubt(run: ActionRun): boolean {
  if (run.asksAbout !== undefined || run.progress === "unknown") return true;
  return run.isOnce === true && run.progress === "in-progress" && run.effect !== undefined;
}

/** A try has ended, and whether it acted is unknown. */
export function enterDoubt(turn: Turn, token: Token, run: ActionRun, failure: Failure): void {
  const { code, message } = failure;
  run.progress = "unknown";
  run.doubt = failure;
  markUnknown(turn, currentRecord(token, run.actionId), { code, message }, run.key);
  record(turn, "action-unknown", {
    actionId: run.actionId,
    try: run.tries,
    key: run.key,
    code,
    message,
    responseStatus: failure.responseStatus,
  });
}

/** What a token has under way is called off: what of it may have been done is not forgotten. */
export function leaveInDoubt(turn: Turn, token: Token): void {
  for (const { settles: run, undo, result } of doubtsOf(token)) {
    if (turn.doubts !== undefined) {
      const taken: PlannedAction = { actionId: run.actionId, phase: "compensation", settles: { ...run } };
      if (undo !== undefined) taken.undo = undo;
      if (result !== undefined) taken.result = result;
      turn.doubts.push(taken);
    } else if (run.effect !== undefined) turn.effects.push({ kind: "end-effect", ...run.effect });
    // A rollback that takes it up still waits for its result.
    delete run.effect;
    run.progress = "unknown";
    sayUnknown(turn, token, run, turn.doubts === undefined);
    if (turn.doubts === undefined && result !== undefined) hearLate(turn, run.key, result);
  }
}

interface Doubt extends Pick<PlannedAction, "undo" | "result"> {
  readonly settles: ActionRun;
}

function doubtsOf({ agenda }: Token): readonly Doubt[] {
  if (agenda === undefined) return [];
  const { running, actions, next } = agenda;
  const toSettle = actions
    .slice(running === undefined ? next : next + 1)
    .flatMap(({ settles, ...planned }) => (settles === undefined ? [] : [{ ...planned, settles }]));
  if (running === undefined || !isInDoubt(running)) return toSettle;
  const undo = actions[next]?.undo;
  return [{ settles: running.asksAbout ?? running, ...(undo === undefined ? {} : { undo }) }, ...toSettle];
}

/** What of a list that is called off has not been sent for all that anybody knows, or has failed. */
export function notInDoubt({ running, actions, next }: Agenda): readonly PlannedAction[] {
  return actions
    .slice(next)
    .filter(({ settles }, index) =>
      index === 0 && running !== undefined ? !isInDoubt(running) : settles === undefined,
    );
}

function sayUnknown(turn: Turn, token: Token, run: ActionRun, isLeft: boolean): void {
  const { code, message } = run.doubt ?? {
    code: "OUTCOME_UNKNOWN",
    message: `Action "${run.actionId}": it was called off while a try was under way`,
  };
  const known = token.visit.actions.findLast(({ actionId }) => actionId === run.actionId);
  if (known !== undefined) {
    known.completedAt = turn.nowText;
    markUnknown(turn, known, { code, message }, run.key);
  }
  if (run.doubt === undefined)
    record(turn, "action-unknown", { actionId: run.actionId, try: run.tries, key: run.key, code, message });
  if (!isLeft) return;
  openIncident(turn, token, {
    code: "OUTCOME_UNKNOWN",
    message: `${message}. Whether it was done is not known, and the instance has gone on without it: look for its key ${run.key} at the other side, then skip this incident.`,
    actionId: run.actionId,
    key: run.key,
    tries: run.tries,
    suspends: false,
  });
}

/** What was called off in doubt has been answered after all. What did not happen needs nobody any more. */
export function hearLate(turn: Turn, key: string, result: TryResult): void {
  const incident = turn.draft.incidents.find(
    (open) => open.code === "OUTCOME_UNKNOWN" && open.key === key && !open.suspends,
  );
  if (incident === undefined) return;
  if (result.outcome === "failed") {
    closeIncident(turn, incident, "it did not happen");
    return;
  }
  if (result.outcome !== "completed") return;
  incident.message = `Action "${incident.actionId ?? key}" was done, and the instance has gone on without it: undo it at the other side where it has to be undone (key ${key}), then skip this incident.`;
  turn.effects.push({ kind: "incident", incident: { ...incident } });
}
