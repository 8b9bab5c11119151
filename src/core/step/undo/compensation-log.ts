/**
 * The log of what was completed and can be undone, in the order in which it really ran, over all tokens and scopes.
 *
 * Invariant: what no rollback can reach any more is not kept, so the log of a machine that rolls back no further than one
 * transition does not grow with its history. Where one can go back to the start it may: an incident holds the instance each
 * time that another `MAX_ENTRIES` or `MAX_BYTES` have come together, long before its snapshot is too large to work with.
 * Nothing of it is ever dropped: whoever retries lets it grow.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { canonicalBytes } from "../../json/canonical-size.js";
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import type { Compensation } from "../../model/compensation.js";
import type { ActionModel, PropertyTemplate } from "../../model/machine.js";
import type { Mark, PlannedAction, Snapshot, Token } from "../../model/snapshot.js";
import { actionScope } from "../actions/action-scope.js";
import { openIncident } from "../failure/incidents.js";
import { hasEnded, type Turn } from "../turn.js";
import { lineageOf } from "./mark.js";

/** After so many entries, or so many bytes of requests, somebody is asked whether it may go on. */
const MAX_ENTRIES = 1_000;
const MAX_BYTES = 512 * 1024;

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

/**
 * A rollback has found out that an action was done after all: what undoes it comes next. What the action would have left in
 * the data is seen by that request alone.
 */
export function undoNext(turn: Turn, token: Token, action: ActionModel, response: Json | undefined): void {
  const { agenda } = token;
  const { compensate, actionId } = action;
  if (agenda === undefined || compensate === undefined) return;
  const undo: Compensation = {
    actionId: compensate.actionId,
    undoes: actionId,
    ...renderRequest(turn, token, compensate, response, action.output),
    ...placeInLog(turn, token),
  };
  agenda.actions.splice(agenda.next + 1, 0, { actionId: compensate.actionId, phase: "compensation", undo });
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
  entry: Pick<Compensation, "actionId" | "undoes" | "request" | "bytes" | "problem">,
): void {
  const { draft } = turn;
  const kept: Compensation = { ...entry, ...placeInLog(turn, token) };
  // What is done after everything was undone stays, and somebody has to know.
  if (draft.undo !== undefined && draft.undo.stage !== "asked") kept.isCutShort = true;
  const before = fullness(draft);
  draft.compensations = [...(draft.compensations ?? []), kept];
  if (fullness(draft) > before) holdFull(turn, token);
}

/** The next number, and where the action ran. */
function placeInLog(
  turn: Turn,
  token: Token,
): Pick<Compensation, "number" | "tokenId" | "lineage" | "state" | "visit" | "seq"> {
  const { draft } = turn;
  const number = draft.counters.compensations ?? 0;
  draft.counters.compensations = number + 1;
  return {
    number,
    tokenId: token.tokenId,
    lineage: lineageOf(turn, token),
    state: token.stateId,
    visit: token.visit.ordinal,
    seq: draft.seq,
  };
}

/** How often the log has come to its limits. */
function fullness({ compensations = [] }: Snapshot): number {
  const bytes = compensations.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0);
  return Math.floor(Math.max(compensations.length / MAX_ENTRIES, bytes / MAX_BYTES));
}

/** Actions that follow in the token's list wait too. After the end nothing waits, and what is added is little. */
function holdFull(turn: Turn, token: Token): void {
  const { draft } = turn;
  if (hasEnded(draft)) return;
  if (token.agenda !== undefined) token.agenda.isHeld = true;
  openIncident(turn, token, {
    code: "LIMIT_EXCEEDED",
    message: `A rollback would have ${draft.compensations?.length ?? 0} things to undo, all of which are kept: does it run in circles? Retry lets it go on, cancel ends it.`,
    suspends: true,
  });
}

/** It is held because of its log: its list starts no further children. */
export function isHeldFull({ draft }: Turn, { tokenId }: Token): boolean {
  return draft.incidents.some(
    (incident) => incident.tokenId === tokenId && incident.suspends && incident.code === "LIMIT_EXCEEDED",
  );
}

function renderRequest(
  turn: Turn,
  token: Token,
  { request }: ActionModel,
  response: Json | undefined,
  output: readonly PropertyTemplate[] = [],
): { request: JsonObject; bytes: number } | { problem: string } {
  try {
    const scope = actionScope(turn, token, response === undefined ? {} : { response });
    const left = output.map(({ property, template }) => [property, template.render(scope)] as const);
    const data = { ...turn.draft.data, ...Object.fromEntries(left) };
    const rendered = request.render(
      left.length === 0 ? scope : { ...scope, roots: { ...scope.roots, data } },
    );
    const known = isJsonObject(rendered) ? rendered : {};
    return { request: known, bytes: canonicalBytes(known) };
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
