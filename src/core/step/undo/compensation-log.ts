/**
 * The log of what was completed and can be undone, in the order in which it really ran, over all tokens and scopes.
 *
 * Invariant: what no rollback can reach any more is not kept, so the log of a machine that rolls back no further than one
 * transition does not grow with its history.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import type { ActionModel } from "../../model/machine.js";
import type { Compensation, Mark, PlannedAction, Snapshot, Token } from "../../model/snapshot.js";
import { actionScope } from "../actions/action-scope.js";
import type { Turn } from "../turn.js";
import { lineageOf } from "./mark.js";

/** Keeps what undoes an action that was just completed. What it sends is rendered now, with the data as it is. */
export function keepCompensation(
  turn: Turn,
  token: Token,
  { actionId, compensate }: ActionModel,
  response: Json | undefined,
): void {
  if (compensate === undefined || token.phase === "compensating") return;
  if (!keepsLog(turn) || (turn.hadEnded && turn.draft.parent?.mayUndo !== true)) return;
  keep(turn, token, {
    actionId: compensate.actionId,
    undoes: actionId,
    ...renderRequest(turn, token, compensate, response),
  });
}

/** Keeps that a child instance has ended, or was cancelled, and has done what it can undo itself. */
export function keepChild(turn: Turn, token: Token, childId: string): void {
  if (keepsLog(turn)) keep(turn, token, { undoes: childId });
}

/** Whether what is done can be undone: by the instance's own rollback, or by that of its parent. */
export function keepsLog({ machine, draft }: Turn): boolean {
  return machine.canRollBack || (machine.canBeUndone && draft.parent?.mayUndo === true);
}

function keep(
  turn: Turn,
  token: Token,
  entry: Pick<Compensation, "actionId" | "undoes" | "request" | "problem">,
): void {
  const { draft } = turn;
  const number = draft.counters.compensations ?? 0;
  draft.counters.compensations = number + 1;
  const kept: Compensation = {
    ...entry,
    number,
    tokenId: token.tokenId,
    lineage: lineageOf(turn, token),
    state: token.stateId,
    visit: token.visit.ordinal,
    seq: draft.seq,
  };
  // What is done after everything was undone stays, and somebody has to know.
  if (draft.undo !== undefined && draft.undo.stage !== "asked") kept.isCutShort = true;
  draft.compensations = [...(draft.compensations ?? []), kept];
}

function renderRequest(
  turn: Turn,
  token: Token,
  { request }: ActionModel,
  response: Json | undefined,
): { request: JsonObject } | { problem: string } {
  try {
    const rendered = request.render(actionScope(turn, token, response === undefined ? {} : { response }));
    return { request: isJsonObject(rendered) ? rendered : {} };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { problem: error.message };
  }
}

/** Takes entries out of the log: they are undone now. */
export function removeCompensations({ draft }: Turn, gone: readonly Compensation[]): void {
  const numbers = new Set(gone.map(({ number }) => number));
  setLog(
    draft,
    (draft.compensations ?? []).filter(({ number }) => !numbers.has(number)),
  );
}

/** Forgets what no mark reaches any more. Whoever can go back to the start, or is undone by its parent, keeps all. */
export function forgetUnreachable(turn: Turn): void {
  const { draft, machine } = turn;
  if (draft.compensations === undefined || machine.rollbackTargets.has("start")) return;
  if (draft.parent?.mayUndo === true) return;
  const marks: (Mark | undefined)[] = [
    ...draft.tokens.flatMap(({ cameFrom, agenda }) => [cameFrom, agenda?.transition?.before]),
    ...Object.values(draft.returns ?? {}),
  ];
  const oldest = Math.min(...marks.flatMap((mark) => mark?.compensations ?? []), Number.MAX_SAFE_INTEGER);
  setLog(
    draft,
    draft.compensations.filter(
      ({ number, incidentId, isCutShort }) =>
        number >= oldest || incidentId !== undefined || isCutShort === true,
    ),
  );
}

/** Puts back what was tried and has failed: its incident decides. */
export function keepFailed({ draft }: Turn, entry: Compensation, incidentId: string): void {
  setLog(draft, [...(draft.compensations ?? []), { ...entry, incidentId }]);
}

/** Puts back what a rollback did not come to, in the order in which it ran. */
export function keepCutShort({ draft }: Turn, planned: readonly PlannedAction[]): void {
  const rest = planned.flatMap(({ undo }) => (undo === undefined ? [] : [{ ...undo, isCutShort: true }]));
  if (rest.length === 0) return;
  const log = [...(draft.compensations ?? []), ...rest];
  setLog(
    draft,
    log.sort((one, other) => one.number - other.number),
  );
}

/** What a parent's word reaches, in the order in which it ran: all but what was tried and has failed. */
export function undoableOnAsking({ compensations = [], incidents }: Snapshot): readonly Compensation[] {
  const untried = new Set(
    incidents.filter(({ code }) => code === "NOT_COMPENSATED").map(({ incidentId }) => incidentId),
  );
  return compensations.filter(({ incidentId }) => incidentId === undefined || untried.has(incidentId));
}

function setLog(draft: Turn["draft"], log: Compensation[]): void {
  if (log.length > 0) draft.compensations = log;
  else delete draft.compensations;
}
