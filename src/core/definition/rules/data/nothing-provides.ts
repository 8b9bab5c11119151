import type { ReferencePath } from "../../../expression/scope.js";
import { didYouMean } from "../../shape/nearest-name.js";
import type { TextPlace } from "../../survey/texts.js";
import { stateGraph } from "../graph/state-graph.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { dataProviders } from "./data-providers.js";

/**
 * What conditions and templates read of `data` can come from somewhere: a schema that declares it, an action that sets
 * it, or a state that takes anything and can have been visited by then. Told once a place.
 */
export const nothingProvides: Rule = ({ survey }) => {
  const providers = dataProviders(survey);
  const canHaveBrought = bringers(survey, providers.takersOfAnything);
  const findings: RuleFinding[] = [];
  const check = (
    references: readonly ReferencePath[],
    text: string | undefined,
    place: TextPlace,
    what: string,
  ) => {
    const told = new Set<string>();
    for (const [root, property] of references) {
      if (root !== "data" || property === undefined || told.has(property)) continue;
      told.add(property);
      if (providers.provides(property) || canHaveBrought(place.stateIds)) continue;
      const offset = text?.indexOf(`data.${property}`) ?? -1;
      findings.push(
        finding(
          "NOTHING_PROVIDES",
          place.pointer,
          `${place.label}: the ${what} reads data.${property}, which no schema declares and no action sets.`,
          { hint: didYouMean(property, providers.names), offset: offset === -1 ? undefined : offset },
        ),
      );
    }
  };
  for (const entry of survey.expressions) {
    check(entry.expression?.references ?? [], entry.source, entry, "condition");
  }
  for (const entry of survey.templates) {
    const { value } = entry;
    check(entry.template?.references ?? [], typeof value === "string" ? value : undefined, entry, "template");
  }
  return findings;
};

/** Tells whether a state that takes anything can have been visited when one of the given states is the current one. */
function bringers(
  survey: Parameters<typeof stateGraph>[0],
  takers: ReadonlySet<string>,
): (stateIds: readonly string[] | undefined) => boolean {
  if (takers.size === 0) return () => false;
  const visitedAfter = stateGraph(survey).seeing(takers);
  return (stateIds) => stateIds === undefined || stateIds.some((stateId) => visitedAfter.has(stateId));
}
