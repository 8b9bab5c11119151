/**
 * Children: instances that a state runs, one (`subMachine`) or one for each item of a list (`forEach`).
 *
 * Invariants:
 * 1. The token is `inside` until the last child has told how it ended, then settles, or fails as an action would.
 * 2. At most `concurrency` children of a list run at once; the snapshot knows those, a number for the rest, and the results.
 * 3. Results stand in the order of the items, whatever the order in which the children end.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import type { ChildModel, EachModel } from "../../model/machine.js";
import type { ChildRun, EachRun, Token } from "../../model/snapshot.js";
import { expressionScope } from "../expression-scope.js";
import { handleStateFailure } from "../failure/handle-failure.js";
import { emitLink, record, stateOf, type Turn } from "../turn.js";
import { isHeldFull, keepsLog } from "../undo/compensation-log.js";
import { cancelChildren } from "./cancel-children.js";
import { finishEach } from "./end-children.js";
import { listBytesBefore } from "./list-bytes.js";

/** The state's entry actions are done: its child, or the first of its children, are started. */
export function startChildren(turn: Turn, token: Token, model: ChildModel): void {
  token.phase = "inside";
  turn.unsettled.delete(token.tokenId);
  try {
    if (model.each === undefined)
      token.child = startChild(turn, model, inputOf(turn, token, model, undefined));
    else startEach(turn, token, model, model.each);
  } catch (error) {
    failToStart(turn, token, error);
  }
}

/** Starts as many further children of a list as may run at once. Throws `EvaluationError`. */
function startFurther(turn: Turn, token: Token, model: ChildModel, each: EachModel): void {
  const run = token.each;
  if (run === undefined) return;
  const items = itemsOf(turn, token, each);
  const end = Math.min(run.count, run.next + Math.max(each.concurrency - run.running.length, 0));
  // All are rendered before any is started: one that cannot be must not leave others that nobody knows of.
  const inputs: JsonObject[] = [];
  for (let index = run.next; index < end; index += 1) {
    inputs.push(inputOf(turn, token, model, { [each.as]: items[index] ?? null }));
  }
  const started = inputs.map((input, at) => ({ ...startChild(turn, model, input), index: run.next + at }));
  token.each = { ...run, running: [...run.running, ...started], next: end };
}

/** Starts further children of a token's list. */
export function goOnWithList(turn: Turn, token: Token): void {
  const { child } = stateOf(turn, token);
  if (child?.each === undefined || isHeldFull(turn, token)) return;
  try {
    startFurther(turn, token, child, child.each);
  } catch (error) {
    failToStart(turn, token, error);
  }
}

function failToStart(turn: Turn, token: Token, error: unknown): void {
  if (!(error instanceof EvaluationError)) throw error;
  cancelChildren(turn, token, "its state has failed");
  handleStateFailure(turn, token, {
    code: "TEMPLATE_ERROR",
    message: `The children of state "${token.stateId}" cannot be started: ${error.message}`,
    isFinal: true,
  });
}

function startEach(turn: Turn, token: Token, model: ChildModel, each: EachModel): void {
  const { length } = itemsOf(turn, token, each);
  const bytes = listBytesBefore(turn, model);
  const run: EachRun = { count: length, next: 0, running: [], failed: 0, results: [], bytes };
  token.each = run;
  if (length === 0) finishEach(turn, token, model, run);
  else startFurther(turn, token, model, each);
}

function itemsOf(turn: Turn, token: Token, each: EachModel): readonly Json[] {
  const items = each.items.render(expressionScope(turn, { stateId: token.stateId }));
  if (Array.isArray(items)) return items as readonly Json[];
  throw new EvaluationError(`"items" must give a list.`);
}

function inputOf(turn: Turn, token: Token, model: ChildModel, item: JsonObject | undefined): JsonObject {
  const scope = expressionScope(turn, {
    stateId: token.stateId,
    ...(item === undefined ? {} : { data: item }),
  });
  const input = model.input === undefined ? (item ?? {}) : model.input.render(scope);
  if (!isJsonObject(input)) throw new EvaluationError(`"input" must give an object.`);
  return input;
}

function startChild(turn: Turn, model: ChildModel, input: JsonObject): ChildRun {
  const { draft } = turn;
  const childId = `${draft.instanceId}.${draft.seq}.${turn.nextOrdinal}`;
  const key = emitLink(turn, "child", {
    kind: "start-child",
    childId,
    stateMachineId: model.stateMachineId,
    data: input,
    ...(model.version === undefined ? {} : { version: model.version }),
    ...(keepsLog(turn) ? { mayUndo: true } : {}),
  });
  record(turn, "child-started", { childId, stateMachineId: model.stateMachineId });
  return { childId, key };
}
