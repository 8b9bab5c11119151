/**
 * Whose a `userTask` is (`assignee`, `candidateGroups`): who may send the events that lead on from it, and its data.
 *
 * Invariants:
 * 1. The templates see the instance as it is, never what the sender brings along.
 * 2. One that cannot be rendered, or gives no text, is nobody: what is not sure is refused.
 * 3. Nobody stands above it. `anonymous` and `system` are never an assignee.
 */
import { EvaluationError } from "../../expression/evaluation-error.js";
import type { Rejection } from "../../message/answer.js";
import type { StateModel, Template } from "../../model/machine.js";
import { expressionScope } from "../expression-scope.js";
import type { Turn } from "../turn.js";
import { isNamed } from "./four-eyes.js";

export interface Sender {
  readonly actor: string;
  readonly groups: readonly string[];
}

/** Why the sender may not send the state's events; `undefined` when the sender may, or anybody. */
export function assignmentProblem(
  turn: Turn,
  { stateId, kind, assignee, candidateGroups }: StateModel,
  sent: string,
  { actor, groups }: Sender,
): Rejection | undefined {
  if (kind !== "userTask" || (assignee === undefined && candidateGroups.length === 0)) return undefined;
  const render = (template: Template) => rendered(turn, stateId, template);
  const owner = assignee === undefined ? undefined : render(assignee);
  if (owner !== undefined && owner === actor && isNamed(actor)) return undefined;
  const candidates = candidateGroups.flatMap((group) => render(group) ?? []);
  if (candidates.some((group) => groups.includes(group))) return undefined;
  // The name itself may be data that not everybody sees.
  const ways = [
    ...(assignee === undefined ? [] : ["its assignee"]),
    ...(candidates.length === 0
      ? []
      : [`a member of ${candidates.map((group) => `"${group}"`).join(" or ")}`]),
  ];
  const who = ways.length === 0 ? "nobody, because no group of it can be told" : ways.join(" or ");
  return {
    code: "NOT_ASSIGNED",
    message: `${sent} is refused: state "${stateId}" takes it from ${who}, and "${actor}" is not. Send it as somebody who is.`,
  };
}

function rendered(turn: Turn, stateId: string, template: Template): string | undefined {
  try {
    const value = template.render(expressionScope(turn, { stateId }));
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
