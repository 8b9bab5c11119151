import { isJsonObject } from "../../../json/json.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { type StateGraph, stateGraph } from "../graph/state-graph.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { declaredProperties } from "./data-providers.js";

/**
 * A final state is checked in full when it is entered. If only automatic and timed transitions lead into it, nobody can
 * bring data with the event, so what it requires must have come before: with an earlier state or by an action. (An
 * error state is entered whatever is missing, and events can bring what other states require.)
 */
export const requiresUnset: Rule = ({ survey }) => {
  const graph = stateGraph(survey);
  const findings: RuleFinding[] = [];
  for (const entry of survey.states) {
    const { state, pointer, label } = entry;
    const schema = state.data?.schema;
    if (!entry.isFinal || entry.isError || !isJsonObject(schema) || !Array.isArray(schema.required)) continue;
    const incoming = survey.transitions.filter(({ transition }) => transition.toStateId === state.stateId);
    const isEnteredFromOutside = incoming.some(
      ({ transition, isAutomatic }) =>
        (transition.event ?? []).some(({ trigger }) => trigger !== "automatic" && trigger !== "time-based") &&
        !(isAutomatic && transition.event === undefined),
    );
    if (incoming.length === 0 || isEnteredFromOutside) continue;
    const before = graph.seenBy(state.stateId);
    const settable = settableBefore(survey, before, state.stateId);
    if (settable === "anything") continue;
    for (const [at, property] of schema.required.entries()) {
      if (typeof property !== "string" || settable(property)) continue;
      findings.push(
        finding(
          "REQUIRES_UNSET",
          `${pointer}/data/schema/required/${at}`,
          `${label} requires "${property}", which nothing on a way to it can have set.`,
          { hint: `One such way: ${wayTo(graph, survey, state.stateId)}.` },
        ),
      );
    }
  }
  return findings;
};

function settableBefore(
  survey: DefinitionSurvey,
  before: ReadonlySet<string>,
  stateId: string,
): "anything" | ((property: string) => boolean) {
  const names = new Set<string>();
  const patterns: RegExp[] = [];
  for (const entry of survey.states) {
    if (!before.has(entry.state.stateId) || entry.state.stateId === stateId) continue;
    const declared = declaredProperties(entry);
    if (declared === "anything") return "anything";
    for (const name of declared.names) names.add(name);
    patterns.push(...declared.patterns);
  }
  for (const { action, stateIds } of survey.actions) {
    if (!stateIds.some((id) => before.has(id))) continue;
    for (const name of Object.keys({ ...action.assign, ...action.output })) names.add(name);
  }
  return (property) => names.has(property) || patterns.some((pattern) => pattern.test(property));
}

function wayTo(graph: StateGraph, survey: DefinitionSurvey, stateId: string): string {
  const starts = (survey.scopes[0]?.states ?? [])
    .filter(({ state }) => state.baseStateType === "initial")
    .map(({ state }) => state.stateId);
  return graph.path(starts, stateId).join(" → ");
}
