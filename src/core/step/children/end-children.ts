/** Children that have ended: what they bring, and when the state is done. */
import { EvaluationError } from "../../expression/evaluation-error.js";
import { MAX_DATA_BYTES } from "../../json/check-json.js";
import type { Json, JsonObject } from "../../json/json.js";
import type { ChildDoneCommand, ChildOutcome } from "../../message/command.js";
import type { Failure } from "../../message/failure.js";
import type { ChildModel } from "../../model/machine.js";
import type { EachRun, Token } from "../../model/snapshot.js";
import { setProperties } from "../actions/assign.js";
import { expressionScope } from "../expression-scope.js";
import { handleStateFailure } from "../failure/handle-failure.js";
import { record, stateOf, type Turn } from "../turn.js";
import { keepChild } from "../undo/compensation-log.js";
import { cancelChildren } from "./cancel-children.js";
import { resultBytes } from "./list-bytes.js";

/** Takes what children tell; the tokens whose lists go on are handed back, for further children to start. */
export function endChildren(turn: Turn, command: ChildDoneCommand): readonly Token[] {
  const goingOn = new Set<Token>();
  for (const { key, outcome } of command.children) {
    const token = turn.draft.tokens.find((candidate) => waitsFor(candidate, key));
    const model = token === undefined ? undefined : stateOf(turn, token).child;
    if (token === undefined || model === undefined) {
      record(turn, "late-result", { key, outcome: outcome.outcome });
      continue;
    }
    record(turn, "child-ended", { key, outcome: outcome.outcome });
    if (token.each === undefined) endChild(turn, token, model, outcome);
    else if (endOneOfMany(turn, token, model, token.each, key, outcome)) goingOn.add(token);
  }
  return [...goingOn].filter((token) => token.each !== undefined);
}

function waitsFor(token: Token, key: string): boolean {
  return token.child?.key === key || token.each?.running.some((child) => child.key === key) === true;
}

function endChild(turn: Turn, token: Token, model: ChildModel, outcome: ChildOutcome): void {
  const childId = token.child?.childId ?? "";
  delete token.child;
  if (outcome.isUndoable === true) keepChild(turn, token, childId);
  if (outcome.outcome === "failed") {
    fail(turn, token, outcome.code, outcome.message);
    return;
  }
  const values = outputOf(turn, token, model, outcome.data);
  if (values !== undefined) finish(turn, token, values);
}

/** True when the list goes on. */
function endOneOfMany(
  turn: Turn,
  token: Token,
  model: ChildModel,
  run: EachRun,
  key: string,
  outcome: ChildOutcome,
): boolean {
  const child = run.running.find((candidate) => candidate.key === key);
  if (child === undefined) return false;
  const isFailed = outcome.outcome === "failed";
  const running = run.running.filter((other) => other !== child);
  token.each = { ...run, running };
  if (outcome.isUndoable === true) keepChild(turn, token, child.childId);
  const output = isFailed ? null : outputOf(turn, token, model, outcome.data);
  if (output === undefined) return false;
  const results = [...run.results];
  while (results.length <= child.index) results.push(null);
  results[child.index] = output;
  const after: EachRun = {
    ...run,
    running,
    failed: run.failed + (isFailed ? 1 : 0),
    results,
    bytes: run.bytes + resultBytes(model, output),
  };
  token.each = after;
  if (isFailed && after.failed > (model.each?.tolerate ?? 0)) {
    cancelChildren(turn, token, "another item failed");
    fail(turn, token, outcome.code, `Item ${child.index}: ${outcome.message}`);
    return false;
  }
  if (after.bytes > MAX_DATA_BYTES) {
    fail(turn, token, "LIMIT_EXCEEDED", `Item ${child.index}: ${TOO_LARGE}`);
    return false;
  }
  if (after.running.length > 0 || after.next < after.count) return true;
  finishEach(turn, token, model, after);
  return false;
}

const TOO_LARGE = `with its results the data of the instance would be larger than ${MAX_DATA_BYTES / 1024} KiB`;

/** All items are over: each property of `output` becomes the list of what the items gave for it. */
export function finishEach(turn: Turn, token: Token, model: ChildModel, { count, results }: EachRun): void {
  delete token.each;
  const lists: JsonObject = Object.fromEntries(
    model.output.map(({ property }) => [
      property,
      Array.from({ length: count }, (_, index) => resultOf(results[index], property)),
    ]),
  );
  finish(turn, token, lists);
}

function resultOf(result: Json | undefined, property: string): Json {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return null;
  const values = result as JsonObject;
  return Object.hasOwn(values, property) ? (values[property] ?? null) : null;
}

/** What `output` makes of a child's data; undefined when it cannot be made, and the failure was handled. */
function outputOf(turn: Turn, token: Token, model: ChildModel, data: JsonObject): JsonObject | undefined {
  const scope = expressionScope(turn, { stateId: token.stateId, response: data });
  try {
    return Object.fromEntries(
      model.output.map(({ property, template }) => [property, template.render(scope)]),
    );
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    fail(turn, token, "TEMPLATE_ERROR", `What the child brought cannot be kept: ${error.message}`);
    return undefined;
  }
}

function finish(turn: Turn, token: Token, values: JsonObject): void {
  const problem = setProperties(turn, token, values);
  if (problem !== undefined) {
    fail(turn, token, problem.code, problem.message);
    return;
  }
  // Actions of an internal transition that are under way are not cut short: it settles when they are over.
  if (token.phase !== "inside") return;
  token.phase = "settled";
  turn.unsettled.add(token.tokenId);
  turn.mayTakeKept = true;
}

/** As a failed action would: an error route, from the state outwards, else the machine's strategies. */
function fail(turn: Turn, token: Token, code: string, message: string): void {
  cancelChildren(turn, token, "its state has failed");
  const failure: Failure = { code, message, isFinal: true };
  if (turn.draft.suspension === undefined) handleStateFailure(turn, token, failure);
  else token.heldFailure = failure;
}

/** What an operator's hold has put off: decides about the failure now that the instance goes on. */
export function resumeChildFailure(turn: Turn, token: Token): void {
  const { heldFailure } = token;
  if (heldFailure === undefined) return;
  delete token.heldFailure;
  handleStateFailure(turn, token, heldFailure);
}
