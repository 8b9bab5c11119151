import { didYouMean } from "../../shape/nearest-name.js";
import { dataProviders } from "../data/data-providers.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** `immutable` and `searchable` name properties that the data can have. */
export const unknownProperty: Rule = ({ definition, survey }) => {
  const providers = dataProviders(survey);
  if (providers.takersOfAnything.size > 0) return [];
  const findings: RuleFinding[] = [];
  for (const field of ["immutable", "searchable"] as const) {
    for (const [at, property] of (definition[field] ?? []).entries()) {
      if (providers.provides(property)) continue;
      findings.push(
        finding(
          "UNKNOWN_PROPERTY",
          `/${field}/${at}`,
          `The machine: "${field}" names the property "${property}", which no state's schema declares.`,
          { hint: didYouMean(property, providers.names) },
        ),
      );
    }
  }
  return findings;
};
