import type { CanonicalDefinition } from "../../definition-document.generated.js";
import type { DefinitionSurvey } from "../../survey/survey.js";

/** Where `abort` goes: as declared; else the only error state; of several the one with id `error`; else nowhere. */
export function errorStateId(definition: CanonicalDefinition, survey: DefinitionSurvey): string | undefined {
  const declared = definition.globalErrorHandler?.errorState;
  if (declared !== undefined) return declared;
  const ids = (survey.scopes[0]?.states ?? [])
    .filter((entry) => entry.isError)
    .map(({ state }) => state.stateId);
  return ids.length === 1 ? ids[0] : ids.find((id) => id === "error");
}
