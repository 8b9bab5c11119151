import type { StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly entry: TransitionEntry;
  readonly isUnconditional: boolean;
}

/**
 * Automatic transitions do not lead in a circle through states that wait for nothing: nobody, no time, no answer.
 * Without conditions such a circle spins for ever, which is an error; with conditions it may, which is a warning. One
 * finding for each circle, at its first transition.
 */
export const automaticCycle: Rule = ({ survey }) => {
  const edges = survey.transitions.flatMap((entry) => spinningEdges(entry, survey));
  const unconditional = edges.filter((edge) => edge.isUnconditional);
  const spinning = circles(unconditional);
  const told = new Set(spinning.flat());
  const findings = spinning.map((states) => report(states, unconditional, "error"));
  for (const states of circles(edges)) {
    if (!states.some((stateId) => told.has(stateId))) findings.push(report(states, edges, "warning"));
  }
  return findings.filter((found) => found !== undefined);
};

function spinningEdges(entry: TransitionEntry, survey: DefinitionSurvey): Edge[] {
  const { transition, isAutomatic, sourceIds } = entry;
  if (!isAutomatic || (transition.actions ?? []).some((action) => isAsynchronous(action.actionId, survey)))
    return [];
  const { condition } = transition;
  const isUnconditional =
    condition === undefined || (typeof condition === "string" && condition.trim() === "true");
  return sourceIds.flatMap((from) => {
    const to = transition.toStateId ?? from;
    const [source, target] = [survey.statesById.get(from), survey.statesById.get(to)];
    if (source === undefined || target === undefined || waits(source, survey) || waits(target, survey))
      return [];
    return [{ from, to, entry, isUnconditional: isUnconditional && transition.default !== true }];
  });
}

function waits({ state, isFinal }: StateEntry, survey: DefinitionSurvey): boolean {
  const { baseStateType, subMachine, forEach, states, regions, entryActions = [], exitActions = [] } = state;
  if (isFinal || baseStateType === "userTask" || baseStateType === "wait" || baseStateType === "join")
    return true;
  if ([subMachine, forEach, states, regions].some((part) => part !== undefined)) return true;
  return [...entryActions, ...exitActions].some((action) => isAsynchronous(action.actionId, survey));
}

/** Actions that go out and come back; the others are done in the same step. */
function isAsynchronous(actionId: string, survey: DefinitionSurvey): boolean {
  return asynchronousActions(survey).has(actionId);
}

const known = new WeakMap<DefinitionSurvey, ReadonlySet<string>>();

function asynchronousActions(survey: DefinitionSurvey): ReadonlySet<string> {
  let ids = known.get(survey);
  if (ids === undefined) {
    const inStep = new Set(["assign", "audit", "log"]);
    ids = new Set(
      survey.actions.filter(({ kind }) => !inStep.has(kind)).map(({ action }) => action.actionId),
    );
    known.set(survey, ids);
  }
  return ids;
}

/** The sets of states that lead to each other in a circle (strongly connected components; Tarjan 1972, without recursion). */
function circles(edges: readonly Edge[]): string[][] {
  const after = new Map<string, string[]>();
  for (const { from, to } of edges) after.set(from, [...(after.get(from) ?? []), to]);
  const number = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const found: string[][] = [];
  for (const root of after.keys()) {
    if (number.has(root)) continue;
    const open: { id: string; next: number }[] = [{ id: root, next: 0 }];
    while (open.length > 0) {
      const frame = open.at(-1);
      if (frame === undefined) break;
      const { id } = frame;
      if (frame.next === 0) {
        number.set(id, number.size);
        low.set(id, number.size - 1);
        stack.push(id);
        onStack.add(id);
      }
      const next = after.get(id)?.[frame.next];
      frame.next += 1;
      if (next !== undefined) {
        if (!number.has(next)) open.push({ id: next, next: 0 });
        else if (onStack.has(next)) low.set(id, Math.min(low.get(id) ?? 0, number.get(next) ?? 0));
        continue;
      }
      open.pop();
      const holder = open.at(-1)?.id;
      if (holder !== undefined) low.set(holder, Math.min(low.get(holder) ?? 0, low.get(id) ?? 0));
      if (low.get(id) !== number.get(id)) continue;
      const component = stack.splice(stack.lastIndexOf(id));
      for (const member of component) onStack.delete(member);
      if (component.length > 1 || after.get(id)?.includes(id) === true) found.push(component);
    }
  }
  return found;
}

function report(
  states: readonly string[],
  edges: readonly Edge[],
  severity: "error" | "warning",
): RuleFinding | undefined {
  const inside = edges.filter(({ from, to }) => states.includes(from) && states.includes(to));
  const [first] = inside;
  if (first === undefined) return undefined;
  const way =
    states.length === 1
      ? `"${states[0]}" to itself`
      : `in a circle through ${states.map((id) => `"${id}"`).join(", ")}`;
  const end = severity === "error" ? "and never stop" : "as long as their conditions hold";
  return finding(
    "AUTOMATIC_CYCLE",
    first.entry.pointer,
    `Automatic transitions lead ${states.length === 1 ? "from " : ""}${way} ${end}.`,
    {
      severity,
      hint: "Let one of these states wait for a person, a time or an action.",
    },
  );
}
