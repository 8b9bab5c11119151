/** What every part of a conversion shares: the chart, what is found, names that are free, and what expressions may name. */
import type { CanonicalDefinition } from "../../core/definition/definition-document.generated.js";
import type { ChartNames } from "./expression/chart-names.js";
import { rewriteExpression } from "./expression/rewrite-expression.js";
import type { Rewritten } from "./expression/rewritten.js";
import type { Alphabet } from "./map/event-descriptors.js";
import type { Names } from "./names.js";
import type { Chart } from "./read/chart.js";
import type { DataSurvey } from "./read/survey-data.js";
import type { Place, Report } from "./report.js";

export type State = CanonicalDefinition["states"][number];
export type Transition = CanonicalDefinition["transitions"][number];
export type Action = NonNullable<State["entryActions"]>[number];

export interface Conversion {
  readonly chart: Chart;
  readonly report: Report;
  readonly alphabet: Alphabet;
  readonly data: DataSurvey;
  readonly names: ChartNames;
  /** Ids of the states that can be entered. */
  readonly reached: ReadonlySet<string>;
  readonly stateIds: Names;
  readonly actionIds: Names;
  readonly transitionIds: Names;
  /** Names of data properties. */
  readonly properties: Names;
}

/** Rewrites an expression; what cannot be said becomes a finding that names the attribute. */
export function rewriteAt(conversion: Conversion, source: string, place: Place, what: string): Rewritten {
  const rewritten = rewriteExpression(source, conversion.names);
  if (rewritten.kind === "refused") {
    conversion.report.add(
      rewritten.code,
      place,
      `${what} (${shortened(source)}) cannot be converted: ${rewritten.message}`,
    );
  }
  return rewritten;
}

export function shortened(source: string): string {
  const line = source.trim().replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
