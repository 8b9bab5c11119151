import type { ExpressionFault } from "../../../expression/scope.js";
import type { FindingCode } from "../../finding-codes.js";
import type { Rule } from "../rule.js";
import { finding } from "../rule.js";

/** Every condition can be compiled. */
export const expressionFaults: Rule = ({ survey }) =>
  survey.expressions.flatMap(({ faults, pointer, label }) =>
    faults.map((fault) =>
      finding(expressionCode("EXPRESSION", fault), pointer, `${label}: ${fault.message}`, fault),
    ),
  );

/** Every template can be compiled. */
export const templateFaults: Rule = ({ survey }) =>
  survey.templates.flatMap(({ faults, pointer, label }) =>
    faults.map((fault) =>
      finding(expressionCode("TEMPLATE", fault), pointer + fault.pointer, `${label}: ${fault.message}`, {
        hint: fault.hint,
        offset: fault.offset,
      }),
    ),
  );

function expressionCode(
  kind: "EXPRESSION" | "TEMPLATE",
  { code }: Pick<ExpressionFault, "code">,
): FindingCode {
  return `${kind}_${code}`;
}
