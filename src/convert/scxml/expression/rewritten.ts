/** What becomes of an ECMAScript expression. */
import type { ScxmlCode } from "../scxml-codes.js";

export type Rewritten =
  | {
      readonly kind: "expression";
      /** In the language of conditions. */
      readonly text: string;
      /** The data that it reads, by name. */
      readonly reads: ReadonlySet<string>;
    }
  /** ECMAScript itself would fail here, whenever it is evaluated: a syntax error, a name that nothing declares. */
  | { readonly kind: "certain-error"; readonly message: string }
  /** It would run in ECMAScript and cannot be said in the language of conditions. */
  | { readonly kind: "refused"; readonly code: ScxmlCode; readonly message: string };

/** Thrown inside the rewriting and caught at its entry. */
export class CannotRewrite extends Error {
  readonly outcome: Exclude<Rewritten, { readonly kind: "expression" }>;

  constructor(outcome: Exclude<Rewritten, { readonly kind: "expression" }>) {
    super(outcome.message);
    this.outcome = outcome;
  }
}

export function certainError(message: string): CannotRewrite {
  return new CannotRewrite({ kind: "certain-error", message });
}

export function notSayable(message: string, code: ScxmlCode = "SCXML_EXPRESSION"): CannotRewrite {
  return new CannotRewrite({ kind: "refused", code, message });
}
