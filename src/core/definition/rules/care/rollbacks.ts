/** Where strategies roll back, and how far. */
import { isJsonObject, type Json } from "../../../json/json.js";
import type { RuleContext } from "../rule.js";

export interface RollbackNamed {
  readonly rollbackTo: Json | undefined;
}

/** All of a definition. */
export function rollbacksIn({
  definition,
  survey,
}: Pick<RuleContext, "definition" | "survey">): RollbackNamed[] {
  return [
    definition.globalErrorHandler,
    definition.actionDefaults,
    ...survey.actions.map(({ action }) => action),
    ...survey.states.map(({ state }) => state.timeout),
  ].flatMap((holder) => rollbacksOf(holder as Json | undefined));
}

/** The rollbacks of `onError` and `onTimeout`: words, or objects with their settings. */
export function rollbacksOf(holder: Json | undefined): RollbackNamed[] {
  if (!isJsonObject(holder)) return [];
  return [holder.onError, holder.onTimeout]
    .flatMap((value): readonly Json[] =>
      Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value],
    )
    .flatMap((each) => {
      if (each === "rollback") return [{ rollbackTo: undefined }];
      return isJsonObject(each) && each.strategy === "rollback" ? [{ rollbackTo: each.rollbackTo }] : [];
    });
}
