/** Texts of a definition that were compiled. */
import type { Json } from "../json/json.js";
import type { Scope, Value } from "./scope.js";

export interface Condition {
  readonly source: string;
  /** Strictly `true` holds; every other value does not. Throws `EvaluationError` when a limit is passed. */
  readonly holds: (scope: Scope) => boolean;
}

export interface ValueExpression {
  readonly source: string;
  /** Throws `EvaluationError`. */
  readonly evaluate: (scope: Scope) => Value;
}

export interface Template {
  /** The rendered value. Throws `EvaluationError` that names the path when a reference is absent. */
  readonly render: (scope: Scope) => Json;
}
