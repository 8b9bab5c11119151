import type { SchemaCompiler } from "../../model/schema-port.js";
import type { CanonicalDefinition } from "../definition-document.generated.js";
import { FINDING_KINDS, type FindingCode } from "../finding-codes.js";
import type { DefinitionSurvey } from "../survey/survey.js";

/** What a rule sees: the canonical definition, and what was found out about it once for all rules. */
export interface RuleContext {
  readonly definition: CanonicalDefinition;
  readonly survey: DefinitionSurvey;
  readonly schemas: SchemaCompiler;
  readonly impliedStateIds: readonly string[];
}

/** A finding by its place in the canonical definition; the author's place is looked up afterwards. */
export interface RuleFinding {
  readonly code: FindingCode;
  readonly severity: "error" | "warning";
  readonly pointer: string;
  /** Zero-based offset inside the string at `pointer`, where the matter is a part of it. */
  readonly offset?: number;
  readonly message: string;
  readonly hint?: string;
}

export type Rule = (context: RuleContext) => readonly RuleFinding[];

interface FindingDetails {
  readonly hint?: string | undefined;
  readonly offset?: number | undefined;
  /** Where the code may be either. */
  readonly severity?: "error" | "warning";
}

export function finding(
  code: FindingCode,
  pointer: string,
  message: string,
  { hint, offset, severity }: FindingDetails = {},
): RuleFinding {
  const declared = FINDING_KINDS[code].severity;
  return {
    code,
    severity: severity ?? (declared === "warning" ? "warning" : "error"),
    pointer,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(offset === undefined ? {} : { offset }),
  };
}
