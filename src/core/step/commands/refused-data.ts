import type { DataProblem } from "../../data/data-rules.js";
import type { Rejection } from "../../message/answer.js";

/** A refusal that lists every violation with its path. */
export function refusedData(what: string, problem: DataProblem): { readonly rejection: Rejection } {
  const violations = problem.violations.map(({ path, message }) => ({ path, message }));
  const message = `${what}: ${violations.map((violation) => violation.message).join("; ")}`;
  return { rejection: { code: problem.code, message, violations } };
}
